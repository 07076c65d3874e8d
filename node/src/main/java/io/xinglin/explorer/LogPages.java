package io.xinglin.explorer;

import io.xinglin.explorer.LogStandings.Standing;
import io.xinglin.ledger.Blocks;
import io.xinglin.ledger.Blocks.Anchored;
import io.xinglin.ledger.Ledger;
import io.xinglin.log.LogStatus;
import io.xinglin.log.Logs;
import io.xinglin.log.Witnessed;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;

/// The logs of the members, and what the ledger holds them to.
@Controller
class LogPages {
    private static final int ANCHORS = 20;
    private static final int EVIDENCE = 20;

    private final Ledger ledger;
    private final Blocks blocks;
    private final LogStandings standings;
    private final Logs logs;
    private final Witnessed witnessed;
    private final Tellings tellings;
    private final InstantSource clock;

    LogPages(
            Ledger ledger,
            Blocks blocks,
            LogStandings standings,
            Logs logs,
            Witnessed witnessed,
            Tellings tellings,
            InstantSource clock) {
        this.ledger = ledger;
        this.blocks = blocks;
        this.standings = standings;
        this.logs = logs;
        this.witnessed = witnessed;
        this.tellings = tellings;
        this.clock = clock;
    }

    /// A piece of evidence against a log.
    ///
    /// @param verdict `proved` or `unproved`
    record Accusation(String name, String verdict, String moment, String first, String second) {}

    private List<Accusation> accusations(Telling telling) {
        return logs.evidence(EVIDENCE).stream()
                .map(
                        it ->
                                new Accusation(
                                        telling.name(it.member()),
                                        it.judgement().name().toLowerCase(Locale.ROOT),
                                        telling.words().moment(it.foundAt()),
                                        it.pair().first().toString(),
                                        it.pair().second().toString()))
                .toList();
    }

    /// A log in the list.
    ///
    /// @param state `anchored`, `waiting`, `empty` or `elsewhere`
    record Row(
            String id, String name, String entries, String signed, String anchored, String state) {}

    @GetMapping("/explorer/logs")
    String logs(Model model, Locale locale) {
        listed(model, locale);
        return "explorer/logs";
    }

    /// The part of the list that changes when a log is signed.
    @GetMapping("/explorer/logs/newest")
    String newest(Model model, Locale locale) {
        listed(model, locale);
        return "explorer/logs :: list";
    }

    private void listed(Model model, Locale locale) {
        var telling = tellings.in(locale);
        model.addAttribute("accusations", accusations(telling));
        model.addAttribute(
                "rows", standings.all().stream().map(standing -> row(standing, telling)).toList());
    }

    private Row row(Standing standing, Telling telling) {
        var words = telling.words();
        return new Row(
                standing.member().id().value(),
                telling.name(standing.member()),
                words.number(standing.size()),
                signed(standing, telling),
                standing.anchored()
                        .map(it -> words.say("blocks.block", String.valueOf(it.block())))
                        .orElseGet(() -> words.say("now.none")),
                state(standing));
    }

    private String signed(Standing standing, Telling telling) {
        var words = telling.words();
        return standing.status()
                .map(status -> words.ago(status.signedAt(), clock.instant()))
                .orElseGet(() -> words.say("members.elsewhere"));
    }

    private static String state(Standing standing) {
        if (standing.size() == 0) {
            return "empty";
        }
        if (standing.status().isEmpty()) {
            return "elsewhere";
        }
        return standing.anchored().filter(it -> it.anchor().size() >= standing.size()).isPresent()
                ? "anchored"
                : "waiting";
    }

    /// An anchor in the list.
    record AnchorRow(
            String size, String more, String root, String block, String instant, String moment) {}

    @GetMapping("/explorer/logs/{id}")
    String log(@PathVariable String id, Model model, Locale locale) {
        shown(id, model, locale);
        return "explorer/log";
    }

    /// The part of the page that changes when the log is signed.
    @GetMapping("/explorer/logs/{id}/newest")
    String newestOf(@PathVariable String id, Model model, Locale locale) {
        shown(id, model, locale);
        return "explorer/log :: standing";
    }

    private void shown(String id, Model model, Locale locale) {
        var member = MemberPages.id(id).flatMap(ledger::member).orElseThrow(MemberPages::unknown);
        var telling = tellings.in(locale);
        var words = telling.words();
        var standing = standings.of(member);
        model.addAttribute("id", member.id().value());
        model.addAttribute("name", telling.name(member));
        model.addAttribute("url", member.log().url());
        model.addAttribute("vkey", member.log().vkey());
        model.addAttribute("origin", member.log().origin());
        model.addAttribute("state", state(standing));
        model.addAttribute("count", standing.size());
        model.addAttribute("entries", words.number(standing.size()));
        model.addAttribute("signed", signed(standing, telling));
        model.addAttribute("note", standing.status().map(LogStatus::note).orElse(""));
        model.addAttribute("root", standing.status().map(it -> it.root().toString()).orElse(""));
        var cosigned = witnessed.published(member.id());
        model.addAttribute(
                "witnesses",
                cosigned.map(it -> it.by().keySet().stream().map(telling::name).toList())
                        .orElse(List.of()));
        model.addAttribute(
                "witnessed",
                cosigned.map(
                                it ->
                                        words.say(
                                                "log.witnesses.count",
                                                words.number(it.by().size()),
                                                words.number(it.asked()),
                                                words.number(it.needed())))
                        .orElse(""));
        model.addAttribute("anchors", rows(blocks.anchors(member.id(), ANCHORS), telling));
    }

    private static List<AnchorRow> rows(List<Anchored> anchors, Telling telling) {
        var words = telling.words();
        var rows = new ArrayList<AnchorRow>();
        for (var i = 0; i < anchors.size(); i++) {
            var anchored = anchors.get(i);
            var size = anchored.anchor().size();
            var before = i + 1 < anchors.size() ? anchors.get(i + 1).anchor().size() : -1;
            rows.add(
                    new AnchorRow(
                            words.number(size),
                            before < 0 ? "" : "+" + words.number(size - before),
                            anchored.anchor().root(),
                            String.valueOf(anchored.block()),
                            anchored.time().toString(),
                            words.moment(anchored.time())));
        }
        return rows;
    }
}
