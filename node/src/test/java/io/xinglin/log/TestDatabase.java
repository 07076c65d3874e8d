package io.xinglin.log;

import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.core.JdbcTemplate;

/// One PostgreSQL server for all tests of the module, with the module's tables and nothing in them.
final class TestDatabase {
    private static final EmbeddedPostgres SERVER = start();
    private static final HikariDataSource POOL = migrated();

    private TestDatabase() {}

    private static EmbeddedPostgres start() {
        try {
            return EmbeddedPostgres.builder().start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String url() {
        return SERVER.getJdbcUrl("postgres", "postgres");
    }

    private static HikariDataSource migrated() {
        var pool = LogNode.connect(url());
        Flyway.configure().dataSource(pool).load().migrate();
        return pool;
    }

    static HikariDataSource empty() {
        new JdbcTemplate(POOL)
                .execute(
                        "truncate log.pending, log.entry, log.checkpoint, log.witnessed, log.cosignature, log.evidence");
        return POOL;
    }

    static HikariDataSource pool() {
        return POOL;
    }
}
