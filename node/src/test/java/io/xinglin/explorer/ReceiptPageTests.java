package io.xinglin.explorer;

import static io.xinglin.Consortium.CITY;
import static org.assertj.core.api.Assertions.assertThat;

import io.xinglin.Http;
import io.xinglin.TestNode;
import io.xinglin.ledger.Ledger;
import io.xinglin.log.EntryId;
import io.xinglin.log.EntryKind;
import io.xinglin.log.Logs;
import io.xinglin.log.Opening;
import io.xinglin.log.VerifyCommand;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;
import org.springframework.transaction.support.TransactionTemplate;

@Tag("node")
@TestNode
// A node of its own: its log gets entries that nothing was stored for.
@TestPropertySource(properties = "xinglin.ledger=receipts")
class ReceiptPageTests {
    private static final Opening OPENING = opening(17);

    @Autowired Http http;
    @Autowired Logs logs;
    @Autowired Ledger ledger;
    @Autowired TransactionTemplate transaction;
    @TempDir Path directory;

    private String receipt;

    @BeforeEach
    void writeAnEntry() {
        List<EntryId> entries =
                transaction.execute(
                        _ ->
                                logs.append(
                                        CITY,
                                        EntryKind.WRITE,
                                        List.of(opening(16), OPENING, opening(18))));
        receipt = await(() -> logs.receipt(CITY, entries.get(1), OPENING));
    }

    @Test
    void a_genuine_receipt_is_shown_step_by_step() {
        var size = logs.status(CITY).orElseThrow().size().value();
        await(() -> ledger.latestAnchor(CITY).filter(anchor -> anchor.size() >= size));

        var page = check(receipt);

        assertThat(page)
                .contains(
                        "This receipt is genuine",
                        "It is the log of City First Hospital",
                        "signed by the log key",
                        "lead from the entry to the root",
                        "other members cosigned it",
                        "the whole consortium holds the log to it",
                        "Observation/17",
                        "bin/xinglin verify FILE.tlog-proof")
                .doesNotContain("Does not fit");
    }

    @Test
    void the_failing_step_is_named() {
        var other = receipt.replaceFirst("index (\\d+)", "index 0");
        var stranger = receipt.replace("city-first-hospital", "second-hospital");
        var far = receipt.replaceFirst("index (\\d+)", "index 99999999");

        assertThat(check(other)).contains("It fails at: The way to the root.");
        assertThat(check(stranger)).contains("It fails at: Whose log it is.");
        assertThat(check(far)).contains("It fails at: Its place.");
        assertThat(check(receipt.replace("tlog-proof@v1", "tlog-proof@v9")))
                .contains("It fails at: It is a receipt.");
    }

    @Test
    void the_page_says_what_the_command_says_of_any_changed_receipt() throws IOException {
        var random = new Random(42);
        var vkey = ledger.member(CITY).orElseThrow().log().vkey();
        var tried = new ArrayList<>(List.of(receipt));
        for (var i = 0; i < 40; i++) {
            var forged = new StringBuilder(receipt);
            forged.setCharAt(random.nextInt(forged.length()), "Az09+=\n".charAt(i % 7));
            tried.add(forged.toString());
        }
        for (var text : tried) {
            var file = Files.writeString(directory.resolve("a.tlog-proof"), text);
            var valid = verify(file.toString(), vkey) == 0;

            assertThat(uploaded(text).contains("This receipt is genuine")).isEqualTo(valid);
        }
    }

    @Test
    void a_pasted_receipt_may_have_the_line_ends_of_a_form_and_lack_its_last() {
        assertThat(check(receipt.strip().replace("\n", "\r\n")))
                .contains("This receipt is genuine");
    }

    @Test
    void a_receipt_is_kept_by_nobody() {
        var answer = http.form("/explorer/receipt", Map.of("q", receipt));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
    }

    private static Opening opening(int number) {
        var statement = "{\"kind\":\"write\",\"resource\":\"Observation/" + number + "\"}";
        return Opening.of(new byte[32], statement.getBytes(StandardCharsets.UTF_8));
    }

    private String check(String text) {
        return http.form("/explorer/receipt", Map.of("q", text, "lang", "en")).text();
    }

    /// As a file: byte for byte, nothing tidied up.
    private String uploaded(String text) {
        var boundary = "receipt-boundary";
        var body =
                "--"
                        + boundary
                        + "\r\nContent-Disposition: form-data; name=\"lang\"\r\n\r\nen\r\n--"
                        + boundary
                        + "\r\nContent-Disposition: form-data; name=\"file\";"
                        + " filename=\"a.tlog-proof\"\r\n\r\n"
                        + text
                        + "\r\n--"
                        + boundary
                        + "--\r\n";
        return http.post(
                        "/explorer/receipt",
                        "multipart/form-data; boundary=" + boundary,
                        body.getBytes(StandardCharsets.UTF_8))
                .text();
    }

    private static int verify(String file, String vkey) {
        var nowhere = new PrintStream(PrintStream.nullOutputStream(), true, StandardCharsets.UTF_8);
        return VerifyCommand.run(new String[] {file, "--vkey", vkey}, nowhere, nowhere);
    }

    static <T> T await(Supplier<Optional<T>> wanted) {
        var end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (System.nanoTime() < end) {
            var found = wanted.get();
            if (found.isPresent()) {
                return found.get();
            }
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
        throw new AssertionError("waited for a minute in vain");
    }
}
