package io.xinglin.identity;

import io.xinglin.contracts.MemberId;
import io.xinglin.platform.BoundedCache;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.sql.Timestamp;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListSet;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// The organisations of this node and the roots of their secrets.
@Component
class Organisations {
    private final JdbcClient jdbc;
    private final Keys keys;
    private final InstantSource clock;
    private final SecureRandom random;
    private final MasterKey master;
    private final ConcurrentSkipListSet<MemberId> ids = new ConcurrentSkipListSet<>();
    private final BoundedCache<MemberId, byte[]> roots = new BoundedCache<>(1_000);

    Organisations(
            JdbcClient jdbc,
            Keys keys,
            InstantSource clock,
            SecureRandom random,
            MasterKey masterKey) {
        this.jdbc = jdbc;
        this.keys = keys;
        this.clock = clock;
        this.random = random;
        this.master = masterKey;
        refresh();
    }

    /// Learns which organisations have joined: those whose signing key is, or was, in use.
    final void refresh() {
        ids.addAll(
                jdbc.sql(
                                """
                                select distinct member from identity.key
                                where holder = 'organisation' and purpose = 'SIGN' and state <> 'PREPARED'
                                """)
                        .query((row, _) -> new MemberId(row.getString(1)))
                        .list());
    }

    /// Makes the organisation's root and keys, if it has none yet.
    void create(Organisation organisation, Addresses addresses) {
        var id = organisation.id();
        var root = new byte[32];
        random.nextBytes(root);
        var generation = master.generation();
        jdbc.sql(
                        """
                        insert into identity.organisation
                            (member, zh, en, roles, origin, root, created, generation)
                        values (?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing
                        """)
                .params(
                        id.value(),
                        organisation.name().zh(),
                        organisation.name().en(),
                        organisation.roles().stream().map(Enum::name).toArray(String[]::new),
                        addresses.newOrigin(id),
                        master.aead(generation).seal(root, associatedData(id)),
                        Timestamp.from(clock.instant()),
                        generation)
                .update();
        var holder = new KeyHolder.Organisation(id);
        keys.create(holder, KeyPurpose.LOG);
        keys.create(holder, KeyPurpose.WRAP);
        keys.create(holder, KeyPurpose.TOKEN);
        keys.create(holder, KeyPurpose.WITNESS);
    }

    /// The names of all that were ever made here, whether they joined or not.
    List<String> names() {
        return jdbc.sql("select member from identity.organisation").query(String.class).list();
    }

    /// Those that have joined the ledger.
    List<MemberId> ids() {
        return List.copyOf(ids);
    }

    boolean contains(MemberId id) {
        return ids.contains(id);
    }

    /// The origin of its log, which never changes.
    String origin(MemberId id) {
        return jdbc.sql("select origin from identity.organisation where member = ?")
                .param(id.value())
                .query(String.class)
                .optional()
                .orElseThrow(() -> new UnknownKeyHolder(new KeyHolder.Organisation(id)));
    }

    /// What every secret of the organisation is derived from.
    byte[] root(MemberId id) {
        return roots.get(id, this::openRoot);
    }

    private byte[] openRoot(MemberId id) {
        return sealed(id).orElseThrow(() -> new UnknownKeyHolder(new KeyHolder.Organisation(id)));
    }

    private Optional<byte[]> sealed(MemberId id) {
        return jdbc.sql("select root, generation from identity.organisation where member = ?")
                .param(id.value())
                .query(
                        (row, _) ->
                                master.aead(row.getInt("generation"))
                                        .open(row.getBytes("root"), associatedData(id)))
                .optional();
    }

    /// How many roots are sealed under an earlier master key.
    long sealedBefore(int generation) {
        return jdbc.sql("select count(*) from identity.organisation where generation < ?")
                .param(generation)
                .query(Long.class)
                .single();
    }

    /// Seals all of them under the newest.
    void sealAgain() {
        var generation = master.generation();
        for (var name : names()) {
            var id = new MemberId(name);
            var root = sealed(id).orElseThrow();
            jdbc.sql(
                            """
                            update identity.organisation set root = ?, generation = ?
                            where member = ? and generation < ?
                            """)
                    .params(
                            master.aead(generation).seal(root, associatedData(id)),
                            generation,
                            name,
                            generation)
                    .update();
        }
    }

    private static byte[][] associatedData(MemberId id) {
        return new byte[][] {
            "identity.organisation.root".getBytes(StandardCharsets.UTF_8),
            id.value().getBytes(StandardCharsets.UTF_8)
        };
    }
}
