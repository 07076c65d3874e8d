package io.xinglin.explorer;

import io.xinglin.log.Examination;
import io.xinglin.log.Examination.Anchorage;
import io.xinglin.tlog.Hash;
import io.xinglin.tlog.Verification;
import io.xinglin.web.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The examination of a receipt in the words of one language.
///
/// @param valid whether `xinglin verify` says so
/// @param title the answer
/// @param text what it means
/// @param steps how it comes about
/// @param statement what the entry says
/// @param climb the hashes from the leaf to the root
/// @param command what checks it offline
record ReceiptCheck(
        boolean valid,
        String title,
        String text,
        List<Step> steps,
        Map<String, String> statement,
        List<Rung> climb,
        String command) {
    /// One step.
    ///
    /// @param state `ok`, `bad`, `open` (nothing wrong, nothing proved) or `skipped`
    record Step(String state, String title, String text, String detail, String link) {}

    /// A hash on the way up.
    record Rung(String label, String hash) {}

    static ReceiptCheck unreadable(String why, Words words) {
        return new ReceiptCheck(
                false,
                words.say("receipt.invalid"),
                words.say("receipt.failed", words.say("receipt.step.read")),
                List.of(
                        new Step(
                                "bad",
                                words.say("receipt.step.read"),
                                words.say("receipt.step.read.bad"),
                                why,
                                "")),
                Map.of(),
                List.of(),
                "");
    }

    static ReceiptCheck of(Examination found, Telling telling) {
        return new Teller(found, telling).tell();
    }

    private static final class Teller {
        private final Examination found;
        private final Telling telling;
        private final Words words;
        private final List<Step> steps = new ArrayList<>();

        Teller(Examination found, Telling telling) {
            this.found = found;
            this.telling = telling;
            this.words = telling.words();
        }

        ReceiptCheck tell() {
            var size = found.head().size();
            var name = found.member().map(telling::name).orElse(found.head().origin());
            step(true, "read", "", "");
            step(true, "entry", found.entry(), "");
            step(
                    found.member().isPresent(),
                    "log",
                    found.head().origin(),
                    found.member().map(it -> "/explorer/logs/" + it.id()).orElse(""),
                    name);
            var signed = found.signature() instanceof Verification.Valid;
            if (found.member().isPresent()) {
                step(signed, "signature", String.join(", ", found.signers()), "", name);
            } else {
                skip("signature");
            }
            var inside = found.index() < size.value();
            step(inside, "place", "", "", words.number(found.index()), words.number(size.value()));
            if (inside) {
                step(
                        found.inclusion() instanceof Verification.Valid,
                        "path",
                        found.head().root().toString(),
                        "",
                        found.climb().size() - 1);
            } else {
                skip("path");
            }
            witnesses();
            anchorage();
            return new ReceiptCheck(
                    isValid(),
                    words.say(isValid() ? "receipt.valid" : "receipt.invalid"),
                    isValid()
                            ? words.say(
                                    "receipt.valid.text",
                                    name,
                                    words.number(found.index()),
                                    words.number(size.value()))
                            : words.say("receipt.failed", failed()),
                    steps,
                    found.statement(),
                    rungs(found.climb()),
                    found.member()
                            .map(
                                    it ->
                                            "bin/xinglin verify FILE.tlog-proof \\\n  --vkey '"
                                                    + it.log().vkey()
                                                    + "'")
                            .orElse(""));
        }

        /// A contradicted anchor spoils a receipt that is valid by itself: the log has shown two histories.
        private boolean isValid() {
            return found.verdict() instanceof Verification.Valid
                    && !(found.anchorage() instanceof Anchorage.Contradicted);
        }

        private String failed() {
            return steps.stream()
                    .filter(step -> step.state().equals("bad"))
                    .map(Step::title)
                    .findFirst()
                    .orElseGet(() -> words.say("receipt.step.path"));
        }

        private void witnesses() {
            found.cosigned()
                    .ifPresentOrElse(
                            cosigned ->
                                    add(
                                            cosigned.isEnough() ? "ok" : "open",
                                            "witnesses",
                                            "",
                                            "",
                                            cosigned.by().size(),
                                            words.number(cosigned.asked()),
                                            String.join(
                                                    words.say("list.comma"),
                                                    cosigned.by().keySet().stream()
                                                            .map(telling::name)
                                                            .toList()),
                                            words.number(cosigned.needed())),
                            () -> skip("witnesses"));
        }

        private void anchorage() {
            switch (found.anchorage()) {
                case Anchorage.Covered(var by) ->
                        add(
                                "ok",
                                "anchor",
                                "",
                                "/explorer/blocks/" + by.block(),
                                String.valueOf(by.block()),
                                words.moment(by.time()),
                                words.number(by.anchor().size()));
                case Anchorage.Contradicted(var by) ->
                        add(
                                "bad",
                                "anchor",
                                by.anchor().root(),
                                "/explorer/blocks/" + by.block(),
                                String.valueOf(by.block()));
                case Anchorage.NotYet() -> add("open", "anchor", "", "");
                case Anchorage.Unknown() -> skip("anchor");
            }
        }

        private void step(
                boolean right, String name, String detail, String link, Object... arguments) {
            add(right ? "ok" : "bad", name, detail, link, arguments);
        }

        private void skip(String name) {
            add("skipped", name, "", "");
        }

        private void add(
                String state, String name, String detail, String link, Object... arguments) {
            steps.add(
                    new Step(
                            state,
                            words.say("receipt.step." + name),
                            words.say("receipt.step." + name + "." + state, arguments),
                            detail,
                            link));
        }

        private List<Rung> rungs(List<Hash> climb) {
            var rungs = new ArrayList<Rung>();
            for (var i = 0; i < climb.size(); i++) {
                rungs.add(
                        new Rung(
                                i == 0 ? words.say("receipt.leaf") : words.say("receipt.level", i),
                                climb.get(i).toString()));
            }
            return rungs;
        }
    }
}
