package io.xinglin.paper;

import static org.assertj.core.api.Assertions.assertThat;

import io.xinglin.contracts.Anchor;
import io.xinglin.contracts.Member;
import io.xinglin.contracts.MemberId;
import io.xinglin.contracts.MemberLog;
import io.xinglin.contracts.MemberName;
import io.xinglin.contracts.MemberRole;
import io.xinglin.ledger.Blocks.Anchored;
import io.xinglin.log.Examination;
import io.xinglin.log.Witnessed.Cosigned;
import io.xinglin.tlog.Checkpoint;
import io.xinglin.tlog.Hash;
import io.xinglin.tlog.TreeSize;
import io.xinglin.tlog.Verification;
import io.xinglin.web.Words;
import java.time.Instant;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.pdfbox.pdmodel.documentinterchange.logicalstructure.PDStructureElement;
import org.apache.pdfbox.pdmodel.documentinterchange.logicalstructure.PDStructureNode;
import org.apache.pdfbox.text.TextPosition;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.support.ResourceBundleMessageSource;

/// The page itself, about receipts that no node would make.
class SheetTests {
    private static final MemberId CITY = new MemberId("city-first-hospital");
    private static final Instant NOON = Instant.parse("2026-03-05T12:00:00Z");
    private static final int KILOBYTE = 1_000;

    @ParameterizedTest
    @CsvSource({"en,1", "zh-CN,1", "en,100", "zh-CN,100"})
    void everything_is_on_one_page_however_much_there_is_to_say(String language, int much) {
        var longest =
                Map.of(
                        "kind",
                        "disclosure",
                        "time",
                        "2026-03-05T12:00:00.123456Z",
                        "reader",
                        "{\"kind\":\"peer\",\"organisation\":\"city-first-hospital\","
                                + "\"practitioner\":\"%s\"}".formatted("W".repeat(3 * much)),
                        "type",
                        "Observation",
                        "categories",
                        strings("LABORATORY", "VITAL_SIGNS", "IMAGING", "CLAIMS"),
                        "consents",
                        strings(ids(much)));

        var pdf = page(language, much, longest, receipt(1_000 + 40 * much));

        try (var page = ScannedPage.of(pdf)) {
            assertThat(page.document().getNumberOfPages()).isOne();
            var box = page.document().getPage(0).getMediaBox();
            for (var letter : page.positions()) {
                assertThat(letter.getX()).isBetween(40f, box.getWidth() - 40);
                assertThat(letter.getX() + letter.getWidth()).isLessThan(box.getWidth() - 40);
                assertThat(letter.getY()).isBetween(40f, box.getHeight() - 40);
            }
            assertThat(page.scanned().equals(receipt(1_000 + 40 * much))).isTrue();
        }
        assertThat(pdf).hasSizeLessThan(300 * KILOBYTE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"person", "service"})
    void a_name_without_end_leaves_the_rest_of_the_page_to_the_rest(String kind) {
        var endless = "W".repeat(20_000);
        var reader =
                "{\"kind\":\"%s\",\"practitioner\":\"%s\",\"client\":\"%s\"}"
                        .formatted(kind, endless, endless);
        var statement = Map.of("kind", "refusal", "reader", reader);

        try (var page = ScannedPage.of(page("en", 1, statement, receipt(500)))) {
            var sizes = page.positions().stream().mapToDouble(TextPosition::getFontSizeInPt);
            assertThat(sizes.min().orElseThrow()).isGreaterThan(6.5);
            assertThat(page.letters()).contains("WWW");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"en", "zh-CN"})
    void letters_are_as_large_as_in_a_letter_where_there_is_room(String language) {
        var statement = Map.of("kind", "write", "resource", "Observation/1", "version", "1");

        try (var page = ScannedPage.of(page(language, 3, statement, receipt(2_900)))) {
            assertThat(page.positions())
                    .allSatisfy(letter -> assertThat(letter.getFontSizeInPt()).isGreaterThan(6.5f));
            assertThat(page.positions())
                    .anySatisfy(letter -> assertThat(letter.getFontSizeInPt()).isGreaterThan(15));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"en", "zh-CN"})
    void what_is_said_in_the_entry_is_text_and_nothing_else(String language) {
        var hostile = "<b>\u202e{0} \u0007\n\u0000\ud83d\ude00 'x' ${y} \ufffd";
        var statement = Map.of("kind", "consent", "time", hostile, "grantee", hostile, "until", "");

        try (var page = ScannedPage.of(page(language, 1, statement, receipt(500)))) {
            assertThat(page.text()).contains("<b>□{0} □", "'x' ${y}").doesNotContain("\u202e");
        }
    }

