package io.xinglin.log;

import static io.xinglin.log.LogNode.CLINIC;
import static io.xinglin.log.LogNode.HOSPITAL;
import static io.xinglin.log.LogNode.opening;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.SimpleFileServer;
import io.xinglin.contracts.MemberId;
import io.xinglin.tlog.CosignatureVerifier;
import io.xinglin.tlog.TrustPolicy;
import io.xinglin.tlog.WitnessPolicy;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Our log and our receipts, judged by verifiers of the transparency-log community.
@Tag("go")
class GoVerifiersTests {
    private static final Path COMMAND = Path.of("../bin/go-verify").toAbsolutePath().normalize();

    private LogNode node;
    private Path directory;
    private HttpServer server;

    /// An exit code and everything printed.
    private record Ended(int code, String printed) {}

    @BeforeAll
    static void build() throws Exception {
        assumeTrue(isGoInstalled(), "Go is not installed: its verifiers are not asked");
        var built = run("build");
        assumeTrue(built.code() != 3, "Go could not build the verifiers: " + built.printed());
    }

    @BeforeEach
    void serveALog(@TempDir Path data) {
        node = new LogNode(TestDatabase.empty(), data);
        node.append(HOSPITAL, 3_000);
        node.signedUpTo(HOSPITAL, 3_000);
        directory = node.store(HOSPITAL).directory();
        var here = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        server =
                SimpleFileServer.createFileServer(
                        here, directory, SimpleFileServer.OutputLevel.NONE);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        node.close();
    }

    @Test
    void tesseras_fsck_derives_the_same_root_from_the_files_over_http() throws Exception {
        node.append(HOSPITAL, 67_000);
        node.signedUpTo(HOSPITAL, 70_000);

        assertThat(run("tessera-fsck", url(), vkey(HOSPITAL)).code()).isZero();
    }

    @Test
    void tesseras_fsck_finds_a_changed_byte_of_a_tile_of_a_bundle_and_the_wrong_key()
            throws Exception {
        for (var name : List.of("tile/0/010", "tile/1/000.p/11", "tile/entries/004")) {
            var file = directory.resolve(name);
            flip(file);

            assertThat(run("tessera-fsck", url(), vkey(HOSPITAL)).code()).as(name).isEqualTo(1);

            flip(file);
        }
        assertThat(run("tessera-fsck", url(), vkey(CLINIC)).code()).isEqualTo(1);
    }

    @Test
    void torchwood_accepts_a_receipt_and_refuses_it_changed_or_for_another_log() throws Exception {
        var statement = "{\"kind\":\"write\",\"resource\":\"Observation/17\"}";
        var opening = opening(statement);
        var entry = node.append(HOSPITAL, opening);
        node.signedUpTo(HOSPITAL, 3_001);
        var receipt = node.logs.receipt(HOSPITAL, entry, opening).orElseThrow();
        var file = Files.writeString(directory.resolve("a.tlog-proof"), receipt);
        var changed = receipt.replace("index 3000", "index 2999");
        var other = Files.writeString(directory.resolve("b.tlog-proof"), changed);

        assertThat(run("verify-proof", file.toString(), vkey(HOSPITAL)))
                .isEqualTo(new Ended(0, "VALID " + statement + "\n"));
        assertThat(run("verify-proof", file.toString(), vkey(CLINIC)).code()).isEqualTo(1);
        assertThat(run("verify-proof", other.toString(), vkey(HOSPITAL)).code()).isEqualTo(1);
    }

