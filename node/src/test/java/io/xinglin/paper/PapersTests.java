package io.xinglin.paper;

import static io.xinglin.Consortium.CITY;
import static io.xinglin.Consortium.RIVER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.xinglin.Outside;
import io.xinglin.Outside.Answer;
import io.xinglin.TestClock;
import io.xinglin.TestNode;
import io.xinglin.consent.ConsentTerms;
import io.xinglin.consent.Consents;
import io.xinglin.consent.RecordCategory;
import io.xinglin.consent.SensitivityClass;
import io.xinglin.identity.Caller;
import io.xinglin.identity.PatientId;
import io.xinglin.identity.PurposeOfUse;
import io.xinglin.ledger.Ledger;
import io.xinglin.log.VerifyCommand;
import io.xinglin.tlog.Hash;
import java.io.IOException;
import java.io.PrintStream;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.JdbcTemplate;

/// The page about a receipt, as the person concerned fetches it.
@TestNode
@Import(Outside.class)
class PapersTests {
    private static final String FHIR = "/fhir/city-first-hospital";
    private static final String ACCESSES = "/audit/city-first-hospital/accesses";
    private static final Caller SYSTEM = new Caller.Service(CITY, "test");
    private static final Caller STAFF = new Caller.Staff(CITY, "dr-chen", PurposeOfUse.TREAT);
    private static final Caller PEER = new Caller.Peer(CITY, RIVER, "dr-li", PurposeOfUse.TREAT);

    @Autowired private Outside outside;
    @Autowired private Consents consents;
    @Autowired private Ledger ledger;
    @Autowired private TestClock clock;
    @Autowired private JdbcTemplate jdbc;
    @TempDir private Path directory;

    private PatientId patient = new PatientId(CITY, "none");
    private String written = "";

    @BeforeEach
    void store() {
        var created =
                outside.send(SYSTEM, "POST", FHIR + "/Patient", "{\"resourceType\":\"Patient\"}");
        patient = new PatientId(CITY, created.json().get("id").asString());
        written = "/receipts/city-first-hospital/Patient/" + patient.id() + "/1";
    }

    @ParameterizedTest
    @CsvSource({
        "en,City First Hospital stored a record,name and address,system test",
        "zh,市第一医院存下了一条记录,患者的姓名和地址,system test"
    })
    void a_write_is_explained(String language, String what, String part, String author)
            throws IOException {
        requireExplained(page(written, language), language, what, part, author, patient.id());
    }

    @ParameterizedTest
    @CsvSource({
        "en,and was allowed to,'dr-chen, City First Hospital',treatment",
        "zh,获得允许,市第一医院 dr-chen,治疗"
    })
    void a_disclosure_is_explained(String language, String what, String who, String why)
            throws IOException {
        outside.get(STAFF, FHIR + "/Patient/" + patient.id());

        requireExplained(page(lastAccess(), language), language, what, who, why);
    }

    @ParameterizedTest
    @CsvSource({
        "en,and was refused,'dr-li, River Hospital',no consent covers it",
        "zh,被拒绝,临江医院 dr-li,没有同意书涵盖它"
    })
    void a_refusal_is_explained(String language, String what, String who, String reason)
            throws IOException {
        outside.get(PEER, FHIR + "/Patient/" + patient.id());

        requireExplained(page(lastAccess(), language), language, what, who, reason);
    }

    @ParameterizedTest
    @CsvSource({
        "en,A patient consented,A patient took back a consent,laboratory results",
        "zh,一位患者同意,一位患者撤回了同意书,化验结果"
    })
    void a_consent_and_its_withdrawal_are_explained(
            String language, String granted, String withdrawn, String part) throws IOException {
        var consent = consents.grant(patient, terms());
        var path = "/consents/city-first-hospital/" + consent.id() + "/receipt";
        requireExplained(page(path, language), language, granted, part, consent.id().toString());

        consents.withdraw(patient, consent.id());

        requireExplained(page(path, language), language, withdrawn, consent.id().toString());
    }

