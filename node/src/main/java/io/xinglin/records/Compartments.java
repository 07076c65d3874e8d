package io.xinglin.records;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.xinglin.consent.SensitivityClass;
import io.xinglin.contracts.KeyId;
import io.xinglin.contracts.MemberId;
import io.xinglin.identity.Identities;
import io.xinglin.identity.KeyHolder;
import io.xinglin.records.Compartment.Owner;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// The keys of all compartments. They are stored wrapped; some lie unwrapped in memory for a few minutes, because unwrapping
/// costs a thousand times as much as using one.
@Component
class Compartments {
    private static final Logger LOG = LoggerFactory.getLogger(Compartments.class);
    private static final int CACHED_MAX = 10_000;
    private static final long NONE = 0;
    private static final Duration CACHED_FOR = Duration.ofMinutes(10);

    private final JdbcClient jdbc;
    private final Identities identities;
    private final SecureRandom random;
    private final InstantSource time;
    private final Duration epochMax;
    private final Cache<Long, CompartmentKey> keys =
            Caffeine.newBuilder().maximumSize(CACHED_MAX).expireAfterWrite(CACHED_FOR).build();
    private final Cache<Slot, Long> current =
            Caffeine.newBuilder().maximumSize(CACHED_MAX).expireAfterWrite(CACHED_FOR).build();

