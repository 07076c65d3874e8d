package io.xinglin.web;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// A [Snapshot] in the words of one language, ready to be printed.
///
/// @param at the time of day it was taken
record Now(String at, List<Figure> figures, List<Row> rows, List<Happening> happenings) {
    private static final Set<String> FACTS =
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
    record Row(
            String name,
            String also,
            String alsoLanguage,
            List<String> roles,
            String entries,
            String signed,
            List<Link> links) {}

    /// Where one can go. The id lets focus survive a refresh.
    record Link(String id, String address, String label) {}

    /// What a block brought.
    record Happening(
            String id, String instant, String age, String words, String address, String label) {}

    static Now of(Snapshot snapshot, Words words) {
        return new Now(
                words.clock(snapshot.at()),
                figures(snapshot, words),
                snapshot.members().stream().map(m -> row(m, snapshot.at(), words)).toList(),
                snapshot.blocks().stream().map(b -> happening(b, snapshot.at(), words)).toList());
    }

    private static List<Figure> figures(Snapshot snapshot, Words words) {
        var logs = snapshot.members().stream().flatMap(m -> m.log().stream()).toList();
        long entries = logs.stream().mapToLong(Snapshot.Log::size).sum();
        Optional<Instant> signed =
                logs.stream().flatMap(l -> l.signed().stream()).max(Comparator.naturalOrder());
        int members = snapshot.members().size();
        return List.of(
                new Figure(words.number(members), words.say("now.members", members)),
                new Figure(words.number(entries), words.say("now.entries", entries)),
                new Figure(
                        words.number(snapshot.height()),
                        words.say("now.blocks", snapshot.height())),
                signed.map(
                                at ->
                                        new Figure(
                                                words.span(at, snapshot.at()),
                                                words.say("now.checkpoint")))
                        .orElseGet(
                                () ->
                                        new Figure(
                                                words.say("now.none"),
                                                words.say("now.checkpoint.none"))));
    }

    private static Row row(Snapshot.Organisation member, Instant now, Words words) {
        boolean chinese = words.locale().getLanguage().equals(Locale.CHINESE.getLanguage());
        var log = member.log();
        return new Row(
                chinese ? member.zh() : member.en(),
                chinese ? member.en() : member.zh(),
                chinese ? "en" : "zh-CN",
                member.roles().stream().map(role -> words.say("role." + role)).toList(),
                log.map(l -> words.number(l.size())).orElse(words.say("now.none")),
                log.map(
                                l ->
                                        l.signed()
                                                .map(at -> words.ago(at, now))
                                                .orElse(words.say("members.checkpoint.none")))
                        .orElse(words.say("members.elsewhere")),
                List.of(
                        new Link(
                                "log-" + member.id(),
                                member.logUrl() + "/checkpoint",
                                words.say("members.open.checkpoint")),
                        new Link(
                                "fhir-" + member.id(),
                                member.fhir() + "/metadata",
                                words.say("members.open.fhir"))));
    }

    private static Happening happening(Snapshot.Block block, Instant now, Words words) {
        var number = String.valueOf(block.number());
        return new Happening(
                "block-" + number,
                block.time().toString(),
                words.ago(block.time(), now),
                sentence(block, words),
                "/ledger/blocks/" + number,
                words.say("blocks.block", number));
    }

    private static String sentence(Snapshot.Block block, Words words) {
        var facts = new ArrayList<String>();
        block.facts()
                .forEach(
                        (function, count) ->
                                facts.add(
                                        words.say(
                                                FACTS.contains(function)
                                                        ? "fact." + function
                                                        : "fact.other",
                                                count)));
        if (block.refused() > 0) {
            facts.add(words.say("fact.invalid", block.refused()));
        }
        return facts.stream()
                .collect(Collectors.joining(words.say("fact.and"), "", words.say("fact.end")));
    }
}