    @Test
    void torchwood_accepts_a_cosigned_receipt_by_our_policy_and_refuses_one_cosignature_too_few()
            throws Exception {
        var opening = opening("{\"kind\":\"write\",\"resource\":\"Observation/17\"}");
        var entry = node.append(HOSPITAL, opening);
        node.signedUpTo(HOSPITAL, 3_001);
        LogNode.await(
                () -> {
                    node.cosigning.askAll();
                    return node.witnessTable.cosignedSize(HOSPITAL, CLINIC) == 3_001;
                });
        var receipt = node.logs.receipt(HOSPITAL, entry, opening).orElseThrow();
        var cosigned = Files.writeString(directory.resolve("cosigned"), receipt);
        var line = receipt.lines().filter(it -> it.contains("/witness ")).findFirst().orElseThrow();
        var bare = Files.writeString(directory.resolve("bare"), receipt.replace(line + "\n", ""));
        var other = LogNode.newCosigner(CLINIC).verifier();
        var one = policy("one", 1, node.witness(CLINIC).verifier(), other);
        var two = policy("two", 2, node.witness(CLINIC).verifier(), other);

        assertThat(run("verify-proof", cosigned.toString(), vkey(HOSPITAL)).code()).isZero();
        assertThat(run("verify-proof", cosigned.toString(), "-policy", one).code()).isZero();
        assertThat(run("verify-proof", cosigned.toString(), "-policy", two).code()).isEqualTo(1);
        assertThat(run("verify-proof", bare.toString(), vkey(HOSPITAL)).code()).isZero();
        assertThat(run("verify-proof", bare.toString(), "-policy", one).code()).isEqualTo(1);
        var names =
                "log %s\nwitness here %s\nwitness there %s\n"
                        .formatted(vkey(HOSPITAL), node.witness(CLINIC).verifier(), other);
        for (var how : List.of("any", "1", "all", "2")) {
            var policy =
                    names
                            + "\n# both say the same\ngroup one any here\ngroup two any there\n"
                            + "group nested %s one two\nquorum nested\n".formatted(how);
            for (var file : List.of(cosigned, bare)) {
                assertThat(requireSameAnswer(file, policy))
                        .as(how)
                        .isEqualTo(file.equals(cosigned) && (how.equals("any") || how.equals("1")));
            }
        }
        assertThat(requireSameAnswer(cosigned, names + "quorum here\n")).isTrue();
        assertThat(requireSameAnswer(cosigned, names + "quorum there\n")).isFalse();
        assertThat(requireSameAnswer(bare, names + "quorum none\n")).isTrue();
    }

    /// Whether both torchwood and we find the receipt valid by this policy; it must not be one of us alone.
    private boolean requireSameAnswer(Path receipt, String policy) throws Exception {
        var file = Files.writeString(directory.resolve("policy"), policy).toString();
        var theirs = run("verify-proof", receipt.toString(), "-policy", file).code() == 0;
        var arguments = new String[] {receipt.toString(), "--policy", file};
        var nowhere = new PrintStream(PrintStream.nullOutputStream(), true, StandardCharsets.UTF_8);

        assertThat(VerifyCommand.run(arguments, nowhere, nowhere) == 0)
                .as(policy)
                .isEqualTo(theirs);
        return theirs;
    }

    private String policy(String name, int quorum, CosignatureVerifier... witnesses)
            throws IOException {
        var log = List.of(node.signer(HOSPITAL).verifier());
        var policy = new TrustPolicy(log, new WitnessPolicy(quorum, List.of(witnesses)));
        return Files.writeString(directory.resolve(name), policy.toString()).toString();
    }

    private String url() {
        return "http://localhost:" + server.getAddress().getPort();
    }

    private String vkey(MemberId organisation) {
        return node.signer(organisation).verifier().toString();
    }

    private static void flip(Path file) throws IOException {
        var bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
    }

    private static boolean isGoInstalled() throws InterruptedException {
        try {
            return new ProcessBuilder("go", "version").start().waitFor() == 0;
        } catch (IOException _) {
            return false;
        }
    }

    private static Ended run(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(COMMAND.toString()));
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (var output = process.inputReader()) {
            var printed = new StringBuilder();
            output.lines().forEach(line -> printed.append(line).append('\n'));
            assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
            return new Ended(process.exitValue(), printed.toString());
        }
    }
}
