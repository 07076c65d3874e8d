package io.xinglin.log;

import static io.xinglin.log.LogNode.CLINIC;
import static io.xinglin.log.LogNode.HOSPITAL;
import static io.xinglin.log.LogNode.opening;
import static org.assertj.core.api.Assertions.assertThat;

import io.xinglin.tlog.Cosigner;
import io.xinglin.tlog.TlogProof;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifyCommandTests {
    private static final String RECORD = "{\"resourceType\":\"Observation\"}";

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final ByteArrayOutputStream complained = new ByteArrayOutputStream();
    private LogNode node;
    private Path directory;
    private String receipt;
    private String file;
    private String vkey;

    @BeforeEach
    void fetchAReceipt(@TempDir Path data) throws IOException {
        directory = data;
        node = new LogNode(TestDatabase.empty(), data);
        node.append(HOSPITAL, 20);
        var opening =
                opening(
                        """
                        {"kind":"write","resource":"Observation/17","note":"\\u001b[31mred\\u009b0m\\u202ey\\u2028z",\
                        "sha256":"eKnqyLn5kfheX/3m2iB17yzAuzFZz5j+yY4B3d2td/0="}""");
        var entry = node.append(HOSPITAL, opening);
        node.signedUpTo(HOSPITAL, 21);
        receipt = node.logs.receipt(HOSPITAL, entry, opening).orElseThrow();
        file = write("lab.tlog-proof", receipt);
        vkey = node.signer(HOSPITAL).verifier().toString();
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void a_receipt_is_told_in_plain_words() {
        assertThat(verify(file, "--vkey", vkey)).isZero();

        assertThat(printed.toString(StandardCharsets.UTF_8).lines())
                .containsExactly(
                        "VALID " + file,
                        "  The log localhost:8080/log/city-first-hospital holds, as entry 20",
                        "  of 21 signed by its key, this statement:",
                        "    kind: write",
                        "    resource: Observation/17",
                        "    note: ?[31mred?0m?y?z",
                        "    sha256: eKnqyLn5kfheX/3m2iB17yzAuzFZz5j+yY4B3d2td/0=");
    }

    @Test
    void witnesses_can_be_asked_for_and_those_that_cosigned_are_named() throws IOException {
        var cosigner = node.witness(CLINIC);
        var stranger = LogNode.newCosigner(CLINIC).verifier().toString();
        var witness = cosigner.verifier().toString();
        var proof = TlogProof.parse(receipt);
        var line = cosigner.cosign(proof.checkpoint().text(), 1_679_315_147);
        var checkpoint = proof.checkpoint().with(List.of(line));
        var both =
                write(
                        "cosigned.tlog-proof",
                        new TlogProof(proof.extra(), proof.index(), proof.path(), checkpoint)
                                .toString());

        assertThat(verify(both, "--vkey", vkey, "--witness", witness)).isZero();
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains(
                        "  Cosigned by localhost:8080/log/apricot-clinic/witness at 2023-03-20T12:25:47Z");
        assertThat(verify(file, "--vkey", vkey, "--witness", witness)).isEqualTo(1);
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains("INVALID " + file + ": cosigned by 0 of the witnesses, 1 are needed");
        var two = new String[] {both, "--vkey", vkey, "--witness", witness, "--witness", stranger};
        assertThat(verify(two)).isEqualTo(1);
        var one = Stream.concat(Stream.of(two), Stream.of("--quorum", "1"));
        assertThat(verify(one.toArray(String[]::new))).isZero();
    }

    @Test
    void a_policy_that_makes_no_sense_is_not_understood() {
        var witness = node.witness(CLINIC).verifier().toString();

        assertThat(verify(file, "--vkey", vkey, "--quorum", "1")).isEqualTo(2);
        assertThat(verify(file, "--vkey", vkey, "--quorum", "many")).isEqualTo(2);
        assertThat(verify(file, "--vkey", vkey, "--witness", witness, "--quorum", "0"))
                .isEqualTo(2);
        assertThat(verify(file, "--vkey", vkey, "--witness", vkey)).isEqualTo(2);
        assertThat(verify(file, "--vkey", vkey, "--witness", witness, "--witness", witness))
                .isEqualTo(2);
        assertThat(complained.toString(StandardCharsets.UTF_8).lines())
                .containsExactly(
                        "a quorum of 1 cannot be had of 0",
                        "--quorum is a number from 1 on",
                        "--quorum is a number from 1 on",
                        "a key given with --vkey or --witness cannot be used: "
                                + "the key of the vkey is not one for Ed25519 cosignatures",
                        "a witness is named twice");
    }

    @Test
    void a_policy_file_says_whom_to_believe() throws IOException {
        var cosigner = node.witness(CLINIC);
        var proof = TlogProof.parse(receipt);
        var line = cosigner.cosign(proof.checkpoint().text(), Long.MAX_VALUE);
        var checkpoint = proof.checkpoint().with(List.of(line));
        var cosigned =
                write(
                        "cosigned.tlog-proof",
                        new TlogProof(proof.extra(), proof.index(), proof.path(), checkpoint)
                                .toString());
        var witnesses =
                "witness clinic %s\nwitness other %s\n"
                        .formatted(cosigner.verifier(), LogNode.newCosigner(HOSPITAL).verifier());
        var any =
                write(
                        "any",
                        "log " + vkey + "\n" + witnesses + "group g any clinic other\nquorum g\n");
        var all =
                write(
                        "all",
                        "log " + vkey + "\n" + witnesses + "group g all clinic other\nquorum g\n");
        var logless = write("logless", witnesses + "quorum clinic\n");
        var others = "log " + node.signer(CLINIC).verifier() + "\nquorum none\n";

        assertThat(verify(cosigned, "--policy", any)).isZero();
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains("  Cosigned by localhost:8080/log/apricot-clinic/witness at ");
        assertThat(verify(file, "--policy", any)).isEqualTo(1);
        assertThat(verify(cosigned, "--policy", all)).isEqualTo(1);
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains("INVALID " + cosigned + ": cosigned by 1 of the witnesses, 2 are needed");
        assertThat(verify(cosigned, "--policy", logless, "--vkey", vkey)).isZero();
        assertThat(verify(cosigned, "--policy", write("others", others))).isEqualTo(1);
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("is not asked for");
    }

    @Test
    void a_witness_may_sign_with_ml_dsa() throws Exception {
        var keys = KeyPairGenerator.getInstance("ML-DSA-44").generateKeyPair();
        var cosigner = Cosigner.mlDsa44("witness.example", keys);
        var proof = TlogProof.parse(receipt);
        var line = cosigner.cosign(proof.checkpoint().text(), 1_679_315_147);
        var checkpoint = proof.checkpoint().with(List.of(line));
        var cosigned =
                new TlogProof(proof.extra(), proof.index(), proof.path(), checkpoint).toString();
        var witness = cosigner.verifier().toString();

        assertThat(verify(write("cosigned", cosigned), "--vkey", vkey, "--witness", witness))
                .isZero();
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains("  Cosigned by witness.example at 2023-03-20T12:25:47Z");
        assertThat(verify(file, "--vkey", vkey, "--witness", witness)).isEqualTo(1);
    }

    @Test
    void a_policy_file_that_cannot_be_used_is_named_with_its_line() throws IOException {
        var wrong = write("wrong", "log " + vkey + "\n\nquorum most\n");
        var right = write("right", "log " + vkey + "\nquorum none\n");
        var logless = write("logless", "quorum none\n");
        var witness = node.witness(CLINIC).verifier().toString();

        assertThat(verify(file, "--policy", wrong)).isEqualTo(2);
        assertThat(verify(file, "--policy", right, "--vkey", vkey)).isEqualTo(2);
        assertThat(verify(file, "--policy", logless)).isEqualTo(2);
        assertThat(verify(file, "--policy", right, "--witness", witness)).isEqualTo(2);
        assertThat(verify(file, "--policy", right, "--quorum", "0")).isEqualTo(2);
        assertThat(verify(file, "--policy", right + "x")).isEqualTo(2);
        assertThat(complained.toString(StandardCharsets.UTF_8).lines())
                .containsExactly(
                        wrong + ": line 3: no line before it defines most",
                        "the policy names the log: leave out --vkey",
                        "the policy names no log: name it with --vkey",
                        "a policy says who must have cosigned: no --witness or --quorum beside it",
                        "a policy says who must have cosigned: no --witness or --quorum beside it",
                        "cannot read " + right + "x");
    }

    @Test
    void the_record_it_speaks_of_is_recognised_and_no_other() throws IOException {
        var right = write("right.json", RECORD);
        var wrong = write("wrong.json", RECORD + " ");

        assertThat(verify("--record", right, "--vkey", vkey, file)).isZero();
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains("right.json is, byte for byte, the record it speaks of.");
        assertThat(verify(file, "--vkey", vkey, "--record", wrong)).isEqualTo(1);
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains("wrong.json: it is not the record that the receipt speaks of");
    }

    @Test
    void a_receipt_of_another_log_or_changed_or_no_receipt_at_all_is_invalid() throws IOException {
        var other = node.signer(CLINIC).verifier().toString();
        var changed = write("changed", receipt.replace("index 20", "index 19"));
        var extra = receipt.lines().skip(1).findFirst().orElseThrow();
        var bare = write("bare", receipt.replace(extra + "\n", ""));
        var binary = Files.write(directory.resolve("binary"), new byte[] {-1, -2}).toString();
        var empty = write("empty", "");

        assertThat(verify(file, "--vkey", other)).isEqualTo(1);
        for (var wrong : new String[] {changed, bare, binary, empty}) {
            assertThat(verify(file, wrong, "--vkey", vkey)).isEqualTo(1);
            assertThat(printed.toString(StandardCharsets.UTF_8)).contains("INVALID " + wrong);
        }
    }

    @Test
    void what_an_invalid_receipt_says_is_not_for_the_terminal() throws IOException {
        var named = receipt.replace("\nlocalhost:8080/log", "\n\u202egol\u009b31m");

        assertThat(verify(write("named", named), "--vkey", vkey)).isEqualTo(1);
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains("the log ?gol?31m/city-first-hospital is not asked for");
    }

    @Test
    void a_flipped_bit_anywhere_in_the_receipt_shows() throws IOException {
        var bytes = receipt.getBytes(StandardCharsets.UTF_8);
        for (var bit = 0; bit < bytes.length * 8; bit++) {
            var forged = bytes.clone();
            forged[bit / 8] ^= (byte) (1 << bit % 8);
            Files.write(directory.resolve("forged"), forged);

            assertThat(verify(directory.resolve("forged").toString(), "--vkey", vkey))
                    .as("bit " + bit)
                    .isEqualTo(1);
        }
    }

    @Test
    void a_wrong_command_line_says_how_it_is_used() {
        assertThat(verify()).isEqualTo(2);
        assertThat(verify(file)).isEqualTo(2);
        assertThat(verify("--vkey", vkey)).isEqualTo(2);
        assertThat(verify(file, "--vkey")).isEqualTo(2);
        assertThat(verify(file, "--vkey", vkey, "--what")).isEqualTo(2);
        assertThat(complained.toString(StandardCharsets.UTF_8)).contains("usage: verify FILE");
    }

    @Test
    void a_wrong_key_and_a_missing_file_are_said_in_a_sentence() {
        assertThat(verify(file, "--vkey", "nonsense")).isEqualTo(2);
        assertThat(verify(file + "x", "--vkey", vkey)).isEqualTo(2);
        assertThat(complained.toString(StandardCharsets.UTF_8).lines())
                .containsExactly(
                        "a key given with --vkey or --witness cannot be used: a vkey is name+id+key",
                        "cannot read " + file + "x");
    }

    private int verify(String... args) {
        printed.reset();
        try (var out = new PrintStream(printed, true, StandardCharsets.UTF_8);
                var err = new PrintStream(complained, true, StandardCharsets.UTF_8)) {
            return VerifyCommand.run(args, out, err);
        }
    }

    private String write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text).toString();
    }
}
