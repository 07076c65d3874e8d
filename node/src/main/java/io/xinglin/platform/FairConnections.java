package io.xinglin.platform;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/// The connections of a pool, in the order they are asked for.
///
/// A pool alone gives a returned connection to whoever looks first. While reads come without a pause, that is mostly one of them, and a
/// patient's withdrawal could wait for seconds.
final class FairConnections extends DelegatingDataSource {
    private final Semaphore free;
    private final Duration patience;

    /// @param connections how many the pool has
    FairConnections(DataSource pool, int connections, Duration patience) {
        super(pool);
        this.free = new Semaphore(connections, true);
        this.patience = patience;
    }

    @Override
    public Connection getConnection() throws SQLException {
        awaitTurn();
        try {
            return givingBack(super.getConnection());
        } catch (SQLException | RuntimeException e) {
            free.release();
            throw e;
        }
    }

    private void awaitTurn() throws SQLException {
        try {
            if (!free.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new SQLTransientConnectionException("all connections are in use");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLTransientConnectionException("interrupted while waiting", e);
        }
    }

    private Connection givingBack(Connection connection) {
        var inUse = new AtomicBoolean(true);
        return (Connection)
                Proxy.newProxyInstance(
                        Connection.class.getClassLoader(),
                        new Class<?>[] {Connection.class},
                        (_, method, arguments) -> {
                            try {
                                return method.invoke(connection, arguments);
                            } catch (InvocationTargetException e) {
                                throw e.getTargetException();
                            } finally {
                                if (method.getName().equals("close")
                                        && inUse.compareAndSet(true, false)) {
                                    free.release();
                                }
                            }
                        });
    }
}
