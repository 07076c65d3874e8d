package io.xinglin.records;

import io.xinglin.consent.AccessDecision.Permit;
import io.xinglin.contracts.MemberId;
import io.xinglin.records.Compartment.Owner;
import io.xinglin.records.Condition.Narrowing;
import io.xinglin.records.SearchTable.Candidates;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/// Goes through the resources of one type that may match, opens each and hands on those that do.
///
/// Within one record tokens narrow. Across records, tokens under the organisation's own key do for identifiers and patients;
/// otherwise records are gone through one after the other, some dozen at a time, each under its own key. How far it goes at once
/// is bounded; the next page goes on from there.
@Component
class Walk {
    private static final int LOOKED_AT_MAX = 20_000;
    private static final int RECORDS_MAX = 2_000;
    private static final int RECORDS_AT_ONCE = 50;
    private static final int CHUNK_MIN = 64;
    private static final int CHUNK_MAX = 1000;

    /// More tokens than these cost more to compare than they save.
    private static final int TOKENS_MAX = 2_000;

    private final SearchTable table;
    private final Compartments compartments;
    private final Unsealing unsealing;
    private final Refiling refiling;

    Walk(SearchTable table, Compartments compartments, Unsealing unsealing, Refiling refiling) {
        this.table = table;
        this.compartments = compartments;
        this.unsealing = unsealing;
        this.refiling = refiling;
    }

    /// What to go through.
    ///
    /// @param records whose resources: their owners' ids; otherwise everyone's
    /// @param permit what may be read; otherwise everything
    /// @param open what may be opened to be compared
    /// @param most how many matches are wanted, about
    record Way(
            MemberId custodian,
            R4.Type type,
            Optional<Set<String>> records,
            Optional<Set<String>> ids,
            Optional<Permit> permit,
            Predicate<StoredVersion> open,
            Matcher matcher,
            int most) {

        private List<Condition> conditions() {
            return matcher.criteria().stream()
                    .flatMap(one -> one instanceof Condition own ? Stream.of(own) : Stream.empty())
                    .toList();
        }

        private List<Narrowing> narrowings(BlindIndex index) {
            return conditions().stream()
                    .flatMap(condition -> condition.narrowing(type.name(), index).stream())
                    .toList();
        }

        private int chunk() {
            return Math.clamp(most + 1L, CHUNK_MIN, CHUNK_MAX);
        }
    }

    /// Where it ended.
    ///
    /// @param isAll whether there is nothing after that
    record End(boolean isAll, Place last) {}

    /// @param wanted takes a match, and says whether to go on; if not, the match counts as not seen
    End go(Way way, Place after, Predicate<Match> wanted) {
        var going = new Going(way, wanted);
        if (way.records.isPresent()) {
            var records = way.records.get();
            return records.size() == 1
                    ? going.within(records.iterator().next(), after)
                    : going.recordByRecord(after);
        }
        return compartments
                .index(Owner.organisation(way.custodian))
                .map(index -> going.everywhere(index, after))
                .orElse(new End(true, after));
    }

    private static boolean isPatient(Way way) {
        return way.type.name().equals("Patient");
    }

    private static List<Narrowing> across(Way way, BlindIndex index) {
        return way.conditions().stream()
                .flatMap(condition -> index.across(way.type, condition).stream())
                .filter(narrowing -> narrowing.anyOf().size() <= TOKENS_MAX)
                .toList();
    }

    private final class Going {
        private final Way way;
        private final Predicate<Match> wanted;
        private int seen;

        Going(Way way, Predicate<Match> wanted) {
            this.way = way;
            this.wanted = wanted;
        }

        End within(String record, Place after) {
            return compartments
                    .index(new Owner(way.custodian, record))
                    .map(
                            index ->
                                    through(
                                            Optional.of(List.of(record)),
                                            way.narrowings(index),
                                            List.of(),
                                            after))
                    .orElse(new End(true, after));
        }

