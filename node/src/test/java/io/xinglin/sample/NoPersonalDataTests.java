package io.xinglin.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.xinglin.contracts.ConsentCommand;
import io.xinglin.contracts.MemberId;
import io.xinglin.identity.Identities;
import io.xinglin.identity.PatientId;
import io.xinglin.ledger.Ledger;
import io.xinglin.platform.NodeProperties;
import io.xinglin.records.Records;
import io.xinglin.sample.BundleFile.Line;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Nothing that everyone may see says anything about a patient: not the blocks, not the state of the ledger, not the files of
/// the logs, not the public answers and pages.
///
/// What is looked for comes from the patients' own bundles: every identifier, name, birth date, address, telephone number
/// and id, and the text of every code. Short ones (under five characters) and numbers under six digits are left out: `Mr.`, `MA`
/// or `120` stand in any hash. A code's text counts from two words on: `Patient`, `English` or `Community` are words of the pages
/// themselves. The rest counts wherever it stands as a word of its own, in any case.
@Tag("node")
@DirtiesContext
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"xinglin.sample=true", "xinglin.sample-records=false"})
class NoPersonalDataTests {
    private static final int PATIENTS = 3;
    private static final int LENGTH_MIN = 5;
    private static final int DIGITS_MIN = 6;
    private static final Set<String> CODES = Set.of("display", "text");
    private static final Set<String> TEXTS =
            Set.of(
                    "value",
                    "family",
                    "given",
                    "text",
                    "birthDate",
                    "line",
                    "city",
                    "postalCode",
                    "display",
                    "id",
                    "deceasedDateTime",
                    "prefix",
                    "suffix",
                    "state");
    private static final Pattern LINK = Pattern.compile("href=\"(/[^\"#]*)\"");
    private static final Pattern BASE64URL = Pattern.compile("[A-Za-z0-9_-]{16,}");
    private static final JsonMapper JSON = JsonMapper.shared();

    @TempDir static Path data;

    @LocalServerPort int port;
    @Autowired Records records;
    @Autowired Identities identities;
    @Autowired Ledger ledger;
    @Autowired NodeProperties node;
    @Autowired JdbcTemplate jdbc;

    private final HttpClient http = HttpClient.newHttpClient();
    private final Set<String> personal = new TreeSet<>();

    @DynamicPropertySource
    static void dataDirectory(DynamicPropertyRegistry properties) {
        properties.add("xinglin.data", () -> data);
    }

    @BeforeAll
    void load() throws IOException {
        var lines = new ArrayList<Line>();
        Sample.builtIn().read(lines::add);
        var patients =
                lines.stream()
                        .filter(Line.Patient.class::isInstance)
                        .map(Line.Patient.class::cast)
                        .sorted(Comparator.comparingInt(patient -> patient.json().length()))
                        .limit(PATIENTS)
                        .toList();
        var progress =
                new Progress(
                        new PrintStream(
                                PrintStream.nullOutputStream(), true, StandardCharsets.UTF_8));
        var loader = new SamplePatients(records, identities, progress);
        loader.load(file(lines, patients));
        for (var patient : patients) {
            collect(JSON.readTree(patient.json()));
            var custodian = Consortium.custodian(patient.id());
            consent(custodian, loader.find(patient.id()).orElseThrow());
        }
        awaitAnchors();
    }

    private void consent(MemberId custodian, String patient) {
        var until = Instant.now().plus(7, ChronoUnit.DAYS);
        identities.submit(
                new PatientId(custodian, patient),
                new ConsentCommand.Grant(UUID.randomUUID(), custodian, "A".repeat(43), until));
        personal.add(patient);
    }

    private void awaitAnchors() {
        var end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (System.nanoTime() < end
                && !jdbc.queryForList("select id from log.pending limit 1").isEmpty()) {
            Thread.onSpinWait();
        }
    }

