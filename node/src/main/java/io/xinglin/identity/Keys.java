package io.xinglin.identity;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.util.Base64URL;
import io.xinglin.contracts.KeyId;
import io.xinglin.contracts.MemberId;
import io.xinglin.contracts.PublicJwk;
import io.xinglin.platform.BoundedCache;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/// The private keys of this node: sealed in the database, opened in memory for as long as they are in use.
///
/// A key is `PREPARED` when it is made, `CURRENT` once the ledger (where it must) knows it, `RETIRED` when another took its place.
/// Retired wrap keys still unwrap; nothing else is done with a key that is not current.
@Component
class Keys {
    private static final int CACHED_MAX = 10_000;
    private static final Duration LINGERING = Duration.ofMinutes(10);

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final InstantSource clock;
    private final SecureRandom random;
    private final MasterKey master;
    private final BoundedCache<KeyId, PrivateKey> opened = new BoundedCache<>(CACHED_MAX);

    Keys(
            JdbcClient jdbc,
            TransactionTemplate transaction,
            InstantSource clock,
            SecureRandom random,
            MasterKey master) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.clock = clock;
        this.random = random;
        this.master = master;
    }

    /// The key that holder uses now.
    Optional<StoredKey> current(KeyHolder holder, KeyPurpose purpose) {
        return find(holder, purpose, State.CURRENT);
    }

    /// The key that waits for the ledger to know it.
    Optional<StoredKey> prepared(KeyHolder holder, KeyPurpose purpose) {
        return find(holder, purpose, State.PREPARED);
    }

    /// A key by its id, whatever its state.
    Optional<StoredKey> find(KeyId kid) {
        return jdbc.sql("select * from identity.key where kid = ?")
                .param(kid.value())
                .query(Keys::key)
                .optional();
    }

    /// The ids of keys after one of them, in order.
    List<String> after(String kid, int most) {
        return jdbc.sql("select kid from identity.key where kid > ? order by kid limit ?")
                .params(kid, most)
                .query(String.class)
                .list();
    }

    /// Those of these ids that are of a key here.
    Set<String> known(Set<String> ids) {
        return jdbc.sql("select kid from identity.key where kid = any(?)")
                .param(ids.toArray(String[]::new))
                .query(String.class)
                .set();
    }

    /// All keys of this purpose that wait, for what a crash left half done.
    List<StoredKey> prepared() {
        return jdbc.sql("select * from identity.key where state = 'PREPARED'")
                .query(Keys::key)
                .list();
    }

    /// The holder's first key: the one in use, or the one that waits, made if there is neither. Two at once get the same.
    StoredKey first(KeyHolder holder, KeyPurpose purpose) {
        return locked(
                holder,
                () ->
                        current(holder, purpose)
                                .orElseGet(() -> findOrCreate(holder, purpose, State.PREPARED)));
    }

    /// The key to follow the one in use, made if none waits.
    StoredKey next(KeyHolder holder, KeyPurpose purpose) {
        return locked(holder, () -> findOrCreate(holder, purpose, State.PREPARED));
    }

    /// The key in use, made if there is none, for purposes that the ledger need not know.
    StoredKey create(KeyHolder holder, KeyPurpose purpose) {
        return findOrCreate(holder, purpose, State.CURRENT);
    }

    /// Puts a prepared key into use and retires the one before it. Safe to repeat.
    void promote(StoredKey key) {
        locked(
                key.holder(),
                () -> {
                    replace(key);
                    return key;
                });
    }

    private void replace(StoredKey key) {
        jdbc.sql(
                        """
                        update identity.key set state = 'RETIRED'
                        where member = ? and holder = ? and purpose = ? and state = 'CURRENT' and kid <> ?
                        """)
                .params(
                        key.holder().member().value(),
                        column(key.holder()),
                        key.purpose().name(),
                        key.kid().value())
                .update();
        jdbc.sql("update identity.key set state = 'CURRENT' where kid = ? and state = 'PREPARED'")
                .param(key.kid().value())
                .update();
    }

    /// Never uses this key again.
    void revoke(KeyId kid) {
        jdbc.sql("update identity.key set state = 'REVOKED' where kid = ?")
                .param(kid.value())
                .update();
        opened.remove(kid);
    }

    /// The keys of a holder that are not destroyed.
    List<StoredKey> of(KeyHolder holder) {
        return jdbc.sql(
                        """
                        select * from identity.key
                        where member = ? and holder = ? and state <> 'DESTROYED' order by kid
                        """)
                .params(holder.member().value(), column(holder))
                .query(Keys::key)
                .list();
    }

    /// Destroys the private halves of a patient's keys; the public ones stay, under a name that is nobody's. In the transaction at
    /// hand.
    void destroy(KeyHolder.Patient holder) {
        var nobody = new PatientId(holder.member(), UUID.randomUUID().toString());
        for (var key : of(holder)) {
            jdbc.sql(
                            """
                            update identity.key set state = 'DESTROYED', sealed = '', holder = ?
                            where kid = ?
                            """)
                    .params(column(new KeyHolder.Patient(nobody)), key.kid().value())
                    .update();
            opened.remove(key.kid());
        }
    }

    /// The key to sign with.
    SigningKey signing(StoredKey key) {
        return new SigningKey(key.publicKey(), open(key));
    }

    /// The private key itself; it must not leave this module.
    PrivateKey open(StoredKey key) {
        return opened.get(key.kid(), _ -> privateKey(key));
    }

    /// Makes sure that a key lies there as it was sealed.
    ///
    /// @throws Aead.Tampered if it does not
    void requireOpens(StoredKey key) {
        privateKey(key);
    }

    private PrivateKey privateKey(StoredKey key) {
        var pkcs8 = pkcs8(key);
        try {
            return KeyFactory.getInstance(algorithm(key.purpose()), Es256.CONSCRYPT)
                    .generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a key does not load: " + key.kid(), e);
        } finally {
            Arrays.fill(pkcs8, (byte) 0);
        }
    }

    private byte[] pkcs8(StoredKey key) {
        return master.aead(key.generation)
                .open(key.sealed, associatedData(key.holder(), key.purpose(), key.kid()));
    }

    /// How many are sealed under an earlier master key.
    long sealedBefore(int generation) {
        return jdbc.sql(
                        """
                        select count(*) from identity.key
                        where generation < ? and state <> 'DESTROYED'
                        """)
                .param(generation)
                .query(Long.class)
                .single();
    }

    /// Seals some of them under the newest, those after one.
    ///
    /// @return the last of them; none if there are no others
    Optional<String> sealAgain(String after, int most) {
        var generation = master.generation();
        var some =
                jdbc.sql(
                                """
                                select * from identity.key
                                where generation < ? and state <> 'DESTROYED' and kid > ?
                                order by kid limit ?
                                """)
                        .params(generation, after, most)
                        .query(Keys::key)
                        .list();
        for (var key : some) {
            var pkcs8 = pkcs8(key);
            jdbc.sql(
                            """
                            update identity.key set sealed = ?, generation = ?
                            where kid = ? and generation = ? and state <> 'DESTROYED'
                            """)
                    .params(
                            master.aead(generation)
                                    .seal(
                                            pkcs8,
                                            associatedData(key.holder(), key.purpose(), key.kid())),
                            generation,
                            key.kid().value(),
                            key.generation)
                    .update();
            Arrays.fill(pkcs8, (byte) 0);
        }
        return some.isEmpty() ? Optional.empty() : Optional.of(some.getLast().kid().value());
    }

    /// Destroys the private halves of what a holder once used for this purpose, once the present key has been in use for a while: what
    /// was begun with one of before is done by then.
    void destroyRetired(KeyHolder holder, KeyPurpose purpose) {
        jdbc.sql(
                        """
                        update identity.key set state = 'DESTROYED', sealed = ''
                        where member = ? and holder = ? and purpose = ? and state = 'RETIRED'
                          and exists (select from identity.key present
                            where present.member = key.member and present.holder = key.holder
                              and present.purpose = key.purpose and present.state = 'CURRENT'
                              and present.created < ?)
                        returning kid
                        """)
                .params(
                        holder.member().value(),
                        column(holder),
                        purpose.name(),
                        Timestamp.from(clock.instant().minus(LINGERING)))
                .query(String.class)
                .list()
                .forEach(kid -> opened.remove(new KeyId(kid)));
    }

    /// One after the other for each holder, so that what is read stays true until it is acted on.
    private StoredKey locked(KeyHolder holder, Supplier<StoredKey> action) {
        return Objects.requireNonNull(
                transaction.execute(
                        _ -> {
                            jdbc.sql("select pg_advisory_xact_lock(hashtextextended(?, 0))")
                                    .param("identity.key/" + holder.member() + "/" + column(holder))
                                    .query()
                                    .singleRow();
                            return action.get();
                        }));
    }

    private StoredKey findOrCreate(KeyHolder holder, KeyPurpose purpose, State state) {
        return find(holder, purpose, state)
                .orElseGet(
                        () -> {
                            insert(holder, purpose, state, generate(purpose));
                            return find(holder, purpose, state).orElseThrow();
                        });
    }

    private void insert(KeyHolder holder, KeyPurpose purpose, State state, KeyPair pair) {
        var publicKey = publicJwk(pair);
        var kid = publicKey.keyId();
        var pkcs8 = pair.getPrivate().getEncoded();
        var generation = master.generation();
        jdbc.sql(
                        """
                        insert into identity.key
                            (kid, member, holder, purpose, state, public_key, sealed, created,
                             generation)
                        values (?, ?, ?, ?, ?, ?, ?, ?, ?)
                        on conflict (member, holder, purpose, state)
                            where state in ('PREPARED', 'CURRENT') do nothing
                        """)
                .params(
                        kid.value(),
                        holder.member().value(),
                        column(holder),
                        purpose.name(),
                        state.name(),
                        publicKey.json(),
                        master.aead(generation).seal(pkcs8, associatedData(holder, purpose, kid)),
                        Timestamp.from(clock.instant()),
                        generation)
                .update();
        Arrays.fill(pkcs8, (byte) 0);
    }

    private KeyPair generate(KeyPurpose purpose) {
        try {
            var generator = KeyPairGenerator.getInstance(algorithm(purpose), Es256.CONSCRYPT);
            if (!isEd25519(purpose)) {
                generator.initialize(new ECGenParameterSpec("secp256r1"), random);
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("keys cannot be made here", e);
        }
    }

    private static String algorithm(KeyPurpose purpose) {
        return isEd25519(purpose) ? "Ed25519" : "EC";
    }

    private static boolean isEd25519(KeyPurpose purpose) {
        return purpose == KeyPurpose.LOG || purpose == KeyPurpose.WITNESS;
    }

    private static PublicJwk publicJwk(KeyPair pair) {
        if (pair.getPublic() instanceof ECPublicKey ec) {
            return PublicJwk.of(new ECKey.Builder(Curve.P_256, ec).build());
        }
        var spki = pair.getPublic().getEncoded();
        var raw = Arrays.copyOfRange(spki, spki.length - 32, spki.length);
        return new PublicJwk.Ed25519(Base64URL.encode(raw).toString());
    }

    private Optional<StoredKey> find(KeyHolder holder, KeyPurpose purpose, State state) {
        return jdbc.sql(
                        """
                        select * from identity.key
                        where member = ? and holder = ? and purpose = ? and state = ?
                        """)
                .params(holder.member().value(), column(holder), purpose.name(), state.name())
                .query(Keys::key)
                .optional();
    }

    private static StoredKey key(ResultSet row, int number) throws SQLException {
        return new StoredKey(
                new KeyId(row.getString("kid")),
                holder(new MemberId(row.getString("member")), row.getString("holder")),
                KeyPurpose.valueOf(row.getString("purpose")),
                State.valueOf(row.getString("state")),
                PublicJwk.parse(row.getString("public_key")),
                row.getBytes("sealed"),
                row.getInt("generation"));
    }

    private static byte[][] associatedData(KeyHolder holder, KeyPurpose purpose, KeyId kid) {
        return new byte[][] {
            utf8("identity.key"),
            utf8(holder.member().value()),
            utf8(column(holder)),
            utf8(purpose.name()),
            utf8(kid.value())
        };
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String column(KeyHolder holder) {
        return switch (holder) {
            case KeyHolder.Organisation _ -> "organisation";
            case KeyHolder.Patient(var patient) -> "patient/" + patient.id();
            case KeyHolder.Practitioner(var practitioner) -> "practitioner/" + practitioner.id();
        };
    }

    private static KeyHolder holder(MemberId member, String column) {
        var slash = column.indexOf('/');
        var id = column.substring(slash + 1);
        return switch (column.substring(0, Math.max(slash, 0))) {
            case "patient" -> new KeyHolder.Patient(new PatientId(member, id));
            case "practitioner" -> new KeyHolder.Practitioner(new PractitionerId(member, id));
            default -> new KeyHolder.Organisation(member);
        };
    }

    /// Where a key is in its life.
    enum State {
        PREPARED,
        CURRENT,
        RETIRED,
        REVOKED,
        /// Its private half is gone.
        DESTROYED
    }

    /// A key as it is stored: its private half sealed.
    static final class StoredKey {
        private final KeyId kid;
        private final KeyHolder holder;
        private final KeyPurpose purpose;
        private final State state;
        private final PublicJwk publicKey;
        private final byte[] sealed;
        private final int generation;

        private StoredKey(
                KeyId kid,
                KeyHolder holder,
                KeyPurpose purpose,
                State state,
                PublicJwk publicKey,
                byte[] sealed,
                int generation) {
            this.generation = generation;
            this.kid = kid;
            this.holder = holder;
            this.purpose = purpose;
            this.state = state;
            this.publicKey = publicKey;
            this.sealed = sealed;
        }

        KeyId kid() {
            return kid;
        }

        KeyHolder holder() {
            return holder;
        }

        KeyPurpose purpose() {
            return purpose;
        }

        State state() {
            return state;
        }

        PublicJwk publicKey() {
            return publicKey;
        }

        @Override
        public String toString() {
            return "StoredKey[" + kid + ", " + purpose + ", " + state + "]";
        }
    }
}
