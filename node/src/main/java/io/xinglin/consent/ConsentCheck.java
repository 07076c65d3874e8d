package io.xinglin.consent;

import static io.xinglin.consent.ConsentStatus.GRANTED;
import static io.xinglin.consent.ConsentStatus.WITHDRAWN;

import io.xinglin.consent.ConsentTable.Row;
import io.xinglin.consent.ConsentTable.Stored;
import io.xinglin.consent.ConsentTable.StoredEvent;
import io.xinglin.contracts.ConsentFact;
import io.xinglin.contracts.MemberId;
import io.xinglin.fsck.Check;
import io.xinglin.fsck.Report;
import io.xinglin.identity.Aead;
import io.xinglin.identity.Identities;
import io.xinglin.ledger.Ledger;
import io.xinglin.log.EntryId;
import io.xinglin.log.EntryKind;
import io.xinglin.log.Logs;
import io.xinglin.log.Opening;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/// Checks every consent: that it opens, that its status is what its events say, that these are what the log has entries of, that
/// the ledger agrees, and that none is missing.
///
/// The ledger may be ahead of a proposal, which a crash stopped, and behind a withdrawal that it is still owed.
@Component
class ConsentCheck implements Check {
    private static final int BATCH = 500;
    private static final UUID FIRST = new UUID(0, 0);

    /// The database keeps microseconds.
    private static final Duration ROUNDING = Duration.ofNanos(1_000);

    private final ConsentTable table;
    private final Identities identities;
    private final Ledger ledger;
    private final Logs logs;
    private final TransactionTemplate snapshot;

    ConsentCheck(
            ConsentTable table,
            Identities identities,
            Ledger ledger,
            Logs logs,
            PlatformTransactionManager transactions) {
        this.table = table;
        this.identities = identities;
        this.ledger = ledger;
        this.logs = logs;
        this.snapshot = new TransactionTemplate(transactions);
        snapshot.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
        snapshot.setReadOnly(true);
    }

    @Override
    public String name() {
        return "consents: terms, events, log and ledger";
    }

    /// Everything is read from one snapshot, so that a node may go on granting and withdrawing.
    @Override
    public void run(Report report) {
        snapshot.executeWithoutResult(_ -> check(report));
    }

    private void check(Report report) {
        var hosted = identities.hosted();
        table.ofOthers(hosted)
                .forEach(id -> report.finding(where(id), "is of nobody on this node"));
        for (var rows = table.after(hosted, FIRST, BATCH); !rows.isEmpty(); ) {
            check(rows, report);
            rows = table.after(hosted, rows.getLast().id().value(), BATCH);
        }
        for (var custodian : hosted) {
            logs.entries(
                    custodian,
                    EntryKind.CONSENT,
                    entries -> requireEvents(custodian, entries, report));
        }
        ledger.consents(facts -> requireRows(hosted, facts, report));
    }

    private void check(List<Stored> rows, Report report) {
        var events =
                table.events(rows.stream().map(Stored::id).toList()).stream()
                        .collect(Collectors.groupingBy(StoredEvent::consent));
        var promised = new HashMap<MemberId, Map<EntryId, Opening>>();
        for (var row : rows) {
            var opened = new EnumMap<ConsentStatus, Optional<Opening>>(ConsentStatus.class);
            for (var event : events.getOrDefault(row.id(), List.of())) {
                var opening = open(row, event, report);
                opened.put(event.kind(), opening);
                opening.ifPresent(
                        it ->
                                promised.computeIfAbsent(row.custodian(), _ -> new HashMap<>())
                                        .put(event.entry(), it));
            }
            check(row, opened, report);
        }
        var broken = new HashSet<EntryId>();
        promised.forEach(
                (custodian, openings) ->
                        broken.addAll(logs.broken(custodian, EntryKind.CONSENT, openings)));
        events.values().stream()
                .flatMap(List::stream)
                .filter(event -> broken.contains(event.entry()))
                .forEach(event -> find(report, event, "is not what the log has an entry of"));
        report.checked(rows.size());
    }

    private Optional<Opening> open(Stored row, StoredEvent event, Report report) {
        try {
            return Optional.of(table.open(row.custodian(), event));
        } catch (Aead.Tampered _) {
            find(report, event, "does not open: the row was changed");
            return Optional.empty();
        }
    }

