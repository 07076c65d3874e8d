package io.xinglin.explorer;

import io.xinglin.explorer.LogStandings.Standing;
import io.xinglin.ledger.Ledger;
import io.xinglin.ledger.LedgerStatus;
import io.xinglin.ledger.MemberHead;
import io.xinglin.ledger.MemberHeads;
import io.xinglin.log.Witnessed;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/// How this node is, and whether the members have the same ledger: first what is wrong, then everything.
@Controller
class StatusPages {
    private final Ledger ledger;
    private final MemberHeads heads;
    private final LogStandings standings;
    private final Witnessed witnessed;
    private final Tellings tellings;
    private final InstantSource clock;

    StatusPages(
            Ledger ledger,
            MemberHeads heads,
            LogStandings standings,
            Witnessed witnessed,
            Tellings tellings,
            InstantSource clock) {
        this.ledger = ledger;
        this.heads = heads;
        this.standings = standings;
        this.witnessed = witnessed;
        this.tellings = tellings;
        this.clock = clock;
    }

    /// A member in the list.
    ///
    /// @param state `ok`, `open`, `warn`, `bad` or `skipped`
    record Row(
            String id,
            String name,
            String state,
            String agreement,
            String block,
            String fingerprint,
            String entries,
            String anchored,
            String cosigned) {}

    /// A peer in the list.
    ///
    /// @param state `ok`, `warn` or `bad`
    /// @param says the state in words
    record PeerRow(String address, String state, String says, String ends) {}

    @GetMapping("/explorer/status")
    String status(Model model, Locale locale) {
        show(model, locale);
        return "explorer/status";
    }

    /// The part of the page that changes.
    @GetMapping("/explorer/status/newest")
    String newest(Model model, Locale locale) {
        show(model, locale);
        return "explorer/status :: now";
    }

    private void show(Model model, Locale locale) {
        var telling = tellings.in(locale);
        var words = telling.words();
        var now = clock.instant();
        var status = ledger.status();
        var latest = heads.latest();
        var channel = status.channel();
        model.addAttribute("at", words.clock(now));
        model.addAttribute("alarms", Alarms.of(status, latest, words, telling::name, now));
        model.addAttribute("engine", "status.engine." + status.engine().word());
        model.addAttribute("height", words.number(status.height()));
        model.addAttribute("conflicts", words.number(status.conflicts()));
        model.addAttribute(
                "last", status.lastBlock().map(it -> String.valueOf(it.number())).orElse(""));
        model.addAttribute("made", status.lastBlock().map(it -> it.time().toString()).orElse(""));
        model.addAttribute(
                "age", status.lastBlock().map(it -> words.ago(it.time(), now)).orElse(""));
        model.addAttribute("hash", status.lastBlock().map(LedgerStatus.LastBlock::hash).orElse(""));
        model.addAttribute("orders", channel.isEmpty());
        model.addAttribute("waiting", channel.map(it -> words.number(it.waiting())).orElse(""));
        model.addAttribute("underWay", channel.map(it -> words.number(it.underWay())).orElse(""));
        model.addAttribute(
                "certificate", channel.map(it -> ends(it.certificateEnds(), telling)).orElse(""));
        model.addAttribute(
                "peers",
                channel.map(LedgerStatus.Channel::peers).orElse(List.of()).stream()
                        .map(peer -> row(peer, telling))
                        .toList());
        model.addAttribute("rows", latest.stream().map(head -> row(head, telling)).toList());
    }

    private Row row(MemberHead head, Telling telling) {
        var words = telling.words();
        var none = words.say("now.none");
        var standing = ledger.member(head.member()).map(standings::of);
        return new Row(
                head.member().value(),
                telling.name(head.member()),
                switch (head.agreement()) {
                    case HERE, AGREES -> "ok";
                    case BEHIND -> "open";
                    case DIFFERS -> "bad";
                    case SILENT -> "warn";
                    case UNASKED -> "skipped";
                },
                words.say(
                        "status.agreement." + head.agreement().word(),
                        head.behind(),
                        words.number(head.behind())),
                head.number().map(words::number).orElse(none),
                head.hash().map(Fingerprint::of).orElse(none),
                standing.map(Standing::size).map(words::number).orElse(none),
                standing.flatMap(Standing::anchored)
                        .map(it -> words.number(it.anchor().size()))
                        .orElse(none),
                witnessed
                        .published(head.member())
                        .map(
                                it ->
                                        words.say(
                                                "status.cosigned.count",
                                                words.number(it.by().size()),
                                                words.number(it.asked())))
                        .orElse(none));
    }

    private PeerRow row(LedgerStatus.Peer peer, Telling telling) {
        var state = !peer.altered().isEmpty() ? "bad" : peer.answers() ? "ok" : "warn";
        return new PeerRow(
                peer.address(),
                state,
                telling.words().say("status.peer." + state),
                peer.certificateEnds()
                        .map(end -> ends(end, telling))
                        .orElseGet(() -> telling.words().say("now.none")));
    }

    private String ends(Instant end, Telling telling) {
        var words = telling.words();
        var days = Alarms.days(clock.instant(), end);
        return words.say("status.ends", days, words.number(days), words.day(end));
    }
}