    private static BundleFile file(List<Line> lines, List<Line.Patient> patients)
            throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            for (var line : lines) {
                if (line instanceof Line.Directory || patients.contains(line)) {
                    gzip.write((line.json() + "\n").getBytes(StandardCharsets.UTF_8));
                }
            }
        }
        return new BundleFile(new ByteArrayResource(packed.toByteArray()));
    }

    /// Every text under one of the names that may hold something personal.
    private void collect(JsonNode node) {
        node.properties()
                .forEach(
                        field -> {
                            if (TEXTS.contains(field.getKey())) {
                                var code = CODES.contains(field.getKey());
                                field.getValue().forEach(text -> add(text, code));
                                add(field.getValue(), code);
                            }
                            collect(field.getValue());
                        });
        if (node.isArray()) {
            node.forEach(this::collect);
        }
    }

    private void add(JsonNode text, boolean code) {
        if (text.isString()
                && counts(text.asString())
                && (!code || text.asString().strip().contains(" "))) {
            personal.add(text.asString());
        }
    }

    private static boolean counts(String text) {
        var digits = text.chars().filter(Character::isDigit).count();
        var letters = text.chars().filter(Character::isLetter).count();
        return text.length() >= LENGTH_MIN && (letters >= LENGTH_MIN || digits >= DIGITS_MIN);
    }

    @Test
    void there_is_enough_to_look_for_and_it_would_be_found() {
        var name = personal.stream().filter(text -> text.matches("[A-Z][a-z]{6,}")).findFirst();

        assertThat(personal).hasSizeGreaterThan(300);
        assertThat(found("x: \"" + name.orElseThrow() + "\",")).contains(name.get());
        assertThat(found(base64("{\"a\":\"" + name.get() + "\"}"))).contains(name.get());
    }

    @Test
    void no_block_and_no_state_of_the_ledger_says_anything() {
        var rows = new ArrayList<String>();
        rows.addAll(jdbc.queryForList("select b::text from ledger.block b", String.class));
        rows.addAll(jdbc.queryForList("select t::text from ledger.transaction t", String.class));
        rows.addAll(jdbc.queryForList("select s::text from ledger.state s", String.class));

        assertThat(rows).hasSizeGreaterThan(50);
        assertThat(found(String.join("\n", rows))).isEmpty();
    }

    @Test
    void no_file_of_a_log_says_anything() throws IOException {
        try (var files = Files.walk(node.data().resolve("log"))) {
            var all = files.filter(Files::isRegularFile).toList();
            assertThat(all).hasSizeGreaterThan(10);
            for (var file : all) {
                var content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
                assertThat(found(content)).as(file.toString()).isEmpty();
            }
        }
    }

    @Test
    void no_public_answer_and_no_page_says_anything() throws Exception {
        var seen = new TreeMap<String, String>();
        var waiting =
                new ArrayDeque<>(
                        List.of(
                                "/?lang=en",
                                "/?lang=zh",
                                "/now",
                                "/ledger",
                                "/ledger/members",
                                "/ledger/status",
                                "/explorer/status/newest",
                                "/actuator/health/ledger",
                                "/actuator/metrics/xinglin.ledger.members",
                                "/ledger/proposals",
                                "/ledger/blocks?from=0&count=100",
                                "/explorer/newest",
                                "/explorer/blocks/newest",
                                "/explorer/logs/newest",
                                "/explorer?lang=en",
                                "/explorer?lang=zh",
                                "/actuator/health"));
        for (var member : ledger.members()) {
            waiting.add("/log/" + member.id() + "/checkpoint");
            waiting.add("/fhir/" + member.id() + "/.well-known/smart-configuration");
        }
        for (long number = 0; number < ledger.height(); number++) {
            waiting.add("/explorer/blocks/" + number + "?lang=zh");
            waiting.add("/ledger/blocks/" + number);
        }
        while (!waiting.isEmpty()) {
            var path = waiting.remove();
            if (seen.containsKey(path)) {
                continue;
            }
            var answer = get(path);
            seen.put(path, answer);
            var links = LINK.matcher(answer);
            while (links.find()) {
                var link = links.group(1).replace("&amp;", "&");
                if (!link.startsWith("/webjars") && !link.startsWith("/assets")) {
                    waiting.add(link);
                }
            }
        }

        assertThat(seen.keySet()).anyMatch(path -> path.startsWith("/explorer/transactions/"));
        assertThat(seen.keySet()).anyMatch(path -> path.startsWith("/explorer/keys/"));
        for (var answer : Map.copyOf(seen).entrySet()) {
            assertThat(found(answer.getKey() + "\n" + answer.getValue()))
                    .as(answer.getKey())
                    .isEmpty();
        }
    }

    /// What it says in the standard's own words it says of a member without a single patient too.
    @Test
    void what_a_member_can_do_is_told_without_looking_at_its_patients() throws Exception {
        var said = new TreeSet<String>();
        for (var member : ledger.members()) {
            var id = member.id().value();
            said.add(get("/fhir/" + id + "/metadata").replace(id, "MEMBER"));
        }

        assertThat(said).hasSize(1);
    }

    private String get(String path) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path)).build();
        return http.send(request, BodyHandlers.ofString(StandardCharsets.ISO_8859_1)).body();
    }

    /// What of it stands in a text, or in what is written there in base64.
    private List<String> found(String text) {
        var all = new StringBuilder(text);
        BASE64URL
                .matcher(text)
                .results()
                .forEach(part -> all.append('\n').append(decoded(part.group())));
        var folded = all.toString().toLowerCase(java.util.Locale.ROOT);
        return personal.stream()
                .filter(word -> stands(word, folded) || stands(asRead(word), folded))
                .toList();
    }

    /// Files and answers are read byte by byte, so a letter with an accent is two there.
    private static String asRead(String word) {
        return new String(word.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private static boolean stands(String word, String folded) {
        var wanted = word.toLowerCase(java.util.Locale.ROOT);
        for (var at = folded.indexOf(wanted); at >= 0; at = folded.indexOf(wanted, at + 1)) {
            var end = at + wanted.length();
            if ((at == 0 || !Character.isLetterOrDigit(folded.charAt(at - 1)))
                    && (end == folded.length() || !Character.isLetterOrDigit(folded.charAt(end)))) {
                return true;
            }
        }
        return false;
    }

    private static String decoded(String base64) {
        try {
            return new String(Base64.getUrlDecoder().decode(base64), StandardCharsets.ISO_8859_1);
        } catch (IllegalArgumentException _) {
            return "";
        }
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
