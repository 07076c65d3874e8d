package io.xinglin.explorer;

import io.xinglin.ledger.Blocks;
import io.xinglin.ledger.Ledger;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/// Where one begins to look: the box to search with, the end of the chain, and the ways on.
@Controller
class ExplorerPage {
    private static final int CHAIN = 4;
    private static final int NEWEST = 8;

    private final Ledger ledger;
    private final Blocks blocks;
    private final LogStandings standings;
    private final Tellings tellings;
    private final InstantSource clock;

    ExplorerPage(
            Ledger ledger,
            Blocks blocks,
            LogStandings standings,
            Tellings tellings,
            InstantSource clock) {
        this.ledger = ledger;
        this.blocks = blocks;
        this.standings = standings;
        this.tellings = tellings;
        this.clock = clock;
    }

    /// A number and what it counts.
    record Figure(String value, String label) {}

    @GetMapping("/explorer")
    String explorer(Model model, Locale locale) {
        show(model, locale);
        return "explorer/explorer";
    }

    /// The part of the page that changes.
    @GetMapping("/explorer/newest")
    String newest(Model model, Locale locale) {
        show(model, locale);
        return "explorer/newest :: newest";
    }

    private void show(Model model, Locale locale) {
        var telling = tellings.in(locale);
        var words = telling.words();
        var now = clock.instant();
        var height = ledger.height();
        var rows = BlockRow.before(height, NEWEST, blocks, telling, now);
        var transactions = blocks.transactions();
        var members = ledger.members().size();
        var entries = standings.all().stream().mapToLong(LogStandings.Standing::size).sum();
        model.addAttribute("rows", rows);
        model.addAttribute("chain", rows.stream().limit(CHAIN).toList().reversed());
        model.addAttribute("at", words.clock(now));
        model.addAttribute(
                "figures",
                List.of(
                        new Figure(words.number(height), words.say("now.blocks", height)),
                        new Figure(
                                words.number(transactions),
                                words.say("explorer.transactions", transactions)),
                        new Figure(words.number(members), words.say("now.members", members)),
                        new Figure(words.number(entries), words.say("now.entries", entries))));
    }
}
