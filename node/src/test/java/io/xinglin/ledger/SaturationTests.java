package io.xinglin.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.xinglin.contracts.ReadWriteSet;
import io.xinglin.contracts.SignedTransaction;
import io.xinglin.ledger.TransactionOutcome.Committed;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.http.HttpStatus;

/// More is asked of the ledger than it can do: its database stands still while everyone goes on asking.
@Timeout(120)
class SaturationTests {
    @TempDir Path data;
    private TestLedger test;
    private TestKey patient;

    @BeforeEach
    void found() {
        test = TestLedger.founded(data);
        patient = test.patient();
    }

    @AfterEach
    void close() {
        test.close();
    }

    @Test
    void who_finds_the_line_full_is_told_at_once_and_nothing_of_theirs_is_stored()
            throws Exception {
        List<CompletableFuture<TransactionOutcome>> waiting;
        SignedTransaction turnedAway;
        try (var stalled = stall()) {
            waiting = fill();
            turnedAway = grant();

            assertThatExceptionOfType(LedgerBusy.class)
                    .isThrownBy(() -> test.ledger().submit(turnedAway))
                    .satisfies(
                            busy -> {
                                assertThat(busy.getStatusCode())
                                        .isEqualTo(HttpStatus.TOO_MANY_REQUESTS);
                                assertThat(busy.getHeaders().getFirst("Retry-After"))
                                        .isEqualTo("1");
                            });
            assertThat(waiting).noneMatch(CompletableFuture::isDone);
            stalled.rollback();
        }

        assertThat(waiting.stream().map(CompletableFuture::join))
                .hasOnlyElementsOfType(Committed.class);
        assertThat(test.tables().transaction(turnedAway.id())).isEmpty();
        assertThat(test.ledger().submit(turnedAway)).isInstanceOf(Committed.class);
    }

    @Test
    void large_transactions_fill_the_line_before_it_is_long() throws Exception {
        var line = new WaitingLine();
        var large =
                new Pending(
                        test.sign(test.hospital, test.checkpoint(15_000)),
                        0,
                        0,
                        false,
                        new ReadWriteSet(new TreeMap<>(), new TreeMap<>(), new TreeMap<>()));
        var let = 0;
        while (line.offer(large)) {
            let++;
        }

        assertThat(let).isBetween(500, WaitingLine.TRANSACTIONS_MAX - 1);
        assertThat(line.take(new BlockLimits(10, 0))).hasSize(10);
        assertThat(line.offer(large)).isTrue();
        assertThat(line.empty()).hasSize(let - 9);
        assertThat(line.isFull()).isFalse();
    }

    /// Nothing is committed until this is rolled back.
    private Connection stall() throws SQLException {
        var connection = test.dataSource.getConnection();
        connection.setAutoCommit(false);
        try (var statement = connection.createStatement()) {
            statement.execute("lock table ledger.block in exclusive mode");
        }
        return connection;
    }

    /// As many as are let in: a block that is being written and a full line.
    private List<CompletableFuture<TransactionOutcome>> fill() throws InterruptedException {
        var waiting = new ArrayList<CompletableFuture<TransactionOutcome>>();
        for (var refusals = 0; refusals < 3; ) {
            try {
                waiting.add(test.ledger().submitAsync(grant()));
                refusals = 0;
            } catch (LedgerBusy e) {
                // The writer may be about to take a block's worth.
                refusals++;
                Thread.sleep(Duration.ofMillis(100));
            }
        }
        assertThat(waiting).hasSizeGreaterThanOrEqualTo(WaitingLine.TRANSACTIONS_MAX);
        return waiting;
    }

    private SignedTransaction grant() {
        return test.sign(patient, test.grant(UUID.randomUUID()));
    }
}
