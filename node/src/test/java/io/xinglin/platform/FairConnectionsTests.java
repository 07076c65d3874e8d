package io.xinglin.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.xinglin.TestNode;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

@TestNode
class FairConnectionsTests {
    private final DataSource pool;

    @Autowired
    FairConnectionsTests(DataSource pool) {
        this.pool = pool;
    }

    @Test
    void the_nodes_connections_are_fair() {
        assertThat(pool).isInstanceOf(FairConnections.class);
    }

    @Test
    void who_asks_first_is_served_first() throws Exception {
        var fair = new FairConnections(pool, 1, Duration.ofSeconds(30));
        var served = new ArrayList<Integer>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            try (var busy = fair.getConnection()) {
                assertThat(busy.isValid(1)).isTrue();
                for (var number : List.of(1, 2, 3)) {
                    threads.execute(() -> serve(fair, served, number));
                    Thread.sleep(100);
                }
            }
        }

        assertThat(served).containsExactly(1, 2, 3);
    }

    @Test
    void a_connection_that_is_closed_twice_is_given_back_once() throws Exception {
        var fair = new FairConnections(pool, 1, Duration.ofMillis(100));
        var connection = fair.getConnection();
        connection.close();
        connection.close();

        try (var next = fair.getConnection()) {
            assertThat(next.isClosed()).isFalse();
            assertThatThrownBy(fair::getConnection)
                    .isInstanceOf(SQLTransientConnectionException.class);
        }
    }

    private static void serve(DataSource fair, List<Integer> served, int number) {
        try (var connection = fair.getConnection()) {
            served.add(connection.isClosed() ? -number : number);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