        End everywhere(BlindIndex index, Place after) {
            var across = across(way, index);
            return !across.isEmpty()
                            || way.ids.isPresent()
                            || isPatient(way)
                            || way.narrowings(index).isEmpty()
                    ? through(Optional.empty(), List.of(), across, after)
                    : recordByRecord(after);
        }

        End recordByRecord(Place after) {
            var records = records(after.owner());
            var at = after;
            for (var begin = 0; begin < records.size(); begin += RECORDS_AT_ONCE) {
                if (begin >= RECORDS_MAX || seen >= LOOKED_AT_MAX) {
                    return new End(false, Place.of(records.get(begin), ""));
                }
                var some =
                        records.subList(begin, Math.min(records.size(), begin + RECORDS_AT_ONCE));
                var first = some.getFirst();
                at = at.owner().equals(first) ? at : Place.of(first, "");
                var end = through(Optional.of(some), narrowings(some), List.of(), at);
                if (!end.isAll) {
                    return end;
                }
                at = end.last;
            }
            return new End(true, at);
        }

        /// The records from one on, and one more than are gone through, to know where to go on.
        private List<String> records(String from) {
            return way.records
                    .map(
                            some ->
                                    some.stream()
                                            .filter(one -> one.compareTo(from) >= 0)
                                            .sorted()
                                            .toList())
                    .orElseGet(() -> table.owners(way.custodian, from, RECORDS_MAX + 1));
        }

        /// Tokens of different records are different, so that those of all may be asked for at once.
        private List<Narrowing> narrowings(List<String> records) {
            var merged = new ArrayList<Narrowing>();
            for (var record : records) {
                var index = compartments.index(new Owner(way.custodian, record));
                if (index.isEmpty()) {
                    continue;
                }
                var own = way.narrowings(index.get());
                for (var i = 0; i < own.size(); i++) {
                    if (merged.size() <= i) {
                        merged.add(new Narrowing(new HashSet<>(), own.get(i).since()));
                    }
                    merged.get(i).anyOf().addAll(own.get(i).anyOf());
                }
            }
            return merged.stream().filter(one -> one.anyOf().size() <= TOKENS_MAX).toList();
        }

        End through(
                Optional<? extends Collection<String>> owners,
                List<Narrowing> narrowings,
                List<Narrowing> across,
                Place after) {
            var candidates =
                    new Candidates(
                            way.custodian,
                            way.type.name(),
                            owners.map(List::copyOf),
                            way.ids,
                            way.permit,
                            narrowings,
                            across,
                            refiling.isDone());
            var isByOwner = candidates.owners().filter(some -> some.size() > 1).isPresent();
            var at = after;
            while (seen < LOOKED_AT_MAX) {
                var rows = table.candidates(candidates, at, way.chunk());
                seen += rows.size();
                for (var opened = opened(rows); opened.hasNext(); ) {
                    var one = opened.next();
                    if (way.matcher.matches(one) && !wanted.test(one)) {
                        return new End(false, at);
                    }
                    at = place(one.row(), isByOwner, at);
                }
                if (rows.size() < way.chunk()) {
                    return new End(true, at);
                }
                at = place(rows.getLast(), isByOwner, at);
            }
            return new End(false, at);
        }

        private static Place place(StoredVersion row, boolean isByOwner, Place at) {
            return Place.of(isByOwner ? row.owner().id() : at.owner(), row.id().resource().id());
        }

        /// Each is opened when it is its turn, unless what they point at is fetched for all of them together.
        private Iterator<Match> opened(List<StoredVersion> rows) {
            // The database narrows; what may be shown is decided by what was unsealed.
            var opened =
                    rows.stream()
                            .filter(way.open)
                            .map(row -> Match.of(row, unsealing.open(row)))
                            .filter(one -> way.permit.map(one.row()::isCoveredBy).orElse(true))
                            .filter(one -> !one.version().isDeletion());
            if (way.matcher.isPlain()) {
                return opened.iterator();
            }
            var all = opened.toList();
            way.matcher.prepare(all);
            return all.iterator();
        }
    }
}
