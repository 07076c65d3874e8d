package io.xinglin.records;

import io.xinglin.consent.AccessDecision.Permit;
import io.xinglin.consent.RecordCategory;
import io.xinglin.identity.Caller;
import io.xinglin.records.AccessEvent.Interaction;
import io.xinglin.records.Compartment.Owner;
import io.xinglin.records.EverythingQuery.After;
import io.xinglin.records.Reader.Answer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/// Answers `$summary` with an International Patient Summary: what matters most of a record, as far as the reader may see it.
///
/// What a consent leaves out reads as what is not known. Who the patient is must be permitted, for a summary of nobody is none.
///
/// @spec https://hl7.org/fhir/uv/ips/ International Patient Summary
@Component
class Summaries {
    private static final int CHUNK = 500;

    /// So many of one section, the newest.
    private static final int ENTRIES_MAX = 200;

    /// Medications, organisations and people whom an entry names, and what those are parts of.
    private static final int ROUNDS_MAX = 2;

    private final RecordTable records;
    private final SearchTable table;
    private final Unsealing unsealing;
    private final Permissions permissions;
    private final TransactionTemplate transaction;

    Summaries(
            RecordTable records,
            SearchTable table,
            Unsealing unsealing,
            Permissions permissions,
            TransactionTemplate transaction) {
        this.records = records;
        this.table = table;
        this.unsealing = unsealing;
        this.permissions = permissions;
        this.transaction = transaction;
    }

    /// What a summary is made of.
    ///
    /// @param sections what is in each that has something
    /// @param named what that refers to outside of any record
    record Content(Match patient, Map<SummarySection, List<Match>> sections, List<Match> named) {}

    Answer<Content> of(Caller caller, ResourceId patient) {
        var answer = transaction.execute(_ -> answer(caller, patient));
        if (answer == null) {
            throw new IllegalStateException("it has an answer");
        }
        return answer;
    }

    private Answer<Content> answer(Caller caller, ResourceId patient) {
        Permissions.guard(caller, patient.custodian());
        var owner = new Owner(patient.custodian(), patient.id());
        var query = EverythingQuery.of(Optional.of(SummarySection.allTypes()), Optional.empty());
        var asked = new HashSet<>(query.categories());
        asked.add(RecordCategory.DEMOGRAPHICS);
        var permit = permissions.of(caller, owner, Interaction.SUMMARY, patient.type(), asked);
        if (permit.isEmpty()) {
            return new Answer.Refused<>();
        }
        var there = records.current(patient).filter(row -> !row.deleted());
        if (there.isEmpty() && Permissions.isInsider(caller)) {
            return new Answer.Missing<>();
        }
        if (there.filter(row -> row.isCoveredBy(permit.get())).isEmpty()) {
            permissions.refused(caller, owner.patient(), Interaction.SUMMARY, patient.type());
            return new Answer.Refused<>();
        }
        var sections = sections(owner, query, permit.get());
        var first = unsealing.open(List.of(there.get())).getFirst();
        var shown =
                Stream.concat(
                                Stream.of(first),
                                sections.values().stream().flatMap(List::stream).distinct())
                        .toList();
        permissions.disclosed(
                caller,
                owner,
                Interaction.SUMMARY,
                patient.type(),
                permit.get(),
                shown.stream().map(one -> one.row().id().reference()).toList());
        return new Answer.Found<>(new Content(first, sections, named(owner, shown)));
    }

    private Map<SummarySection, List<Match>> sections(
            Owner owner, EverythingQuery query, Permit permit) {
        var all = new ArrayList<Match>();
        var at = After.BEGIN;
        while (true) {
            var rows = table.record(owner, query, permit, at, CHUNK);
            unsealing.open(rows).stream()
                    .filter(one -> one.row().isCoveredBy(permit))
                    .filter(one -> !one.version().isDeletion())
                    .forEach(all::add);
            if (rows.size() < CHUNK) {
                break;
            }
            at = After.of(rows.getLast());
        }
        var sections = new LinkedHashMap<SummarySection, List<Match>>();
        for (var section : SummarySection.values()) {
            var some = section.of(all, ENTRIES_MAX);
            if (!some.isEmpty()) {
                sections.put(section, some);
            }
        }
        return sections;
    }

    private List<Match> named(Owner owner, List<Match> shown) {
        var known = new HashSet<String>();
        var named = new ArrayList<Match>();
        var of = shown;
        for (var round = 0; round < ROUNDS_MAX; round++) {
            var references =
                    of.stream()
                            .flatMap(one -> references(one).stream())
                            .filter(one -> R4.isDirectory(Lookup.type(one)))
                            .filter(known::add)
                            .toList();
            of =
                    unsealing.open(table.named(owner.custodian(), references)).stream()
                            .filter(one -> !one.version().isDeletion())
                            .toList();
            named.addAll(of);
        }
        return named;
    }

    private static Set<String> references(Match one) {
        return References.in(new String(one.version().json(), StandardCharsets.UTF_8));
    }
}
