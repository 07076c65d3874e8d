package io.xinglin.web;

import static io.xinglin.Consortium.CITY;
import static io.xinglin.Consortium.RIVER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.LoadState;
import io.xinglin.TestClock;
import io.xinglin.TestNode;
import io.xinglin.consent.ConsentTerms;
import io.xinglin.consent.Consents;
import io.xinglin.consent.RecordCategory;
import io.xinglin.consent.SensitivityClass;
import io.xinglin.identity.Identities;
import io.xinglin.identity.PatientId;
import io.xinglin.identity.PurposeOfUse;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

/// The explorer and the sandbox as people see them, in a real browser.
@Tag("browser")
@TestNode
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExplorerPagesTests {
    private static final double PATIENCE_MILLIS = 120_000;

    private static final List<String> PATHS =
            List.of(
                    "/explorer",
                    "/explorer/blocks",
                    "/explorer/blocks/1",
                    "/explorer/members",
                    "/explorer/members/city-first-hospital",
                    "/explorer/logs",
                    "/explorer/logs/city-first-hospital",
                    "/explorer/contracts",
                    "/explorer/proposals",
                    "/explorer/status",
                    "/explorer/receipt",
                    "/sandbox");

    @LocalServerPort int port;
    @Autowired Identities identities;
    @Autowired Consents consents;
    @Autowired TestClock clock;

    private Chromium chromium;

    @BeforeAll
    void start() {
        chromium = Chromium.start();
    }

    @AfterAll
    void stop() {
        if (chromium != null) {
            chromium.close();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "en,normal,LIGHT,1200",
        "zh,normal,DARK,1200",
        "zh,large,LIGHT,390",
        "en,large,DARK,320",
        "en,normal,LIGHT,320"
    })
    void a_page_is_good_for_everyone(String lang, String text, ColorScheme scheme, int width) {
        var options =
                new Browser.NewContextOptions().setViewportSize(width, 900).setColorScheme(scheme);
        try (var context = context(options)) {
            for (var path : PATHS) {
                var page = context.newPage();
                var complaints = complaints(page);
                page.navigate(url(path + "?lang=" + lang + "&text=" + text));

                requireGood(page, path, width, text);
                assertThat(complaints).as(path).isEmpty();
                page.close();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"en,normal,LIGHT,1200", "zh,normal,DARK,320"})
    void one_byte_is_changed_and_found(String lang, String text, ColorScheme scheme, int width) {
        var options =
                new Browser.NewContextOptions()
                        .setViewportSize(width, 900)
                        .setColorScheme(scheme)
                        .setLocale(lang);
        try (var context = context(options)) {
            var page = context.newPage();
            page.navigate(url("/sandbox"));
            page.locator("main form .button").click();
            requireGood(page, "the copy", width, text);

            page.locator(".door a").first().click();
            requireGood(page, "the bytes", width, text);
            page.locator(".bytes-form .button").click();

            page.locator(".verdict.bad").waitFor();
            requireGood(page, "who noticed", width, text);
            page.locator(".actions .button").click();
            page.locator(".verdict.ok").waitFor();
            page.locator("form[action$='/end'] .button").click();
        }
    }

    @ParameterizedTest
    @CsvSource({"en,normal,LIGHT,1200", "zh,large,DARK,320"})
    void a_receipt_is_put_on_paper_with_the_keyboard_alone(
            String lang, String text, ColorScheme scheme, int width) throws IOException {
        var receipt = consentReceipt();
        var options =
                new Browser.NewContextOptions()
                        .setViewportSize(width, 900)
                        .setColorScheme(scheme)
                        .setLocale(lang);
        try (var context = context(options)) {
            var page = context.newPage();
            var complaints = complaints(page);
            page.navigate(url("/explorer/receipt?lang=" + lang + "&text=" + text));
            page.locator("#receipt").fill(receipt);
            page.locator("main form .button").click();
            page.locator(".verdict.ok").waitFor();
            requireGood(page, "a checked receipt", width, text);

            var button = page.locator("form[action='/explorer/receipt/page'] .button");
            for (var i = 0; i < 100 && !isFocused(button); i++) {
                page.keyboard().press("Tab");
            }
            var download = page.waitForDownload(() -> page.keyboard().press("Enter"));

            assertThat(download.suggestedFilename()).isEqualTo("receipt.pdf");
            assertThat(Files.readAllBytes(download.path())).startsWith('%', 'P', 'D', 'F');
            assertThat(complaints).isEmpty();
        }
    }

    private static boolean isFocused(Locator part) {
        return (boolean) part.evaluate("it => it === document.activeElement");
    }

    private String consentReceipt() {
        var patient = new PatientId(CITY, UUID.randomUUID().toString());
        identities.enrol(patient);
        var terms =
                new ConsentTerms(
                        RIVER,
                        Set.of(RecordCategory.LABORATORY),
                        Set.of(SensitivityClass.GENERAL),
                        Set.of(PurposeOfUse.TREAT),
                        clock.instant().plus(Duration.ofDays(7)));
        var consent = consents.grant(patient, terms).id();
        return await().until(() -> consents.receipt(patient, consent), Optional::isPresent)
                .orElseThrow();
    }

    @Test
    void a_new_block_appears_by_itself() {
        try (var context = context(new Browser.NewContextOptions().setLocale("en-GB"))) {
            var page = context.newPage();
            page.navigate(url("/explorer"));
            var before = page.locator(".happening a").first().textContent();

            identities.enrol(new PatientId(CITY, UUID.randomUUID().toString()));

            page.waitForCondition(
                    () -> !page.locator(".happening a").first().textContent().equals(before));
        }
    }

    @Test
    void a_page_admits_that_it_hears_nothing_and_catches_up() {
        try (var context = context(new Browser.NewContextOptions().setLocale("en-GB"))) {
            var page = context.newPage();
            page.route("**/explorer/live", route -> route.abort());
            page.navigate(url("/explorer"));

            page.getByText("no longer hears from the node").waitFor();
        }
    }

    @Test
    void everything_works_without_a_script() {
        var options =
                new Browser.NewContextOptions().setLocale("en-GB").setJavaScriptEnabled(false);
        try (var context = context(options)) {
            var page = context.newPage();
            page.navigate(url("/explorer"));

            page.locator("#q").fill("1");
            page.locator(".search .button").click();

            assertThat(page.locator("h1").textContent()).isEqualTo("Block 1");
            assertThat(page.getByText("Nothing in this block was changed").isVisible()).isTrue();
        }
    }

    private static void requireGood(Page page, String path, int width, String text) {
        page.waitForLoadState(LoadState.LOAD);
        var axe = new AxeBuilder(page).analyze();

        assertThat(axe.getViolations()).as("axe, %s", path).isEmpty();
        // A part that renews itself while axe counts the headings leaves it in doubt about their
        // order, and about nothing else.
        assertThat(axe.getIncomplete())
                .as("axe could not tell, %s", path)
                .noneMatch(rule -> !rule.getId().equals("heading-order"));
        assertThat(page.content()).as("a missing word, %s", path).doesNotContain("??");
        assertThat(page.evaluate("document.documentElement.scrollWidth"))
                .as("width of %s", path)
                .isEqualTo(width);
        assertThat(PagesTests.smallTargets(page, text.equals("large") ? 60 : 48))
                .as("small targets, %s", path)
                .isEmpty();
    }

    private static List<String> complaints(Page page) {
        var complaints = new ArrayList<String>();
        page.onConsoleMessage(message -> complaints.add(message.text()));
        page.onPageError(complaints::add);
        return complaints;
    }

    private BrowserContext context(Browser.NewContextOptions options) {
        var context = chromium.browser().newContext(options);
        context.setDefaultTimeout(PATIENCE_MILLIS);
        return context;
    }

    private String url(String path) {
        return "http://localhost:" + port + path;
    }
}
