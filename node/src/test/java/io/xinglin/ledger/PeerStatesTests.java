package io.xinglin.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.xinglin.contracts.StateKeys;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeerStatesTests {
    @TempDir Path data;
    private MemoryChannel channel;
    private TestLedger node;

    @BeforeEach
    void found() {
        channel = new MemoryChannel(TestLedger.NAME, () -> Instant.parse("2026-03-01T08:00:00Z"));
        node = TestLedger.on(channel, data);
        node.found();
        for (var i = 0; i < 5; i++) {
            node.submit(node.patient(), node.grant(UUID.randomUUID()));
        }
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void of_a_peer_that_answers_what_was_agreed_nothing_is_said() throws InterruptedException {
        node.comparePeers();

        assertThat(altered()).isEmpty();
    }

    @Test
    void a_value_that_was_changed_in_a_peers_database_is_named_until_it_is_mended()
            throws InterruptedException {
        var key = StateKeys.member(TestLedger.HOSPITAL);
        channel.altered.put(key, Optional.of("{}"));

        node.comparePeers();
        assertThat(altered()).containsExactly(key);

        channel.altered.clear();
        node.comparePeers();
        assertThat(altered()).isEmpty();
    }

    @Test
    void a_value_that_a_peer_lost_is_named() throws InterruptedException {
        var key = StateKeys.member(TestLedger.HOSPITAL);
        channel.altered.put(key, Optional.empty());

        node.comparePeers();

        assertThat(altered()).containsExactly(key);
    }

    @Test
    void what_was_read_lately_is_compared_first() throws InterruptedException {
        for (var i = 0; i < 60; i++) {
            node.patient();
        }
        var patient = node.patient();
        node.submit(patient, node.grant(UUID.randomUUID()));
        var key = StateKeys.key(patient.id());
        channel.altered.put(key, Optional.of("{}"));

        node.comparePeersOnce();
        assertThat(altered()).containsExactly(key);

        channel.altered.clear();
        node.comparePeersOnce();
        assertThat(altered()).isEmpty();
    }

    @Test
    void what_is_written_meanwhile_is_no_fault() throws InterruptedException {
        var patient = node.patient();
        for (var i = 0; i < 10; i++) {
            var waiting =
                    node.ledger().submitAsync(node.sign(patient, node.grant(UUID.randomUUID())));
            node.comparePeers();
            waiting.join();
        }

        assertThat(altered()).isEmpty();
    }

    private List<String> altered() {
        return node.ledger().status().channel().orElseThrow().peers().getFirst().altered();
    }
}