    /// @param epochMax after this time an epoch is over; what is stored then begins the next one
    Compartments(
            JdbcClient jdbc,
            Identities identities,
            SecureRandom random,
            InstantSource time,
            @Value("${xinglin.keys.epoch:365d}") Duration epochMax) {
        this.jdbc = jdbc;
        this.identities = identities;
        this.random = random;
        this.time = time;
        this.epochMax = epochMax;
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

    /// Destroys all keys of an owner, in the transaction at hand; memory forgets them when it has committed.
    ///
    /// @return how many there were
    long destroy(Owner owner) {
        var destroyed =
                jdbc.sql("delete from records.compartment where org = ? and owner = ? returning *")
                        .params(owner.custodian().value(), owner.id())
                        .query(Compartments::wrapped)
                        .list();
        AfterCommit.run(
                () ->
                        destroyed.forEach(
                                one -> {
                                    keys.invalidate(one.compartment.key());
                                    current.invalidate(new Slot(owner, one.compartment.purpose()));
                                }));
        return destroyed.size();
    }

    private CompartmentKey obtain(Slot slot) {
        return open(slot)
                .or(
                        () -> {
                            create(
                                    slot,
                                    newest(slot).map(it -> it.compartment.epoch()).orElse(0) + 1);
                            return open(slot);
                        })
                .map(this::opening)
                .orElseThrow(
                        () ->
                                new OptimisticLockingFailureException(
                                        "the record was shut, or its epoch ended, just now"));
    }

    /// The compartment that takes what is new. Looked up under the lock of its slot, so that who ends an epoch, and then makes memory
    /// forget it, is not overtaken.
    private Optional<Long> open(Slot slot) {
        var found =
                current.get(
                        slot,
                        it ->
                                newest(it)
                                        .filter(wrapped -> !isOver(wrapped))
                                        .map(wrapped -> wrapped.compartment.key())
                                        .orElse(NONE));
        if (found == NONE) {
            current.invalidate(slot);
        }
        return Optional.of(found).filter(it -> it != NONE);
    }

    /// What is found by an index would be lost with its key: there is one for ever, until the record is erased.
    private boolean isOver(Wrapped wrapped) {
        return wrapped.compartment.purpose() != Compartment.INDEX
                && (wrapped.closed || wrapped.created.plus(epochMax).isBefore(time.instant()));
    }

    private Optional<CompartmentKey> find(Slot slot) {
        return open(slot).map(this::opening).or(() -> newest(slot).map(this::unwrap));
    }

    /// Ends the present epoch of an owner's keys, or of everyone's, in the transaction at hand: what is stored from then on is sealed
    /// under keys that nobody has had before. What was stored stays readable.
    ///
    /// @param owner empty: of all owners of the organisation
    /// @return how many epochs end
    int close(MemberId custodian, Optional<Owner> owner) {
        var closed =
                jdbc.sql(
                                """
                                update records.compartment set closed = true
                                where org = ? and class <> ? and not closed
                                """
                                        + owner.map(_ -> "and owner = ? ").orElse("")
                                        + "returning owner, class")
                        .params(
                                owner.map(
                                                it ->
                                                        List.<Object>of(
                                                                custodian.value(),
                                                                Compartment.INDEX,
                                                                it.id()))
                                        .orElse(List.of(custodian.value(), Compartment.INDEX)))
                        .query(
                                (row, _) ->
                                        new Slot(
                                                new Owner(custodian, row.getString(1)),
                                                row.getInt(2)))
                        .list();
        AfterCommit.run(() -> current.invalidateAll(closed));
        return closed.size();
    }

    private Optional<Wrapped> newest(Slot slot) {
        return jdbc.sql(
                        """
                                select *
                                from records.compartment
                                where org = ? and owner = ? and class = ?
                                order by epoch desc limit 1
                                """)
                .params(slot.owner.custodian().value(), slot.owner.id(), slot.purpose)
                .query(Compartments::wrapped)
                .optional();
    }

    /// Two may do this at once: the database keeps the first. Nothing is made for a record that is shut, or was erased.
    private void create(Slot slot, int epoch) {
        var key = new byte[CompartmentKey.BYTES];
        random.nextBytes(key);
        var organisation = new KeyHolder.Organisation(slot.owner.custodian());
        var custodianWrap = identities.wrap(organisation, key);
        var patientWrap = patientWrap(slot, key);
        var token = slot.owner.patient().map(it -> ErasedPatient.token(identities, it));
        jdbc.sql(
                        """
                        insert into records.compartment
                            (org, owner, class, epoch, custodian_wrap, patient_wrap, mac,
                             custodian_key, created)
                        select ?, ?, ?, ?, ?, ?, ?, ?, ?
                        where not exists (select from records.shut where org = ? and owner = ?)
                          and not exists
                            (select from records.erased_patient where org = ? and patient = ?)
                        on conflict do nothing
                        """)
                .param(slot.owner.custodian().value())
                .param(slot.owner.id())
                .param(slot.purpose)
                .param(epoch)
                .param(custodianWrap)
                .param(patientWrap)
                .param(mac(slot, epoch, custodianWrap, patientWrap))
                .param(identities.wrappedFor(custodianWrap).value())
                .param(time.instant().atOffset(ZoneOffset.UTC))
                .param(slot.owner.custodian().value())
                .param(slot.owner.id())
                .param(slot.owner.custodian().value())
                .param(token.orElse(new byte[0]))
                .update();
    }

    /// How many keys are wrapped for another key of the custodian than the present one.
    long outdated(MemberId custodian) {
        return jdbc.sql(
                        """
                        select count(*) from records.compartment
                        where org = ? and custodian_key <> ?
                        """)
                .params(custodian.value(), identities.wrapKey(custodian).value())
                .query(Long.class)
                .single();
    }

    /// Wraps some of these for the present one, those after a number.
    ///
    /// @return the last of them; none if there are no others
    Optional<Long> wrapAgain(MemberId custodian, long after, int most) {
        var present = identities.wrapKey(custodian);
        var some =
                jdbc.sql(
                                """
                                select * from records.compartment
                                where org = ? and custodian_key <> ? and key > ?
                                order by key limit ?
                                """)
                        .params(custodian.value(), present.value(), after, most)
                        .query(Compartments::wrapped)
                        .list();
        some.forEach(one -> wrapAgain(one, present));
        return some.isEmpty() ? Optional.empty() : Optional.of(some.getLast().compartment.key());
    }

    private void wrapAgain(Wrapped wrapped, KeyId present) {
        if (!isOurs(wrapped)) {
            LOG.error("compartment {} is not as it was made: see fsck", wrapped.compartment.key());
            return;
        }
        var compartment = wrapped.compartment;
        var organisation = new KeyHolder.Organisation(compartment.owner().custodian());
        var jwe =
                identities.wrappedFor(wrapped.jwe).equals(present)
                        ? wrapped.jwe
                        : identities.wrap(
                                organisation, identities.unwrap(organisation, wrapped.jwe));
        jdbc.sql(
                        """
                        update records.compartment
                        set custodian_wrap = ?, custodian_key = ?, mac = ?
                        where key = ? and mac = ?
                        """)
                .params(
                        jwe,
                        identities.wrappedFor(jwe).value(),
                        mac(
                                new Slot(compartment.owner(), compartment.purpose()),
                                compartment.epoch(),
                                jwe,
                                wrapped.patientJwe),
                        compartment.key(),
                        wrapped.mac)
                .update();
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
                        select *
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
                        select *
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
        var owner = new Owner(new MemberId(row.getString("org")), row.getString("owner"));
        return new Wrapped(
                new Compartment(
                        row.getLong("key"), owner, row.getInt("class"), row.getInt("epoch")),
                row.getString("custodian_wrap"),
                row.getString("patient_wrap"),
                row.getBytes("mac"),
                row.getBoolean("closed"),
                row.getTimestamp("created").toInstant());
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
            Compartment compartment,
            String jwe,
            @Nullable String patientJwe,
            byte[] mac,
            boolean closed,
            Instant created) {}
}
