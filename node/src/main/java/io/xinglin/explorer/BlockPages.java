package io.xinglin.explorer;

import io.xinglin.contracts.SignedTransaction;
import io.xinglin.contracts.TransactionId;
import io.xinglin.ledger.Blocks;
import io.xinglin.ledger.Ledger;
import io.xinglin.ledger.TransactionView;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// The chain: its blocks, one block, one transaction.
@Controller
class BlockPages {
    private static final int ROWS = 20;
    private static final int TRANSACTIONS = 50;
    private static final JsonMapper PRETTY =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private final Ledger ledger;
    private final Blocks blocks;
    private final Tellings tellings;
    private final InstantSource clock;

    BlockPages(Ledger ledger, Blocks blocks, Tellings tellings, InstantSource clock) {
        this.ledger = ledger;
        this.blocks = blocks;
        this.tellings = tellings;
        this.clock = clock;
    }

    @GetMapping("/explorer/blocks")
    String blocks(
            @RequestParam(required = false) @Nullable Long before, Model model, Locale locale) {
        listed(before, model, locale);
        return "explorer/blocks";
    }

    /// The part of the list that changes when a block comes.
    @GetMapping("/explorer/blocks/newest")
    String newest(Model model, Locale locale) {
        listed(null, model, locale);
        return "explorer/blocks :: list";
    }

    private void listed(@Nullable Long before, Model model, Locale locale) {
        var height = ledger.height();
        var end = before == null ? height : Math.clamp(before, 0, height);
        var rows = BlockRow.before(end, ROWS, blocks, tellings.in(locale), clock.instant());
        var first = Math.max(0, end - ROWS);
        model.addAttribute("rows", rows);
        model.addAttribute("live", end == height);
        model.addAttribute("newer", end < height ? String.valueOf(end + ROWS) : "");
        model.addAttribute("older", first > 0 ? String.valueOf(first) : "");
        model.addAttribute("last", String.valueOf(end - 1));
        model.addAttribute("first", String.valueOf(first));
    }

    /// A block beside the one that is shown.
    ///
    /// @param named what it says about the one before it
    record Link(String number, String fingerprint, String named) {
        static Link of(Blocks.Head head) {
            return new Link(
                    String.valueOf(head.number()),
                    Fingerprint.of(head.hash()),
                    Fingerprint.of(head.previousHash()));
        }
    }

    /// A transaction in its block.
    record Line(String index, String id, String fingerprint, String sentence, String validity) {}

    @GetMapping("/explorer/blocks/{number:\\d{1,18}}")
    String block(
            @PathVariable long number,
            @RequestParam(defaultValue = "0") int from,
            Model model,
            Locale locale) {
        var head = blocks.head(number).orElseThrow(BlockPages::unknown);
        var telling = tellings.in(locale);
        var start = Math.clamp(from, 0, Math.max(0, head.transactions() - 1));
        model.addAttribute("block", head);
        model.addAttribute("number", String.valueOf(number));
        model.addAttribute("seal", blocks.seal(number).orElseThrow(BlockPages::unknown));
        model.addAttribute("moment", telling.words().moment(head.time()));
        model.addAttribute("age", telling.words().ago(head.time(), clock.instant()));
        model.addAttribute("chain", chain(number));
        model.addAttribute(
                "lines",
                blocks.transactions(number, start, TRANSACTIONS).stream()
                        .map(transaction -> line(transaction, telling))
                        .toList());
        model.addAttribute("start", start);
        model.addAttribute("next", start + TRANSACTIONS);
        model.addAttribute("previousStart", Math.max(0, start - TRANSACTIONS));
        model.addAttribute(
                "stateBefore",
                blocks.head(number - 1)
                        .map(before -> Fingerprint.of(before.stateDigest()))
                        .orElse(""));
        model.addAttribute("state", Fingerprint.of(head.stateDigest()));
        return "explorer/block";
    }

    private List<Link> chain(long number) {
        return Stream.of(number - 1, number, number + 1)
                .map(blocks::head)
                .flatMap(Optional::stream)
                .map(Link::of)
                .toList();
    }

    private static Line line(TransactionView transaction, Telling telling) {
        return new Line(
                String.valueOf(transaction.index()),
                transaction.id(),
                Fingerprint.of(transaction.id()),
                telling.sentence(transaction),
                transaction.validity());
    }

    @GetMapping("/explorer/transactions/{id}")
    String transaction(@PathVariable String id, Model model, Locale locale) {
        var found = id(id).flatMap(blocks::transaction).orElseThrow(BlockPages::unknown);
        var telling = tellings.in(locale);
        var words = telling.words();
        var signed = SignedTransaction.parse(found.jws());
        model.addAttribute("transaction", found);
        model.addAttribute("number", String.valueOf(found.block()));
        model.addAttribute("place", words.number(found.index() + 1L));
        model.addAttribute("sentence", telling.sentence(found));
        model.addAttribute("facts", telling.facts(signed));
        model.addAttribute("silence", Telling.silence(signed.command()));
        model.addAttribute("owner", telling.owner(signed.signer()));
        model.addAttribute("moment", words.moment(found.time()));
        model.addAttribute("age", words.ago(found.time(), clock.instant()));
        model.addAttribute("arguments", pretty(found.arguments()));
        return "explorer/transaction";
    }

    private static String pretty(String json) {
        return PRETTY.writeValueAsString(PRETTY.readTree(json));
    }

    private static Optional<TransactionId> id(String text) {
        try {
            return Optional.of(new TransactionId(text));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static ResponseStatusException unknown() {
        return new ResponseStatusException(HttpStatus.NOT_FOUND);
    }
}
