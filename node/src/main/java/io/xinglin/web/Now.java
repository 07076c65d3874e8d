package io.xinglin.web;

import io.xinglin.contracts.MemberRole;
import io.xinglin.web.Snapshot.Log;
import io.xinglin.web.Snapshot.Standing;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// A [Snapshot] in the words of one language, ready to be printed.
///
/// @param at the time of day it was taken
record Now(String at, List<Figure> figures, List<Row> rows, List<Line> lines) {
    private static final Set<String> KNOWN_FACTS =
            Set.of(
                    "membership.found",
                    "membership.join",
                    "membership.update",
                    "keys.register",
                    "keys.rotate",
                    "keys.revoke",
                    "consent.grant",
                    "consent.withdraw",
                    "anchor.checkpoint");

    /// A number and what it counts.
    record Figure(String value, String label) {}

    /// A member.
    ///
    /// @param also its name in the other language
    record Row(
            String name,
            String also,
            String alsoLanguage,
            List<String> roles,
            String entries,
            String signed,
            List<Link> links) {}

    /// Something that happened, and where to see it.
    record Line(String instant, String age, List<String> sentences, Link link) {}

    /// Where one can go. The id lets focus survive a refresh.
    record Link(String id, String address, String label) {}

    static Now of(Snapshot snapshot, Words words) {
        var now = snapshot.at();
        return new Now(
                words.clock(now),
                figures(snapshot, words),
                snapshot.standings().stream().map(s -> row(s, now, words)).toList(),
                snapshot.happenings().stream().map(h -> line(h, now, words)).toList());
    }

    private static List<Figure> figures(Snapshot snapshot, Words words) {
        var logs = snapshot.standings().stream().flatMap(s -> s.log().stream()).toList();
        var members = snapshot.standings().size();
        var entries = logs.stream().mapToLong(Log::size).sum();
        var height = snapshot.height();
        var signed =
                logs.stream()
                        .map(Log::signed)
                        .max(Comparator.naturalOrder())
                        .map(at -> words.span(at, snapshot.at()))
                        .map(span -> new Figure(span, words.say("now.checkpoint")))
                        .orElseGet(() -> nothing(words, "now.checkpoint.none"));
        return List.of(
                new Figure(words.number(members), words.say("now.members", members)),
                new Figure(words.number(entries), words.say("now.entries", entries)),
                new Figure(words.number(height), words.say("now.blocks", height)),
                signed);
    }

    private static Figure nothing(Words words, String label) {
        return new Figure(words.say("now.none"), words.say(label));
    }

    private static Row row(Standing standing, Instant now, Words words) {
        var member = standing.member();
        var zh = member.name().zh();
        var en = member.name().en();
        var chinese = words.locale().getLanguage().equals(Locale.CHINESE.getLanguage());
        var name = chinese ? zh : en;
        return new Row(
                name,
                chinese ? en : zh,
                chinese ? "en" : "zh-CN",
                member.roles().stream()
                        .map(MemberRole::word)
                        .map(role -> words.say("role." + role))
                        .toList(),
                standing.log().map(l -> words.number(l.size())).orElse(words.say("now.none")),
                standing.log()
                        .map(l -> words.ago(l.signed(), now))
                        .orElse(words.say("members.elsewhere")),
                List.of(
                        new Link(
                                "log-" + member.id(),
                                member.log().url() + "/checkpoint",
                                words.say("members.open.checkpoint")),
                        new Link(
                                "fhir-" + member.id(),
                                member.fhir() + "/metadata",
                                words.say("members.open.fhir"))));
    }

    private static Line line(Happening happening, Instant now, Words words) {
        var first = String.valueOf(happening.first());
        var last = String.valueOf(happening.last());
        var count = happening.last() - happening.first() + 1;
        var link =
                count == 1
                        ? new Link(
                                "block-" + first,
                                "/explorer/blocks/" + first,
                                words.say("blocks.block", first))
                        : new Link(
                                "block-" + first,
                                "/explorer/blocks?before=" + (happening.last() + 1),
                                words.say("blocks.blocks", first, last));
        return new Line(
                happening.time().toString(),
                words.ago(happening.time(), now),
                happening.facts().entrySet().stream()
                        .map(fact -> words.say(key(fact.getKey()), fact.getValue()))
                        .toList(),
                link);
    }

    private static String key(String function) {
        return "fact." + (KNOWN_FACTS.contains(function) ? function : "other");
    }
}