    @Test
    void the_receipt_itself_is_given_to_those_who_do_not_ask_for_the_page() {
        page(written, "en");
        for (var accept :
                List.of(
                        "*/*",
                        "text/plain",
                        "text/plain,application/pdf",
                        "application/pdf;q=0.5,text/*",
                        "application/pdf;q=0,*/*;q=0.1")) {
            var answer = get(self(), written, accept, "en");

            assertThat(answer.header("Content-Type")).as(accept).startsWith("text/plain");
            assertThat(answer.text()).as(accept).startsWith("c2sp.org/tlog-proof@v1\n");
            assertThat(answer.header("Content-Disposition"))
                    .isEqualTo(
                            "inline; filename=\"Patient-%s-1.tlog-proof\"".formatted(patient.id()));
        }
    }

    @Test
    void nobody_keeps_it_on_the_way_and_it_has_a_name() {
        var page = page(written, "en");

        assertThat(page.header("Content-Type")).isEqualTo("application/pdf");
        assertThat(page.header("Cache-Control")).isEqualTo("no-store");
        assertThat(page.header("Content-Disposition"))
                .isEqualTo("inline; filename=\"Patient-%s-1.pdf\"".formatted(patient.id()));
    }

    @Test
    void a_stranger_and_a_wrong_address_are_answered_as_if_the_receipt_were_asked_for() {
        outside.get(STAFF, FHIR + "/Patient/" + patient.id());
        var access = lastAccess();
        var consent = consents.grant(patient, terms());
        var agreed = "/consents/city-first-hospital/" + consent.id() + "/receipt";
        var stranger = new Caller.Patient(new PatientId(CITY, "someone-else"));
        for (var path :
                List.of(
                        written,
                        access,
                        agreed,
                        written + "7",
                        written.replace("Patient/", "Nothing/"),
                        access.replaceFirst("[0-9a-f]{8}", "00000000"),
                        ACCESSES + "/no-id/receipt",
                        "/consents/city-first-hospital/no-id/receipt")) {
            for (var caller : List.of(stranger, PEER)) {
                var receipt = get(caller, path, "text/plain", "en");
                var page = get(caller, path, "application/pdf", "en");

                assertThat(page.status()).as(path).isEqualTo(receipt.status()).isNotEqualTo(200);
                assertThat(page.header("Content-Type"))
                        .as(path)
                        .isEqualTo(receipt.header("Content-Type"));
                assertThat(page.text()).as(path).isEqualTo(receipt.text());
            }
        }
        var nobody =
                outside.send(
                        HttpRequest.newBuilder(outside.at(written))
                                .header("Accept", "application/pdf")
                                .build());
        assertThat(nobody.status()).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"en", "zh"})
    void whoever_has_a_receipt_gets_its_page_from_the_explorer(String language) throws IOException {
        page(written, language);
        var receipt = get(self(), written, "text/plain", language).text();

        var page = form(Map.of("q", receipt, "lang", language));

        requireExplained(page, language, patient.id());
        assertThat(page.header("Content-Disposition"))
                .isEqualTo("attachment; filename=\"receipt.pdf\"");
        assertThat(page.header("Cache-Control")).isEqualTo("no-store");
    }

    @Test
    void what_proves_nothing_has_no_page() {
        page(written, "en");
        var receipt = get(self(), written, "text/plain", "en").text();
        for (var wrong :
                List.of(
                        "",
                        "no receipt",
                        receipt.replaceFirst("index \\d+", "index 0"),
                        receipt.replace("city-first-hospital", "second-hospital"))) {
            assertThat(form(Map.of("q", wrong)).status()).isEqualTo(422);
        }
    }

    /// Whoever changes the ledger of a node makes it contradict all receipts; the person is told so, and keeps the receipt.
    @Test
    void what_the_ledger_contradicts_has_no_page_and_the_answer_says_what_contradicts_what() {
        page(written, "en");
        var anchors = new HashMap<String, String>();
        try {
            var page =
                    await().until(
                                    () -> {
                                        contradict(anchors);
                                        return get(self(), written, "application/pdf", "en");
                                    },
                                    answer -> answer.status() != 200);

            assertThat(page.status()).isEqualTo(409);
            assertThat(page.header("Content-Type")).startsWith("application/problem+json");
            var problem = page.json();
            assertThat(problem.get("type").asString())
                    .isEqualTo("/problems/ledger-contradicts-log");
            assertThat(problem.get("detail").asString())
                    .contains("city-first-hospital", "Keep the receipt", "fsck");
            assertThat(problem.get("root")).isNotEqualTo(problem.get("anchoredRoot"));
            var receipt = get(self(), written, "text/plain", "en");
            assertThat(receipt.status()).isEqualTo(200);
            assertThat(form(Map.of("q", receipt.text())).status()).isEqualTo(409);
        } finally {
            anchors.forEach(this::setAnchor);
        }
        assertThat(page(written, "en").status()).isEqualTo(200);
    }

    /// Gives every anchor of the log another root, and keeps what it was.
    private void contradict(Map<String, String> anchors) {
        jdbc.query(
                "select key, value from ledger.state where key like 'anchor/' || ? || '/%'",
                row -> {
                    anchors.putIfAbsent(row.getString("key"), row.getString("value"));
                },
                CITY.value());
        anchors.forEach((key, value) -> setAnchor(key, otherRoot(value)));
    }

    private void setAnchor(String key, String value) {
        jdbc.update("update ledger.state set value = ? where key = ?", value, key);
    }

    /// The same anchor with the root of the empty tree.
    private static String otherRoot(String anchor) {
        return anchor.replaceFirst(
                "\"root\":\"[^\"]*\"", "\"root\":\"" + Hash.OF_EMPTY_TREE + "\"");
    }

    private ConsentTerms terms() {
        return new ConsentTerms(
                RIVER,
                Set.of(RecordCategory.LABORATORY),
                Set.of(SensitivityClass.GENERAL),
                Set.of(PurposeOfUse.TREAT),
                clock.instant().plus(Duration.ofDays(7)));
    }

    private Caller self() {
        return new Caller.Patient(patient);
    }

    private String lastAccess() {
        return outside.get(self(), ACCESSES).json().at("/accesses/0/receipt").asString();
    }

    private Answer page(String path, String language) {
        return await().until(
                        () -> get(self(), path, "application/pdf", language),
                        answer -> {
                            assertThat(answer.status()).as(path).isIn(200, 503);
                            return answer.status() == 200;
                        });
    }

    private Answer get(Caller caller, String path, String accept, String language) {
        return outside.send(
                caller,
                HttpRequest.newBuilder(outside.at(path))
                        .header("Accept", accept)
                        .header("Accept-Language", language));
    }

    private Answer form(Map<String, String> fields) {
        var boundary = "paper-boundary";
        var body = new StringBuilder();
        fields.forEach(
                (name, value) ->
                        body.append(
                                        "--%s\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n"
                                                .formatted(boundary, name))
                                .append(value.replace("\n", "\r\n"))
                                .append("\r\n"));
        return outside.send(
                HttpRequest.newBuilder(outside.at("/explorer/receipt/page"))
                        .header("Content-Type", "multipart/form-data; boundary=" + boundary)
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        body + "--" + boundary + "--\r\n"))
                        .build());
    }

    /// It says what it should, and what its codes say is the attached receipt, which a program without a network finds valid.
    private void requireExplained(Answer answer, String language, String... expected)
            throws IOException {
        assertThat(answer.status()).as(answer.header("Content-Type")).isEqualTo(200);
        try (var page = ScannedPage.of(answer.body())) {
            for (var words : expected) {
                assertThat(page.letters()).contains(words.replace(" ", ""));
            }
            assertThat(page.document().getDocumentCatalog().getLanguage()).startsWith(language);
            var member = ledger.member(CITY).orElseThrow();
            assertThat(page.letters()).contains(member.log().vkey(), member.log().origin());
            var scanned = page.scanned();
            assertThat(page.attached().values()).containsExactly(scanned);
            var file = Files.writeString(directory.resolve("scanned.tlog-proof"), scanned);
            assertThat(verify(file.toString(), "--vkey", member.log().vkey())).isZero();
            assertThat(page.text()).doesNotContain("□");
        }
        assertThat(answer.body()).hasSizeLessThan(300_000);
    }

    private static int verify(String... arguments) {
        var nowhere = new PrintStream(PrintStream.nullOutputStream(), true, StandardCharsets.UTF_8);
        return VerifyCommand.run(arguments, nowhere, nowhere);
    }
}
