package io.xinglin.records;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.xinglin.consent.SensitivityClass;
import io.xinglin.identity.Identities;
import io.xinglin.identity.KeyHolder;
import io.xinglin.records.Compartment.Owner;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// The keys of all compartments. They are stored wrapped; some lie unwrapped in memory for a few minutes, because unwrapping
/// costs a thousand times as much as using one.
@Component
class Compartments {
    private static final int CACHED_MAX = 10_000;
    private static final Duration CACHED_FOR = Duration.ofMinutes(10);

    private final JdbcClient jdbc;
    private final Identities identities;
    private final SecureRandom random;
    private final Cache<Long, CompartmentKey> keys =
            Caffeine.newBuilder().maximumSize(CACHED_MAX).expireAfterWrite(CACHED_FOR).build();
    private final Cache<Slot, Long> current =
            Caffeine.newBuilder().maximumSize(CACHED_MAX).expireAfterWrite(CACHED_FOR).build();

    Compartments(JdbcClient jdbc, Identities identities, SecureRandom random) {
        this.jdbc = jdbc;
        this.identities = identities;
        this.random = random;
    }

    /// The key that new versions of this owner and these classes are sealed under; made if there is none. Not inside a transaction
    /// that may roll back.
    CompartmentKey sealing(Owner owner, Set<SensitivityClass> classes) {
        return obtain(new Slot(owner, Categories.code(classes)));
    }

    /// The index key of an owner, made if there is none. Not inside a transaction that may roll back.
    CompartmentKey indexing(Owner owner) {
        return obtain(new Slot(owner, Compartment.INDEX));
    }

    /// The index of an owner, if it has one: without it nothing of the owner is stored.
    Optional<BlindIndex> index(Owner owner) {
        return find(new Slot(owner, Compartment.INDEX)).map(CompartmentKey::index);
    }

    /// The key of a compartment by its number.
    CompartmentKey opening(long compartment) {
        var cached = keys.getIfPresent(compartment);
        return cached != null ? cached : unwrap(row(compartment));
    }

    private CompartmentKey obtain(Slot slot) {
        return find(slot).orElseGet(() -> create(slot));
    }

    private Optional<CompartmentKey> find(Slot slot) {
        var known = current.getIfPresent(slot);
        if (known != null) {
            return Optional.of(opening(known));
        }
        var row =
                jdbc.sql(
                                """
                                select key, org, owner, class, epoch, custodian_wrap, patient_wrap, mac
                                from records.compartment
                                where org = ? and owner = ? and class = ?
                                order by epoch desc limit 1
                                """)
                        .params(slot.owner.custodian().value(), slot.owner.id(), slot.purpose)
                        .query(Compartments::wrapped)
                        .optional();
        return row.map(
                wrapped -> {
                    current.put(slot, wrapped.compartment.key());
                    return unwrap(wrapped);
                });
    }

    /// Two may do this at once: the database keeps the first.
    private CompartmentKey create(Slot slot) {
        var key = new byte[CompartmentKey.BYTES];
        random.nextBytes(key);
        var organisation = new KeyHolder.Organisation(slot.owner.custodian());
        var custodianWrap = identities.wrap(organisation, key);
        var patientWrap = patientWrap(slot, key);
        jdbc.sql(
                        """
                        insert into records.compartment
                            (org, owner, class, epoch, custodian_wrap, patient_wrap, mac)
                        values (?, ?, ?, 1, ?, ?, ?)
                        on conflict do nothing
                        """)
                .param(slot.owner.custodian().value())
                .param(slot.owner.id())
                .param(slot.purpose)
                .param(custodianWrap)
                .param(patientWrap)
                .param(mac(slot, 1, custodianWrap, patientWrap))
                .update();
        return find(slot).orElseThrow(() -> new IllegalStateException("a key just made is gone"));
    }

    private @Nullable String patientWrap(Slot slot, byte[] key) {
        return slot.owner
                .patient()
                .map(patient -> identities.wrap(new KeyHolder.Patient(patient), key))
                .orElse(null);
    }

    private Wrapped row(long compartment) {
        return jdbc.sql(
                        """
                        select key, org, owner, class, epoch, custodian_wrap, patient_wrap, mac
                        from records.compartment where key = ?
                        """)
                .param(compartment)
                .query(Compartments::wrapped)
                .single();
    }

    private CompartmentKey unwrap(Wrapped wrapped) {
        var cached = keys.getIfPresent(wrapped.compartment.key());
        if (cached != null) {
            return cached;
        }
        requireOurs(wrapped);
        var organisation = new KeyHolder.Organisation(wrapped.compartment.owner().custodian());
        var key =
                new CompartmentKey(
                        wrapped.compartment, identities.unwrap(organisation, wrapped.jwe));
        keys.put(wrapped.compartment.key(), key);
        return key;
    }

    /// All compartments whose row is not as this node made it, for the check of everything stored.
    List<String> broken() {
        return jdbc
                .sql(
                        """
                        select key, org, owner, class, epoch, custodian_wrap, patient_wrap, mac
                        from records.compartment order by key
                        """)
                .query(Compartments::wrapped)
                .list()
                .stream()
                .filter(wrapped -> !isOurs(wrapped))
                .map(wrapped -> "compartment " + wrapped.compartment.key())
                .toList();
    }

    /// Anyone may wrap a key of their own for a public key; only this node says whose compartment it is of.
    private void requireOurs(Wrapped wrapped) {
        if (!isOurs(wrapped)) {
            throw new NotOurs();
        }
    }

    private boolean isOurs(Wrapped wrapped) {
        var compartment = wrapped.compartment;
        var slot = new Slot(compartment.owner(), compartment.purpose());
        return MessageDigest.isEqual(
                mac(slot, compartment.epoch(), wrapped.jwe, wrapped.patientJwe), wrapped.mac);
    }

    private byte[] mac(Slot slot, int epoch, String custodianWrap, @Nullable String patientWrap) {
        var row =
                String.join(
                        "|",
                        slot.owner.custodian().value(),
                        slot.owner.id(),
                        Integer.toString(slot.purpose),
                        Integer.toString(epoch),
                        custodianWrap,
                        patientWrap == null ? "" : patientWrap);
        return identities.mac(
                slot.owner.custodian(), "compartment", row.getBytes(StandardCharsets.UTF_8));
    }

    private static Wrapped wrapped(java.sql.ResultSet row, int number)
            throws java.sql.SQLException {
        var owner =
                new Owner(
                        new io.xinglin.contracts.MemberId(row.getString("org")),
                        row.getString("owner"));
        return new Wrapped(
                new Compartment(
                        row.getLong("key"), owner, row.getInt("class"), row.getInt("epoch")),
                row.getString("custodian_wrap"),
                row.getString("patient_wrap"),
                row.getBytes("mac"));
    }

    /// A compartment's row is not as this node made it.
    static final class NotOurs extends RuntimeException {
        private static final long serialVersionUID = 1;

        NotOurs() {
            super("the keys of a compartment are not those it was made with");
        }
    }

    private record Slot(Owner owner, int purpose) {}

    /// @param mac binds the rest together
    @SuppressWarnings("ArrayRecordComponent") // Read once, never compared.
    private record Wrapped(
            Compartment compartment, String jwe, @Nullable String patientJwe, byte[] mac) {}
}
