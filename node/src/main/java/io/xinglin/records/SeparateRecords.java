package io.xinglin.records;

import io.xinglin.consent.RecordCategory;
import io.xinglin.contracts.MemberId;
import io.xinglin.fsck.Check;
import io.xinglin.fsck.Report;
import io.xinglin.identity.Aead;
import io.xinglin.log.EntryKind;
import io.xinglin.log.SeparateLogs;
import io.xinglin.records.Compartment.Owner;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Sealed records apart from the node's own, on a database of their own: for trying what the node's must never see.
///
/// The same code seals, stores and opens them. Their [Check] asks what needs no patient and no index: whether each opens where it is, and
/// whether it is what the log has an entry of. Their keys are in memory only.
public final class SeparateRecords {
    private static final int CLASS = 1;
    private static final int RECORDS_MAX = 1_000;

    private final JdbcClient jdbc;
    private final RecordTable table;
    private final SeparateLogs logs;
    private final SecureRandom random;
    private final Seal seal;
    private final Map<Long, CompartmentKey> keys = new HashMap<>();

    /// @param database has the node's tables
    /// @param logs where each record gets an entry
    public SeparateRecords(DataSource database, SeparateLogs logs, SecureRandom random) {
        this.jdbc = JdbcClient.create(database);
        this.table = new RecordTable(jdbc, new JdbcTemplate(database));
        this.logs = logs;
        this.random = random;
        this.seal = new Seal(random);
    }

    /// Stores so many laboratory results of nobody, numbered from this one on.
    public void write(MemberId custodian, int first, int count, Instant time) {
        var key = newKey(custodian);
        var versions =
                IntStream.range(first, first + count)
                        .mapToObj(n -> sealed(version(custodian, n, time), key))
                        .toList();
        var openings = versions.stream().map(NewVersion::opening).toList();
        table.insert(versions, logs.append(custodian, EntryKind.WRITE, openings));
    }

    private CompartmentKey newKey(MemberId custodian) {
        var number =
                jdbc.sql(
                                """
                                insert into records.compartment (org, owner, class, epoch, custodian_wrap, mac)
                                select ?, '', ?, count(*) + 1, '', '' from records.compartment
                                returning key, epoch
                                """)
                        .params(custodian.value(), CLASS)
                        .query(
                                (row, _) ->
                                        new Compartment(
                                                row.getLong("key"),
                                                Owner.organisation(custodian),
                                                CLASS,
                                                row.getInt("epoch")))
                        .single();
        var bytes = new byte[CompartmentKey.BYTES];
        random.nextBytes(bytes);
        var key = new CompartmentKey(number, bytes);
        keys.put(number.key(), key);
        return key;
    }

    private Version version(MemberId custodian, int n, Instant time) {
        var salt = new byte[Version.SALT_BYTES];
        random.nextBytes(salt);
        var json =
                "{\"resourceType\":\"Observation\",\"id\":\"%d\",\"status\":\"final\"}"
                        .formatted(n);
        return new Version(
                new ResourceId(custodian, "Observation", Integer.toString(n)).version(1),
                time,
                "system sandbox",
                salt,
                json.getBytes(StandardCharsets.UTF_8));
    }

    private NewVersion sealed(Version version, CompartmentKey key) {
        var category = RecordCategory.LABORATORY;
        return new NewVersion(
                version.id(),
                false,
                0,
                key.compartment().owner(),
                key.compartment(),
                category,
                version.written(),
                new long[0],
                List.of(),
                version.opening(),
                seal.seal(key, category, version));
    }

    /// What checks them.
    public Check check() {
        return new Check() {
            @Override
            public String name() {
                return "sealed records: content and log";
            }

            @Override
            public void run(Report report) {
                for (var row : table.after(0, 0, RECORDS_MAX)) {
                    SeparateRecords.this.check(row.version(), report);
                    report.checked(1);
                }
            }
        };
    }

    private void check(StoredVersion row, Report report) {
        var where = row.id().toString();
        try {
            var key = Objects.requireNonNull(keys.get(row.compartment()));
            var category = Categories.category(row.category());
            var version = seal.open(key, category, row.id(), row.written(), row.sealed());
            if (!logs.holds(
                    row.id().resource().custodian(),
                    row.entry(),
                    EntryKind.WRITE,
                    version.opening())) {
                report.finding(where, "it is not what the log has an entry of");
            }
        } catch (Aead.Tampered | Seal.UnknownFormat e) {
            report.finding(where, "it does not open: the row, its place or its key was changed");
        }
    }
}
