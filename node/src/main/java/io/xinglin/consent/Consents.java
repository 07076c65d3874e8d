package io.xinglin.consent;

import io.xinglin.consent.AccessDecision.DenialReason;
import io.xinglin.consent.AccessDecision.Deny;
import io.xinglin.consent.AccessDecision.Ground;
import io.xinglin.consent.AccessDecision.Permit;
import io.xinglin.contracts.ConsentCommand;
import io.xinglin.contracts.ConsentFact;
import io.xinglin.contracts.MemberId;
import io.xinglin.identity.Caller;
import io.xinglin.identity.Identities;
import io.xinglin.identity.PatientId;
import io.xinglin.ledger.Ledger;
import io.xinglin.ledger.LedgerBusy;
import io.xinglin.ledger.TransactionOutcome;
import io.xinglin.ledger.TransactionOutcome.Committed;
import io.xinglin.ledger.TransactionOutcome.Refused;
import io.xinglin.log.EntryKind;
import io.xinglin.log.Logs;
import io.xinglin.log.Opening;
import io.xinglin.platform.NodeProperties;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/// Who may read what, for what purpose, until when.
///
/// A consent is effective when the ledger has agreed to it; a withdrawal is effective here at once, and the ledger is told until it knows.
@Component
public class Consents {
    private static final Logger LOG = LoggerFactory.getLogger(Consents.class);
    private static final Duration DURATION_MAX = Duration.ofDays(3_653);
    private static final int CONSENTS_MAX = 2_000;

    /// After this time a transaction that is not on the ledger, nor on its way there, will never be.
    private static final Duration PROPOSAL_LIFETIME = Duration.ofMinutes(10);

    private static final Duration LEDGER_PATIENCE = Duration.ofSeconds(2);

    private final ConsentTable table;
    private final Ledger ledger;
    private final Identities identities;
    private final Logs logs;
    private final TransactionTemplate transaction;
    private final ApplicationEventPublisher events;
    private final NodeProperties node;
    private final InstantSource clock;
    private final SecureRandom random;

    Consents(
            ConsentTable table,
            Ledger ledger,
            Identities identities,
            Logs logs,
            TransactionTemplate transaction,
            ApplicationEventPublisher events,
            NodeProperties node,
            InstantSource clock,
            SecureRandom random) {
        this.table = table;
        this.ledger = ledger;
        this.identities = identities;
        this.logs = logs;
        this.transaction = transaction;
        this.events = events;
        this.node = node;
        this.clock = clock;
        this.random = random;
    }

    /// Decides on a read, by what the ledger and the patient say now.
    ///
    /// Called inside the transaction that records the disclosure: it locks the consents it rests on against withdrawal until then. So a
    /// withdrawal either waits for the disclosure to be on record, or is seen here.
    public AccessDecision decide(AccessRequest request) {
        if (!TransactionSynchronizationManager.isActualTransactionActive()) {
            throw new IllegalStateException("decide inside the transaction of the disclosure");
        }
        if (!request.reader().custodian().equals(request.patient().custodian())) {
            return new Deny(DenialReason.NO_CONSENT);
        }
        return switch (request.reader()) {
            case Caller.Patient(var self) ->
                    self.equals(request.patient())
                            ? everything(request)
                            : new Deny(DenialReason.NO_CONSENT);
            case Caller.Staff _, Caller.Service _ -> everything(request);
            case Caller.Peer peer -> byConsents(request, peer);
        };
    }

    /// Grants a consent in the patient's name, signed with the patient's key.
    ///
    /// @throws InvalidConsent if the terms make no sense, or the ledger does not agree
    /// @throws UnsettledConsent if it is not known whether the ledger agrees, or it does and this node could not note it yet
    public Consent grant(PatientId patient, ConsentTerms terms) {
        var now = clock.instant();
        requireSense(patient, terms, now);
        var id = new ConsentId(randomUuid());
        var opening = opening(Statement.granted(patient, id, terms, now));
        table.propose(id, patient, terms, opening, now);
        return switch (propose(id, patient, opening, terms.until())) {
            case Committed _ -> agreed(id, patient, opening);
            case Refused refused -> {
                table.drop(id);
                throw InvalidConsent.refusedByLedger(refused.code(), refused.message());
            }
        };
    }

