package io.xinglin.identity;

import io.xinglin.contracts.KeyId;
import io.xinglin.contracts.Member;
import io.xinglin.contracts.MemberId;
import io.xinglin.contracts.MemberWitness;
import io.xinglin.contracts.RegisteredKey;
import io.xinglin.fsck.Check;
import io.xinglin.fsck.Report;
import io.xinglin.identity.Keys.State;
import io.xinglin.identity.Keys.StoredKey;
import io.xinglin.ledger.Ledger;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/// Checks every private key of this node: that it opens, that it is the one that the ledger knows, and that none is missing.
///
/// A key that is not on the ledger, to unwrap with or for tokens, is missed only where its holder has no other.
@Component
class KeyCheck implements Check {
    private static final int BATCH = 500;

    private final Keys keys;
    private final Organisations organisations;
    private final Identities identities;
    private final Ledger ledger;
    private final TransactionTemplate snapshot;

    KeyCheck(
            Keys keys,
            Organisations organisations,
            Identities identities,
            Ledger ledger,
            PlatformTransactionManager transactions) {
        this.keys = keys;
        this.organisations = organisations;
        this.identities = identities;
        this.ledger = ledger;
        this.snapshot = new TransactionTemplate(transactions);
        snapshot.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
        snapshot.setReadOnly(true);
    }

    @Override
    public String name() {
        return "keys: here and on the ledger";
    }

    /// Everything is read from one snapshot, so that a node may go on making keys.
    @Override
    public void run(Report report) {
        snapshot.executeWithoutResult(_ -> check(report));
    }

    private void check(Report report) {
        for (var ids = keys.after("", BATCH);
                !ids.isEmpty();
                ids = keys.after(ids.getLast(), BATCH)) {
            ids.forEach(id -> check(id, report));
            report.checked(ids.size());
        }
        var members = members();
        members.forEach(member -> check(member, report));
        var ids = members.stream().map(Member::id).collect(Collectors.toSet());
        ledger.keys(some -> requireHere(ids, some, report));
    }

    private void check(String id, Report report) {
        try {
            var key = keys.find(new KeyId(id)).orElseThrow();
            wrong(key).ifPresent(what -> report.finding("key " + id, what));
        } catch (Aead.Tampered _) {
            report.finding("key " + id, "it does not open: the row was changed");
        } catch (RuntimeException e) {
            report.finding("key " + id, "it cannot be read: " + e.getClass().getSimpleName());
        }
    }

    private Optional<String> wrong(StoredKey key) {
        if (key.state() == State.DESTROYED) {
            var isInUse =
                    key.purpose() == KeyPurpose.SIGN
                            && ledger.key(key.kid()).filter(it -> !it.isActive()).isEmpty();
            return when(isInUse, "it was destroyed, and is in use on the ledger");
        }
        keys.requireOpens(key);
        if (!key.publicKey().keyId().equals(key.kid())) {
            return Optional.of("its public half is another key's");
        }
        if (key.purpose() != KeyPurpose.SIGN) {
            return Optional.empty();
        }
        var registered = ledger.key(key.kid());
        if (registered.isEmpty()) {
            // What a crash stopped is registered at the next attempt.
            return when(key.state() != State.PREPARED, "it is in use, and not on the ledger");
        }
        var ended = key.state() == State.RETIRED || key.state() == State.REVOKED;
        if (registered.get().isActive() && ended) {
            return Optional.of("it is in use on the ledger, and not here");
        }
        return when(isPatientWithoutWrapKey(key), "its holder has no key to unwrap with");
    }

    private boolean isPatientWithoutWrapKey(StoredKey key) {
        return key.holder() instanceof KeyHolder.Patient
                && keys.current(key.holder(), KeyPurpose.WRAP).isEmpty();
    }

    private static Optional<String> when(boolean wrong, String what) {
        return wrong ? Optional.of(what) : Optional.empty();
    }

    /// The members of the ledger that have, or had, something here.
    private List<Member> members() {
        var here = new HashSet<>(organisations.names());
        identities.hosted().forEach(id -> here.add(id.value()));
        return ledger.members().stream().filter(it -> here.contains(it.id().value())).toList();
    }

    private void check(Member member, Report report) {
        var id = member.id();
        requireSame(
                member.log().vkey(),
                id,
                it -> identities.logSigner(it).verifier().toString(),
                "log key",
                report);
        member.witness()
                .map(MemberWitness::vkey)
                .ifPresent(
                        vkey ->
                                requireSame(
                                        vkey,
                                        id,
                                        it -> identities.witness(it).verifier().toString(),
                                        "witness key",
                                        report));
        for (var purpose : List.of(KeyPurpose.SIGN, KeyPurpose.WRAP, KeyPurpose.TOKEN)) {
            if (keys.current(new KeyHolder.Organisation(id), purpose).isEmpty()) {
                report.finding(id.value(), "it has no " + purpose + " key in use");
            }
        }
    }

    private static void requireSame(
            String onLedger,
            MemberId id,
            Function<MemberId, String> here,
            String what,
            Report report) {
        try {
            if (!here.apply(id).equals(onLedger)) {
                report.finding(id.value(), "its " + what + " is not the one on the ledger");
            }
        } catch (RuntimeException e) {
            report.finding(
                    id.value(), "its " + what + " is not there: " + e.getClass().getSimpleName());
        }
    }

    private void requireHere(Set<MemberId> members, List<RegisteredKey> some, Report report) {
        var missing =
                some.stream()
                        .filter(key -> members.contains(key.member()))
                        .map(key -> key.id().value())
                        .collect(Collectors.toSet());
        missing.removeAll(keys.known(missing));
        missing.forEach(id -> report.finding("key " + id, "it is on the ledger, and missing here"));
    }
}