    private void check(Stored stored, Map<ConsentStatus, Optional<Opening>> events, Report report) {
        try {
            var row = table.open(stored);
            var wrong = new ArrayList<String>();
            withEvents(row, events.keySet()).ifPresent(wrong::add);
            withLedger(row, stored.owed(), events.keySet()).ifPresent(wrong::add);
            if (!table.isFiled(stored, row)) {
                wrong.add("it is filed under another patient or reader than its terms name");
            }
            var granted = events.getOrDefault(GRANTED, Optional.empty());
            if (granted.filter(it -> !isSame(it, row.opening())).isPresent()) {
                wrong.add("its terms are not those that were granted");
            }
            var withdrawn = events.getOrDefault(WITHDRAWN, Optional.empty());
            if (!isAt(Optional.of(row.created()), Optional.of(row.opening()))
                    || !isAt(row.withdrawn(), withdrawn)) {
                wrong.add("its times are not those that were signed");
            }
            wrong.forEach(what -> report.finding(where(row.id()), what));
        } catch (Aead.Tampered _) {
            report.finding(where(stored.id()), "it does not open: the row was changed");
        } catch (RuntimeException e) {
            report.finding(
                    where(stored.id()), "it cannot be read: " + e.getClass().getSimpleName());
        }
    }

    private static Optional<String> withEvents(Row row, Set<ConsentStatus> events) {
        return switch (row.status()) {
            case PROPOSED ->
                    when(!events.isEmpty(), "it is proposed, though it was granted or withdrawn");
            case GRANTED ->
                    events.contains(WITHDRAWN)
                            ? Optional.of("it permits, though it was withdrawn")
                            : when(
                                    !events.contains(GRANTED),
                                    "it permits, and what says that it was granted is missing");
            // It may have been withdrawn before it was granted.
            case WITHDRAWN ->
                    when(
                            !events.contains(WITHDRAWN),
                            "it is withdrawn, and what says so is missing");
        };
    }

    private Optional<String> withLedger(Row row, boolean owed, Set<ConsentStatus> events) {
        var fact = ledger.consent(row.id().value());
        if (fact.isEmpty()) {
            return when(events.contains(GRANTED), "it was granted, and is not on the ledger");
        }
        if (!isSame(row, fact.get())) {
            return Optional.of("it is not the one that the ledger agreed to");
        }
        var ended = row.status() == WITHDRAWN;
        return fact.get().withdrawn()
                ? when(!ended, "it is withdrawn on the ledger, and not here")
                : when(ended && !owed, "it is withdrawn here, and the ledger will not be told");
    }

    private static boolean isSame(Row row, ConsentFact fact) {
        var commitment = Base64.getUrlEncoder().withoutPadding().encodeToString(row.commitment());
        return fact.commitment().equals(commitment) && fact.custodian().equals(row.custodian());
    }

    private static boolean isSame(Opening one, Opening other) {
        return Arrays.equals(one.salt(), other.salt())
                && Arrays.equals(one.statement(), other.statement());
    }

    private static boolean isAt(Optional<Instant> kept, Optional<Opening> said) {
        return said.isEmpty()
                || kept.filter(
                                at ->
                                        Duration.between(at, Statement.time(said.get().statement()))
                                                        .abs()
                                                        .compareTo(ROUNDING)
                                                <= 0)
                        .isPresent();
    }

    private static Optional<String> when(boolean wrong, String what) {
        return wrong ? Optional.of(what) : Optional.empty();
    }

    private void requireEvents(MemberId custodian, List<EntryId> entries, Report report) {
        var missing = new HashSet<>(entries);
        missing.removeAll(table.known(custodian, entries));
        missing.forEach(
                entry ->
                        report.finding(
                                custodian + " log entry " + entry,
                                "what was said of a consent, and is in the log, is missing"));
    }

    private void requireRows(List<MemberId> hosted, List<ConsentFact> facts, Report report) {
        var missing =
                facts.stream()
                        .filter(fact -> hosted.contains(fact.custodian()))
                        .map(fact -> new ConsentId(fact.id()))
                        .collect(Collectors.toSet());
        missing.removeAll(table.known(missing));
        missing.forEach(id -> report.finding(where(id), "it is on the ledger, and missing here"));
    }

    private static void find(Report report, StoredEvent event, String what) {
        report.finding(where(event.consent()) + " event " + event.kind(), what);
    }

    private static String where(ConsentId id) {
        return "consent " + id;
    }
}
