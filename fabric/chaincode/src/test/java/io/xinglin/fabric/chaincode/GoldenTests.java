package io.xinglin.fabric.chaincode;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.InsecureChannelCredentials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The golden files of the contracts, through a peer: the same bytes must be read, written or refused as on every other engine.
class GoldenTests {
    private static final Path GOLDEN = Path.of("../../contracts/src/test/resources/golden");

    /// A line of a golden file: canonical JSON, so that what is expected can be taken as it stands.
    private static final Pattern STEP =
            Pattern.compile(
                    "\\{\"jws\":\"([^\"]+)\",\"name\":\"([^\"]+)\",\"outcome\":(\\{.*}),\"time\":([0-9]+)},?");

    private static final Pattern CODE = Pattern.compile("\\{\"code\":\"([a-z-]+)\".*");

    private record Step(String jws, String name, String outcome, Instant time) {}

    @ParameterizedTest
    @ValueSource(
            strings = {"transactions", "witnesses", "governance", "governance-2", "membership-2"})
    void every_transaction_reads_and_writes_through_a_peer_what_it_does_elsewhere(String name)
            throws Exception {
        var clock = new AtomicReference<>(Instant.EPOCH);
        var address = TestServer.freeAddress();
        try (var _ = TestServer.start(address, clock::get);
                var peer =
                        FakePeer.dial(
                                "test-ledger", address, InsecureChannelCredentials.create())) {
            // Just outside what decisions read.
            peer.put("admitted.", "{}");
            peer.put("admitted0", "{}");

            for (var step : steps(name)) {
                clock.set(step.time());
                assertThat(outcome(peer.submit(step.time(), "apply", step.jws())))
                        .as(step.name())
                        .isEqualTo(step.outcome());
            }
        }
    }

    private static List<Step> steps(String name) throws IOException {
        var file = Files.readString(GOLDEN.resolve(name + ".json"));
        var steps =
                file.lines()
                        .map(STEP::matcher)
                        .filter(line -> line.matches())
                        .map(
                                line ->
                                        new Step(
                                                line.group(1),
                                                line.group(2),
                                                line.group(3),
                                                Instant.ofEpochMilli(
                                                        Long.parseLong(line.group(4)))))
                        .toList();
        assertThat(steps)
                .as("all but the first and last line")
                .hasSize((int) file.lines().count() - 2);
        return steps;
    }

    private static String outcome(FakePeer.Answer answer) {
        if (answer.status() == 200) {
            assertThat(answer.payload()).isEmpty();
            return answer.effects().toJson();
        }
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.effects().writes()).isEmpty();
        var code = CODE.matcher(answer.message());
        assertThat(code.matches()).isTrue();
        return "{\"violation\":\"" + code.group(1) + "\"}";
    }
}