    @ParameterizedTest
    @CsvSource({"en,Receipt explained,What happened", "zh-CN,凭证说明,发生了什么"})
    void it_can_be_listened_to(String language, String title, String heading) {
        var statement = Map.of("kind", "write", "resource", "Observation/1", "version", "1");

        try (var page = ScannedPage.of(page(language, 3, statement, receipt(2_900)))) {
            var catalog = page.document().getDocumentCatalog();
            assertThat(catalog.getLanguage()).isEqualTo(language);
            assertThat(catalog.getMarkInfo().isMarked()).isTrue();
            assertThat(catalog.getViewerPreferences().displayDocTitle()).isTrue();
            assertThat(page.document().getDocumentInformation().getTitle()).startsWith(title);
            assertThat(page.text()).contains(heading);
            assertThat(tags(catalog.getStructureTreeRoot()).toList())
                    .startsWith("Document", "H1", "P", "H2", "P")
                    .containsSubsequence("H2", "L", "LI", "LBody", "H2", "P", "Figure", "Caption");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"en", "zh-CN"})
    void a_receipt_too_long_for_paper_is_attached_all_the_same(String language) {
        var statement = Map.of("kind", "disclosure", "type", "Observation");

        try (var page = ScannedPage.of(page(language, 3, statement, receipt(60_000)))) {
            assertThat(page.scanned()).isEmpty();
            assertThat(page.letters()).contains("60,000", "a.tlog-proof");
            assertThat(page.letters()).doesNotContain("scanthecodes", "扫描下面的码");
            assertThat(page.attached()).containsExactly(Map.entry("a.tlog-proof", receipt(60_000)));
        }
    }

    private static Stream<String> tags(PDStructureNode parent) {
        return parent.getKids().stream()
                .filter(PDStructureElement.class::isInstance)
                .map(PDStructureElement.class::cast)
                .flatMap(kid -> Stream.concat(Stream.of(kid.getStructureType()), tags(kid)));
    }

    private static byte[] page(
            String language, int much, Map<String, String> statement, String receipt) {
        var messages = new ResourceBundleMessageSource();
        messages.setBasenames("messages", "explorer", "paper");
        messages.setDefaultEncoding("UTF-8");
        messages.setFallbackToSystemLocale(false);
        var words =
                new Words(messages, Locale.forLanguageTag(language), ZoneId.of("Asia/Shanghai"));
        var owner = member(CITY, much);
        var explanation =
                new Explainer(examination(owner, much, statement), owner, words, List.of(owner))
                        .explain(receipt, "a.tlog-proof", "https://node.example/explorer/receipt");
        return Sheet.print(explanation);
    }

    private static Examination examination(Member owner, int much, Map<String, String> statement) {
        var by = new LinkedHashMap<MemberId, Instant>();
        IntStream.range(0, Math.min(much, 60))
                .forEach(i -> by.put(new MemberId("member-" + i + "x".repeat(much / 4)), NOON));
        var head =
                new Checkpoint(
                        owner.log().origin(), new TreeSize(123_456_789), Hash.leaf(new byte[1]));
        var anchor = new Anchor(CITY, owner.log().origin(), 123_456_789, "", "");
        return new Examination(
                new LinkedHashMap<>(statement),
                "entry",
                Hash.leaf(new byte[2]),
                head,
                123_456_788,
                Optional.of(owner),
                List.of(),
                Verification.valid(),
                Verification.valid(),
                List.of(),
                Verification.valid(),
                Optional.of(new Cosigned(by, by.size(), by.size())),
                new Examination.Anchorage.Covered(new Anchored(anchor, 42, NOON)));
    }

    private static Member member(MemberId id, int much) {
        var path = "/log/" + "p".repeat(Math.min(much * 2, 190));
        return Member.of(
                id,
                new MemberName("院".repeat(much), "Hospital".repeat(much).substring(0, much)),
                Set.of(MemberRole.HOSPITAL),
                "https://node.example/fhir",
                new MemberLog(
                        "node.example" + path,
                        "https://node.example" + path,
                        "node.example" + path + "+0badcafe+" + "A".repeat(44)));
    }

    private static String[] ids(int count) {
        return IntStream.range(0, count)
                .mapToObj("00000000-0000-0000-0000-%012d"::formatted)
                .toArray(String[]::new);
    }

    private static String strings(String... values) {
        return "[\"" + String.join("\",\"", values) + "\"]";
    }

    private static String receipt(int length) {
        return "c2sp.org/tlog-proof@v1\n" + "a".repeat(length - 24) + "\n";
    }
}
