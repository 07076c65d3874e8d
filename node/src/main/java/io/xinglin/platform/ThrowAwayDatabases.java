package io.xinglin.platform;

import com.zaxxer.hikari.HikariDataSource;
import java.util.UUID;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/// Databases beside the node's own, with the same tables and nothing in them, for what is thrown away in the end.
///
/// They are in the embedded server: a node on an external one has no bean of this type. What a crash leaves behind is deleted
/// by the next start.
public final class ThrowAwayDatabases {
    private static final String PREFIX = "xinglin_throwaway_";
    private static final int CONNECTIONS = 5;
    private static final long CONNECTION_MILLIS_MAX = 5_000;
    private static final long IDLE_MILLIS = 10_000;

    private final EmbeddedDatabase server;

    ThrowAwayDatabases(EmbeddedDatabase server, boolean readOnly) {
        this.server = server;
        if (!readOnly) {
            server.named(PREFIX).forEach(server::drop);
        }
    }

    /// Makes one.
    public ThrowAwayDatabase create() {
        var name = PREFIX + UUID.randomUUID().toString().replace("-", "");
        var pool = new HikariDataSource();
        pool.setPoolName(name);
        pool.setJdbcUrl(server.create(name));
        pool.setUsername(EmbeddedDatabase.ROLE);
        pool.setPassword(server.password());
        pool.setMaximumPoolSize(CONNECTIONS);
        pool.setMinimumIdle(0);
        pool.setIdleTimeout(IDLE_MILLIS);
        pool.setConnectionTimeout(CONNECTION_MILLIS_MAX);
        var database = new ThrowAwayDatabase(name, pool);
        try {
            Flyway.configure().dataSource(pool).load().migrate();
            return database;
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
    }

    /// A database that is gone once it is closed.
    public final class ThrowAwayDatabase implements AutoCloseable {
        private final String name;
        private final HikariDataSource pool;

        private ThrowAwayDatabase(String name, HikariDataSource pool) {
            this.name = name;
            this.pool = pool;
        }

        /// Where it is.
        public DataSource dataSource() {
            return pool;
        }

        /// Deletes it with everything in it.
        @Override
        public void close() {
            pool.close();
            server.drop(name);
        }
    }
}
