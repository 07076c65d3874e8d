package io.xinglin.sandbox;

import io.xinglin.contracts.MemberId;
import io.xinglin.sandbox.Target.Kind;
import io.xinglin.sandbox.Trial.Finding;
import io.xinglin.sandbox.Trial.Result;
import io.xinglin.tlog.Hash;
import io.xinglin.web.Words;
import java.text.NumberFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// Tells in one language what is on a copy and what the checks found.
record SandboxWords(Words words) {
    private static final int KEY_MAX = 44;
    private static final int FINDINGS_MAX = 6;
    private static final Pattern BLOCK = Pattern.compile("ledger .*?block (\\d+).*");

    /// What a check answered.
    ///
    /// @param who looked
    /// @param answer in a word or two
    /// @param millis how long it took
    /// @param findings what it found, at most a few
    record Answer(
            String who,
            String how,
            boolean sound,
            String answer,
            String millis,
            List<Told> findings) {}

    /// A finding.
    ///
    /// @param sentence for people
    /// @param line as `make fsck` prints it
    record Told(String sentence, String line) {}

    String name(MemberId member) {
        var name = Copy.name(member);
        return words.isChinese() ? name.zh() : name.en();
    }

    /// What can be changed, by its name.
    String name(Target target) {
        var number = String.valueOf(target.number());
        return switch (target.kind()) {
            case RECORD -> words.say("sandbox.name.record", owner(target), number);
            case ENTRY -> words.say("sandbox.name.entry", owner(target), number);
            case BUNDLE, TILE, CHECKPOINT ->
                    words.say("sandbox.name.file", owner(target), target.name());
            case BLOCK ->
                    words.say(
                            "sandbox.name.block",
                            number,
                            words.say("sandbox.column." + target.name()));
            case TRANSACTION -> words.say("sandbox.name.transaction", number);
            case FACT -> words.say("sandbox.name.fact", shortened(target.name()), number);
        };
    }

    private String owner(Target target) {
        return name(target.member().orElseThrow());
    }

    private static String shortened(String key) {
        return key.length() <= KEY_MAX ? key : key.substring(0, KEY_MAX - 1) + "…";
    }

    List<Answer> answers(Trial trial) {
        return trial.results().stream().map(this::answer).toList();
    }

    private Answer answer(Result result) {
        var kind =
                switch (result.check()) {
                    case Neighbour _ -> "neighbour";
                    default -> kind(result.check().name());
                };
        var who =
                result.check() instanceof Neighbour neighbour
                        ? words.say("sandbox.who.neighbour", name(neighbour.watcher()))
                        : words.say("sandbox.who." + kind);
        return new Answer(
                who,
                words.say("sandbox.how." + kind),
                result.isSound(),
                result.isSound()
                        ? words.say("sandbox.sound")
                        : words.say("sandbox.findings", result.findings().size()),
                millis(result.nanos()),
                result.findings().stream().limit(FINDINGS_MAX).map(this::told).toList());
    }

    private static String kind(String check) {
        return check.startsWith("sealed")
                ? "records"
                : check.startsWith("ledger") ? "ledger" : "logs";
    }

    private String millis(long nanos) {
        var format = NumberFormat.getNumberInstance(words.locale());
        format.setMaximumFractionDigits(nanos < 10_000_000 ? 1 : 0);
        return words.say("sandbox.millis", format.format(nanos / 1e6));
    }

    /// How long it took until the first of them noticed, all before it included.
    String until(Trial trial) {
        long nanos = 0;
        for (var result : trial.results()) {
            nanos += result.nanos();
            if (!result.isSound()) {
                break;
            }
        }
        return millis(nanos);
    }

    private Told told(Finding finding) {
        return new Told(sentence(finding.where()), finding.where() + ": " + finding.what());
    }

    private String sentence(String where) {
        for (var member : Copy.members()) {
            var log = "log " + member + " ";
            if (where.startsWith(log)) {
                return ofLog(where.substring(log.length()), name(member));
            }
            if (where.startsWith(member + " ")) {
                return words.say("sandbox.finding.record", name(member));
            }
        }
        var block = BLOCK.matcher(where);
        if (block.matches()) {
            var kind = where.startsWith("ledger transaction") ? "transaction" : "block";
            return words.say("sandbox.finding." + kind, block.group(1));
        }
        return words.say(
                where.startsWith("ledger state")
                        ? "sandbox.finding.fact"
                        : "sandbox.finding.other");
    }

    private String ofLog(String where, String name) {
        var kind =
                where.startsWith("tile/entries")
                        ? "bundle"
                        : where.startsWith("tile/")
                                ? "tile"
                                : where.startsWith("checkpoint") ? "checkpoint" : "anchor";
        return words.say("sandbox.finding." + kind, name);
    }

    /// Which leaf of the tree the byte belongs to, or -1.
    static int leaf(Target target, int at, byte[] content) {
        return switch (target.kind()) {
            case ENTRY -> (int) target.number();
            case TILE -> target.name().startsWith("tile/0/") ? at / Hash.LENGTH : -1;
            case BUNDLE -> entryAt(content, at);
            case RECORD, CHECKPOINT, BLOCK, TRANSACTION, FACT -> -1;
        };
    }

    /// Entries lie one behind the other, each behind its length in two bytes.
    private static int entryAt(byte[] bundle, int at) {
        var index = 0;
        for (var start = 0; start + 2 <= bundle.length; index++) {
            start += 2 + (((bundle[start] & 0xff) << 8) | (bundle[start + 1] & 0xff));
            if (at < start) {
                break;
            }
        }
        return index;
    }

    static String slug(Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }
}
