package io.xinglin.fabric.chaincode;

import static io.xinglin.fabric.chaincode.Consortium.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.InsecureChannelCredentials;
import io.xinglin.contracts.Change;
import io.xinglin.contracts.GovernanceCommand;
import io.xinglin.contracts.Parameter;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.hyperledger.fabric.protos.peer.SignedProposal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a peer sees, over TCP.
class ContractChaincodeTests {
    private final Consortium consortium = new Consortium(NOW);
    private InetSocketAddress address;
    private ChaincodeServer server;
    private FakePeer peer;

    @BeforeEach
    void a_hospital_is_on_the_ledger() throws Exception {
        address = TestServer.freeAddress();
        server = TestServer.start(address, () -> NOW);
        peer = dial(Consortium.LEDGER);
        assertThat(apply(consortium.founding()).status()).isEqualTo(200);
        assertThat(apply(consortium.joining()).status()).isEqualTo(200);
    }

    @AfterEach
    void stop() {
        peer.close();
        server.close();
    }

    @Test
    void it_registers_under_its_package_id() {
        assertThat(peer.packageId()).isEqualTo(TestServer.PACKAGE_ID);
    }

    @Test
    void version_says_which_ledger_this_is_and_which_rules_the_build_knows() {
        var answer = peer.evaluate(NOW, "version");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.payload())
                .isEqualTo(
                        "{\"contracts\":{\"anchor\":2,\"consent\":1,\"governance\":2,\"keys\":1,"
                                + "\"membership\":2},\"ledger\":\"health\"}");
    }

    @Test
    void hashes_are_of_the_values_in_the_order_of_the_keys() throws Exception {
        var answer = apply(registrations(patients(2)));
        var writes = answer.effects().writes();
        var keys = List.copyOf(writes.keySet());
        var sha256 = MessageDigest.getInstance("SHA-256");

        var asked = new ArrayList<>(keys.reversed());
        asked.add(1, "key/nobody");
        var lines = peer.evaluate(NOW, "hashes", asked.toArray(String[]::new)).payload().lines();

        var expected = new ArrayList<String>();
        for (var key : keys.reversed()) {
            var value =
                    writes.getOrDefault(key, Optional.empty())
                            .orElseThrow()
                            .getBytes(StandardCharsets.UTF_8);
            expected.add(HexFormat.of().formatHex(sha256.digest(value)));
        }
        expected.add(1, "-");
        assertThat(lines).containsExactlyElementsOf(expected);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 501})
    void hashes_of_no_keys_or_too_many_are_refused(int count) {
        var keys = IntStream.range(0, count).mapToObj(i -> "key/" + i).toArray(String[]::new);

        assertThat(peer.evaluate(NOW, "hashes", keys).status()).isEqualTo(422);
    }

    @Test
    void independent_transactions_are_put_together_and_the_answer_is_empty() {
        var patients = patients(5);

        var answer = apply(registrations(patients));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.payload()).isEmpty();
        assertThat(answer.effects().writes()).hasSize(10);
        assertThat(apply(consortium.grant(patients.getLast())).status()).isEqualTo(200);
    }

    @Test
    void a_hundred_transactions_ask_for_each_key_once() {
        var answer = apply(registrations(patients(100)));

        assertThat(answer.status()).isEqualTo(200);
        var effects = answer.effects();
        assertThat(effects.writes()).hasSize(200);
        assertThat(answer.requests()).isEqualTo(effects.reads().size() + effects.writes().size());
    }

    @Test
    void a_transaction_that_reads_what_an_earlier_one_writes_is_a_conflict() {
        var patient = consortium.signer();

        var answer =
                apply(
                        consortium.registration(consortium.signer()),
                        consortium.registration(patient),
                        consortium.grant(patient));

        assertRefused(answer, "conflict", 2);
    }

    @Test
    void a_transaction_that_comes_twice_in_a_call_is_a_conflict() {
        var registration = consortium.registration(consortium.signer());

        assertRefused(apply(registration, registration), "conflict", 1);
    }

    @Test
    void a_transaction_that_reads_a_range_into_which_an_earlier_one_writes_is_a_conflict() {
        var hospital = consortium.hospital;
        var proposal = UUID.randomUUID();
        var expires = NOW.plus(Duration.ofDays(1)).truncatedTo(ChronoUnit.SECONDS);
        var change = new Change.Setting(Parameter.MAJORITY_PERCENT, 60);
        apply(hospital.sign(new GovernanceCommand.Propose(proposal, change, expires)));
        var vote = hospital.sign(new GovernanceCommand.Vote(proposal, true));
        var decision = hospital.sign(new GovernanceCommand.Decide(proposal));

        assertRefused(apply(vote, decision), "conflict", 1);
        assertThat(apply(vote).status()).isEqualTo(200);
        assertThat(apply(decision).status()).isEqualTo(200);
    }

    @Test
    void when_the_fourth_of_five_breaks_a_rule_nothing_is_put_and_the_fourth_is_named() {
        var stranger = consortium.signer();
        var transactions = new ArrayList<>(List.of(registrations(patients(4))));
        transactions.add(3, consortium.grant(stranger));

        var answer = apply(transactions.toArray(String[]::new));

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.message())
                .isEqualTo(
                        "{\"code\":\"unknown-key\",\"index\":3,\"message\":\"No key "
                                + stranger.id()
                                + " is on the ledger.\"}");
        assertThat(answer.effects().writes()).isEmpty();
    }

    @Test
    void a_transaction_that_is_on_the_ledger_is_refused() {
        var registration = consortium.registration(consortium.signer());
        apply(registration);

        assertRefused(apply(registration), "replayed", 0);
    }

    @Test
    void a_transaction_for_another_ledger_is_refused() {
        try (var elsewhere = dial("elsewhere")) {
            assertRefused(
                    elsewhere.evaluate(NOW, "apply", consortium.founding()), "wrong-ledger", 0);
        }
    }

    @Test
    void what_is_no_transaction_is_refused_and_named() {
        var good = consortium.registration(consortium.signer());

        assertRefused(apply(good, "eyJhbGciOiJub25lIn0.e30."), "bad-header", 1);
        assertRefused(apply(good, good.replace('.', ',')), "malformed", 1);
    }

    @Test
    void no_transactions_or_too_many_are_no_batch() {
        assertRefused(apply(), "bad-batch");
        assertRefused(apply(registrations(patients(101))), "bad-batch");
    }

    @ParameterizedTest
    @ValueSource(strings = {"transfer", "Apply", "init", ""})
    void any_other_function_is_unknown(String function) {
        assertRefused(peer.evaluate(NOW, function, consortium.founding()), "unknown-function");
    }

    @Test
    void a_call_without_a_function_is_unknown() {
        assertRefused(peer.evaluate(peer.proposal(NOW), List.of()), "unknown-function");
    }

    @ParameterizedTest
    @ValueSource(longs = {-11, 11})
    void a_time_that_is_eleven_minutes_off_is_refused(long minutes) {
        var registration = consortium.registration(consortium.signer());
        var time = NOW.plus(Duration.ofMinutes(minutes));

        assertRefused(peer.evaluate(time, "apply", registration), "clock");
    }

    @ParameterizedTest
    @ValueSource(longs = {-10, 10})
    void a_time_that_is_ten_minutes_off_is_the_transactions_time(long minutes) {
        var registration = consortium.registration(consortium.signer());
        var time = NOW.plus(Duration.ofMinutes(minutes));

        assertThat(peer.evaluate(time, "apply", registration).status()).isEqualTo(200);
    }

    @Test
    void a_call_that_states_no_time_is_refused() {
        var answer =
                peer.evaluate(
                        SignedProposal.getDefaultInstance(),
                        bytes("apply", consortium.registration(consortium.signer())));

        assertRefused(answer, "clock");
    }

    @Test
    void times_are_whole_milliseconds() {
        var proposal = UUID.randomUUID();
        var change = new Change.Setting(Parameter.MAJORITY_PERCENT, 60);
        var expires = NOW.plus(Duration.ofMinutes(5)).truncatedTo(ChronoUnit.SECONDS);
        apply(consortium.hospital.sign(new GovernanceCommand.Propose(proposal, change, expires)));
        var vote = consortium.hospital.sign(new GovernanceCommand.Vote(proposal, true));

        assertRefused(
                peer.evaluate(expires.plusNanos(1_000_000), "apply", vote), "proposal-closed", 0);
        assertThat(peer.evaluate(expires.plusNanos(999_999), "apply", vote).status())
                .isEqualTo(200);
    }

    @Test
    void hostile_arguments_are_refused_and_the_next_call_is_served() {
        var binary = new byte[4096];
        for (var i = 0; i < binary.length; i++) {
            binary[i] = (byte) (i * 31);
        }
        var deep = "e".repeat(60_000) + "." + "W1tb".repeat(1000) + "." + "A".repeat(86);

        assertRefused(apply(""), "malformed", 0);
        assertRefused(apply(".."), "malformed", 0);
        assertRefused(apply("\u0000"), "malformed", 0);
        assertRefused(apply(deep), "malformed", 0);
        assertRefused(apply("a".repeat(1 << 20)), "too-large", 0);
        assertRefused(
                peer.evaluate(
                        peer.proposal(NOW),
                        List.of(ByteString.copyFromUtf8("apply"), ByteString.copyFrom(binary))),
                "malformed",
                0);
        assertRefused(
                peer.evaluate(peer.proposal(NOW), List.of(ByteString.copyFrom(binary))),
                "unknown-function");
        assertThat(peer.evaluate(NOW, "version").status()).isEqualTo(200);
    }

    @Test
    void when_the_peer_cannot_read_the_call_fails_and_tells_nothing() {
        peer.breakDown();

        var answer = apply(consortium.registration(consortium.signer()));

        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.message())
                .isEqualTo(
                        "{\"code\":\"failed\",\"message\":\"The chaincode or its peer failed; try"
                                + " again.\"}");
    }

    @Test
    void a_peer_that_lost_its_connection_dials_again_and_goes_on() {
        var patient = consortium.signer();
        apply(consortium.registration(patient));

        peer.dialAgain();

        assertThat(peer.packageId()).isEqualTo(TestServer.PACKAGE_ID);
        assertThat(apply(consortium.grant(patient)).status()).isEqualTo(200);
    }

    @Test
    void a_peer_that_goes_away_in_the_middle_of_calls_is_served_when_it_is_back() throws Exception {
        var transactions = registrations(patients(200));
        var begun =
                Stream.of(transactions)
                        .map(jws -> peer.begin(peer.proposal(NOW), bytes("apply", jws)))
                        .toList();

        peer.dialAgain();

        assertThat(begun).allMatch(CompletableFuture::isDone);
        assertThat(apply(registrations(patients(2))).status()).isEqualTo(200);
        // The shim waits a minute for the answers of the peer that went; but no thread may wait for
        // ever to speak to it.
        for (var i = 0; i < 50 && waitToSpeak() > 0; i++) {
            Thread.sleep(100);
        }
        assertThat(waitToSpeak()).isZero();
    }

    @Test
    void somebody_who_dials_and_does_not_answer_disturbs_nobody() {
        try (var _ = FakePeer.dialAndKeepSilent(address)) {
            assertThat(peer.evaluate(NOW, "version").status()).isEqualTo(200);
        }
    }

    @Test
    void calls_at_the_same_time_do_not_see_each_other() {
        var begun =
                IntStream.range(0, 100)
                        .mapToObj(i -> bytes("apply", registrations(patients(3))))
                        .map(arguments -> peer.begin(peer.proposal(NOW), arguments))
                        .toList();

        assertThat(begun.stream().map(CompletableFuture::join))
                .allMatch(answer -> answer.status() == 200)
                .allMatch(answer -> answer.effects().writes().size() == 6);
    }

    private static long waitToSpeak() {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(thread -> thread.getKey().getName().startsWith("fabric-txinvoke"))
                .flatMap(thread -> Stream.of(thread.getValue()))
                .filter(frame -> frame.getClassName().equals(ReentrantLock.class.getName()))
                .filter(frame -> frame.getMethodName().equals("lock"))
                .count();
    }

    private FakePeer dial(String ledger) {
        return FakePeer.dial(ledger, address, InsecureChannelCredentials.create());
    }

    private FakePeer.Answer apply(String... transactions) {
        return peer.submit(NOW, "apply", transactions);
    }

    private List<Consortium.Signer> patients(int count) {
        return Stream.generate(consortium::signer).limit(count).toList();
    }

    private String[] registrations(List<Consortium.Signer> patients) {
        return patients.stream().map(consortium::registration).toArray(String[]::new);
    }

    private static List<ByteString> bytes(String function, String... arguments) {
        return Stream.concat(Stream.of(function), Stream.of(arguments))
                .map(ByteString::copyFromUtf8)
                .toList();
    }

    private static void assertRefused(FakePeer.Answer answer, String code, int index) {
        assertRefusal(answer, "{\"code\":\"" + code + "\",\"index\":" + index + ",\"message\":\"");
    }

    private static void assertRefused(FakePeer.Answer answer, String code) {
        assertRefusal(answer, "{\"code\":\"" + code + "\",\"message\":\"");
    }

    private static void assertRefusal(FakePeer.Answer answer, String beginning) {
        assertThat(answer.message()).startsWith(beginning).endsWith(".\"}").doesNotContain("\n");
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.effects().writes()).isEmpty();
    }
}