    /// Takes a consent back, or what may still become one: when this returns, no read under it begins any more. Safe to repeat.
    ///
    /// @throws UnknownConsent if it is not this patient's
    public Consent withdraw(PatientId patient, ConsentId id) {
        transaction.executeWithoutResult(_ -> endHere(patient, id));
        var row = table.find(patient, id).orElseThrow(UnknownConsent::new);
        tellLedgerPatiently(row);
        return row.consent();
    }

    /// Takes back all that a patient consented to.
    ///
    /// @return whether the ledger knows of it, so that the patient's key is not needed any more; if not, ask again
    public boolean withdrawAll(PatientId patient) {
        table.of(patient).stream()
                .filter(row -> row.status() != ConsentStatus.WITHDRAWN)
                .forEach(row -> withdraw(patient, row.id()));
        return !table.isUnsettled(patient);
    }

    /// The patient need not wait for a ledger that does not answer.
    private void tellLedgerPatiently(ConsentTable.Row row) {
        try {
            Thread.ofVirtual().start(() -> tellLedger(row)).join(LEDGER_PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// The patient's consents, past, present and proposed, newest first.
    public List<Consent> of(PatientId patient) {
        return table.of(patient).stream().map(ConsentTable.Row::consent).toList();
    }

    /// One of the patient's consents.
    ///
    /// @throws UnknownConsent if it is not this patient's
    public Consent get(PatientId patient, ConsentId id) {
        return table.find(patient, id).orElseThrow(UnknownConsent::new).consent();
    }

    /// The receipt of the last thing that happened to a consent; empty while its entry is not in a signed tree yet.
    ///
    /// @throws UnknownConsent if it is not this patient's
    public Optional<String> receipt(PatientId patient, ConsentId id) {
        var status = get(patient, id).status();
        return table.event(id, patient.custodian(), status)
                .flatMap(
                        event -> logs.receipt(patient.custodian(), event.entry(), event.opening()));
    }

    /// Finishes what a crash or a silent ledger left half done.
    @Scheduled(fixedDelayString = "PT15S", initialDelayString = "PT5S")
    void settle() {
        if (node.readOnly()) {
            return;
        }
        for (var id : table.unsettled()) {
            try {
                table.find(id).ifPresent(this::settle);
            } catch (RuntimeException e) {
                // The others must not wait for this one; its message may quote what is sealed.
                LOG.error("consent {} cannot be settled: {}", id, e.getClass().getName());
            }
        }
        for (var id : table.ending(clock.instant())) {
            try {
                table.find(id).ifPresent(this::tellEnd);
            } catch (RuntimeException e) {
                LOG.error("the end of consent {} cannot be told: {}", id, e.getClass().getName());
            }
        }
    }

    private void tellEnd(ConsentTable.Row row) {
        transaction.executeWithoutResult(
                _ -> {
                    table.over(row.id());
                    events.publishEvent(new ConsentEnded(row.patient()));
                });
    }

    private void settle(ConsentTable.Row row) {
        if (row.status() == ConsentStatus.WITHDRAWN) {
            tellLedger(row);
        } else if (ledger.consent(row.id().value()).isPresent()) {
            putInForce(row.id(), row.custodian(), row.opening());
        } else if (isForgotten(row)) {
            table.drop(row.id());
        }
    }

    /// Whether the ledger, which does not hold it, never will.
    private boolean isForgotten(ConsentTable.Row row) {
        var over = row.created().plus(PROPOSAL_LIFETIME);
        return over.isBefore(clock.instant()) && !ledger.waitsSince(over);
    }

    private static Permit everything(AccessRequest request) {
        return new Permit(
                List.of(
                        new Ground(
                                request.asked(),
                                EnumSet.allOf(SensitivityClass.class),
                                Optional.empty())));
    }

    private AccessDecision byConsents(AccessRequest request, Caller.Peer peer) {
        var now = clock.instant();
        var grounds = new ArrayList<Ground>();
        var reason = DenialReason.NO_CONSENT;
        for (var row : table.sharedWith(peer.organisation(), request.patient())) {
            var terms = row.terms();
            var covered = covered(request.asked(), terms);
            if (covered.isEmpty()
                    || !terms.purposes().contains(peer.purpose())
                    || !isBetween(request.patient(), peer.organisation(), row)) {
                continue;
            }
            var ended = ended(row, now);
            if (ended.isEmpty()) {
                grounds.add(new Ground(covered, terms.classes(), Optional.of(row.id())));
            } else if (reason == DenialReason.NO_CONSENT) {
                reason = ended.get();
            }
        }
        return grounds.isEmpty() ? new Deny(reason) : new Permit(grounds);
    }

    /// The sealed terms say whose consent it is and for whom; the columns it was found by, anyone with the database can change.
    private static boolean isBetween(PatientId patient, MemberId grantee, ConsentTable.Row row) {
        return row.patient().equals(patient) && row.terms().grantee().equals(grantee);
    }

    private static Set<RecordCategory> covered(Set<RecordCategory> asked, ConsentTerms terms) {
        var covered = EnumSet.copyOf(asked);
        covered.retainAll(terms.categories());
        return covered;
    }

    /// Why the consent permits nothing any more, if so. What the ledger does not hold, or holds otherwise, permits nothing.
    private Optional<DenialReason> ended(ConsentTable.Row row, Instant now) {
        if (row.status() == ConsentStatus.WITHDRAWN) {
            return Optional.of(DenialReason.WITHDRAWN);
        }
        var fact = ledger.consent(row.id().value());
        if (fact.isEmpty()) {
            return Optional.of(DenialReason.NO_CONSENT);
        }
        requireSame(row, fact.get());
        if (fact.get().withdrawn()) {
            return Optional.of(DenialReason.WITHDRAWN);
        }
        return fact.get().isEffectiveAt(now) && now.isBefore(row.terms().until())
                ? Optional.empty()
                : Optional.of(DenialReason.EXPIRED);
    }

    private static void requireSame(ConsentTable.Row row, ConsentFact fact) {
        var commitment = Base64.getUrlDecoder().decode(fact.commitment());
        if (!MessageDigest.isEqual(commitment, row.commitment())
                || !fact.custodian().equals(row.custodian())) {
            throw new IllegalStateException(
                    "consent " + row.id() + " is not the one that the ledger agreed to");
        }
    }

    private void requireSense(PatientId patient, ConsentTerms terms, Instant now) {
        if (terms.grantee().equals(patient.custodian())) {
            throw InvalidConsent.because(
                    "no-consent-needed",
                    "grantee",
                    "this organisation keeps the record itself; a consent is for another one");
        }
        if (ledger.member(terms.grantee()).isEmpty()) {
            throw InvalidConsent.because(
                    "unknown-member", "grantee", "no member of the consortium has this id");
        }
        requireSome(terms.categories(), "categories");
        requireSome(terms.classes(), "classes");
        requireSome(terms.purposes(), "purposes");
        if (!terms.until().isAfter(now)) {
            throw InvalidConsent.because("past-end", "until", "the end is in the past");
        }
        if (terms.until().isAfter(now.plus(DURATION_MAX))) {
            throw InvalidConsent.because(
                    "too-long", "until", "a consent lasts ten years at most; renew it then");
        }
        if (table.count(patient) >= CONSENTS_MAX) {
            throw InvalidConsent.because(
                    "too-many-consents",
                    "grantee",
                    "a patient has at most " + CONSENTS_MAX + " consents at an organisation");
        }
    }

    private static void requireSome(Set<?> values, String field) {
        if (values.isEmpty()) {
            throw InvalidConsent.because(
                    "nothing-shared", field, "name at least one of the " + field);
        }
    }

    TransactionOutcome propose(ConsentId id, PatientId patient, Opening opening, Instant until) {
        var commitment = Statement.commitment(opening.salt(), opening.statement());
        var command =
                new ConsentCommand.Grant(
                        id.value(),
                        patient.custodian(),
                        Base64.getUrlEncoder().withoutPadding().encodeToString(commitment),
                        until);
        try {
            return identities.submit(patient, command);
        } catch (LedgerBusy e) {
            table.drop(id);
            throw e;
        } catch (RuntimeException e) {
            throw unsettled(id, e);
        }
    }

    private Consent agreed(ConsentId id, PatientId patient, Opening opening) {
        try {
            putInForce(id, patient.custodian(), opening);
            return get(patient, id);
        } catch (RuntimeException e) {
            throw unsettled(id, e);
        }
    }

    private static UnsettledConsent unsettled(ConsentId id, RuntimeException e) {
        LOG.warn("consent {} is not settled yet: {}", id, e.getClass().getName());
        return new UnsettledConsent(id, e);
    }

    private void putInForce(ConsentId id, MemberId custodian, Opening opening) {
        transaction.executeWithoutResult(
                _ -> {
                    if (table.grant(id)) {
                        var entry = logs.append(custodian, EntryKind.CONSENT, opening);
                        table.record(id, custodian, ConsentStatus.GRANTED, entry, opening);
                    }
                });
    }

    private void endHere(PatientId patient, ConsentId id) {
        var row = table.findForUpdate(patient, id).orElseThrow(UnknownConsent::new);
        if (row.status() == ConsentStatus.WITHDRAWN) {
            return;
        }
        var now = clock.instant();
        var opening = opening(Statement.withdrawn(patient, id, now));
        table.withdraw(id, now);
        var entry = logs.append(patient.custodian(), EntryKind.CONSENT, opening);
        table.record(id, patient.custodian(), ConsentStatus.WITHDRAWN, entry, opening);
        events.publishEvent(new ConsentEnded(patient));
    }

    /// Whatever keeps the ledger from knowing, it is told again; the withdrawal is in force here all the same.
    private void tellLedger(ConsentTable.Row row) {
        try {
            var fact = ledger.consent(row.id().value());
            // A grant that the ledger has not seen may still be on its way.
            if (fact.map(ConsentFact::withdrawn).orElseGet(() -> isForgotten(row))) {
                table.settled(row.id());
            } else if (fact.isPresent()) {
                submitWithdrawal(row);
            }
        } catch (RuntimeException e) {
            LOG.warn(
                    "the ledger does not know of the withdrawal of consent {} yet: {}",
                    row.id(),
                    e.getClass().getName());
        }
    }

    private void submitWithdrawal(ConsentTable.Row row) {
        switch (identities.submit(row.patient(), new ConsentCommand.Withdraw(row.id().value()))) {
            case Committed _ -> table.settled(row.id());
            case Refused refused ->
                    LOG.error(
                            "the ledger refuses ({}) the withdrawal of consent {}, which is in force here",
                            refused.code(),
                            row.id());
        }
    }

    private Opening opening(byte[] statement) {
        var salt = new byte[32];
        random.nextBytes(salt);
        return Opening.of(salt, statement);
    }

    private UUID randomUuid() {
        var bytes = new byte[16];
        random.nextBytes(bytes);
        bytes[6] = (byte) ((bytes[6] & 0x0f) | 0x40);
        bytes[8] = (byte) ((bytes[8] & 0x3f) | 0x80);
        var buffer = ByteBuffer.wrap(bytes);
        return new UUID(buffer.getLong(), buffer.getLong());
    }
}
