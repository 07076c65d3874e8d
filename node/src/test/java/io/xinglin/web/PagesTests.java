package io.xinglin.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.LoadState;
import io.xinglin.TestNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.web.server.LocalServerPort;

/// The pages as people see them, in a real browser.
@Tag("browser")
@TestNode
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PagesTests {
    /// A machine that does many other things at once is slow, not wrong.
    private static final double PATIENCE_MILLIS = 120_000;

    @LocalServerPort int port;

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
        "zh-CN,患者,市第一医院",
        "zh-Hant-TW,患者,市第一医院",
        "en-GB,patients,City First Hospital",
        "fr,patients,City First Hospital"
    })
    void a_page_speaks_the_language_of_the_browser(String locale, String word, String member) {
        try (var context = context(new Browser.NewContextOptions().setLocale(locale))) {
            var page = open(context, "/");

            assertThat(page.locator("h1").textContent()).contains(word);
            assertThat(page.locator("#now .name").allTextContents()).contains(member);
        }
    }

    @Test
    void a_language_once_chosen_stays() {
        try (var context = context(new Browser.NewContextOptions().setLocale("en-GB"))) {
            var page = open(context, "/");

            page.getByText("中文").click();
            page.navigate(url("/"));

            assertThat(page.locator("html").getAttribute("lang")).isEqualTo("zh-CN");
            assertThat(page.getByText("English").isVisible()).isTrue();
        }
    }

    @Test
    void large_text_and_dark_are_one_click_away() {
        try (var context = context(new Browser.NewContextOptions().setLocale("zh-CN"))) {
            var page = open(context, "/");
            var before = fontSize(page);

            page.getByText("大字").click();
            page.getByText("深色").click();

            assertThat(fontSize(page)).isGreaterThanOrEqualTo(before * 1.25);
            assertThat(page.evaluate("getComputedStyle(document.body).backgroundColor"))
                    .isEqualTo("rgb(17, 25, 25)");
            assertThat(page.getByText("浅色").isVisible()).isTrue();
            assertThat(page.getByText("标准字号").isVisible()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "en,normal,LIGHT,1200", "zh,normal,LIGHT,1200", "zh,normal,DARK,1200", "en,normal,DARK,320",
        "zh,large,LIGHT,390", "zh,large,DARK,1200", "en,large,LIGHT,320", "zh,normal,LIGHT,320"
    })
    void a_page_is_good_for_everyone(String lang, String text, ColorScheme scheme, int width) {
        var options =
                new Browser.NewContextOptions().setViewportSize(width, 900).setColorScheme(scheme);
        for (var path : List.of("/", "/no-such-page", "/problems/unknown-key")) {
            try (var context = context(options)) {
                var complaints = new ArrayList<String>();
                var page = context.newPage();
                page.onConsoleMessage(message -> complaints.add(message.text()));
                page.onPageError(complaints::add);
                page.navigate(url(path + "?lang=" + lang + "&text=" + text));
                page.waitForLoadState(LoadState.NETWORKIDLE);
                var axe = new AxeBuilder(page).analyze();

                assertThat(axe.getViolations()).as("axe, %s", path).isEmpty();
                assertThat(axe.getIncomplete()).as("axe could not tell, %s", path).isEmpty();
                assertThat(page.content()).as("a missing word").doesNotContain("??");
                assertThat(page.evaluate("document.documentElement.scrollWidth"))
                        .as("width of %s", path)
                        .isEqualTo(width);
                assertThat(smallTargets(page, text.equals("large") ? 60 : 48)).isEmpty();
                complaints.removeIf(complaint -> complaint.contains("status of 404"));
                assertThat(complaints).isEmpty();
            }
        }
    }

    @Test
    void numbers_refresh_by_themselves() throws Exception {
        try (var context = context(new Browser.NewContextOptions().setLocale("en-GB"))) {
            var page = open(context, "/");
            var before = page.locator(".pulse").textContent();

            page.waitForResponse(response -> response.url().contains("/now"), () -> {});

            page.waitForCondition(() -> !page.locator(".pulse").textContent().equals(before));
        }
    }

    @Test
    void a_page_admits_that_its_numbers_are_old_when_the_node_does_not_answer() {
        try (var context = context(new Browser.NewContextOptions().setLocale("en-GB"))) {
            var page = open(context, "/");
            assertThat(page.getByText("This node does not answer").isVisible()).isFalse();

            page.route("**/now?*", route -> route.abort());

            page.getByText("This node does not answer").waitFor();
            page.unroute("**/now?*");
            page.locator(".pulse").waitFor();
        }
    }

    @Test
    void the_keyboard_reaches_the_content_at_once() {
        try (var context = context(new Browser.NewContextOptions().setLocale("en-GB"))) {
            var page = open(context, "/");

            page.keyboard().press("Tab");
            assertThat(page.locator(":focus").textContent()).isEqualTo("Skip to the content");
            page.keyboard().press("Enter");

            assertThat(page.locator(":focus").getAttribute("id")).isEqualTo("content");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/no-such-page", "//elsewhere.example/", "/%2e%2e/x", "/now/x"})
    void what_does_not_exist_is_a_page_in_the_same_design(String path) throws Exception {
        var request =
                HttpRequest.newBuilder(URI.create(url(path)))
                        .header("Accept", "text/html")
                        .header("Accept-Language", "zh")
                        .build();
        var answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());

        assertThat(answer.statusCode()).isBetween(400, 404);
        assertThat(answer.body()).doesNotContain("Exception").doesNotContain("href=\"//");
    }

    @Test
    void the_moving_part_is_small_and_alone() throws Exception {
        assertThat(get("/now?lang=zh")).contains("市第一医院").doesNotContain("<html");
    }

    private String get(String path) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(url(path))).build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private BrowserContext context(Browser.NewContextOptions options) {
        var context = chromium.browser().newContext(options);
        context.setDefaultTimeout(PATIENCE_MILLIS);
        return context;
    }

    private Page open(BrowserContext context, String path) {
        var page = context.newPage();
        page.navigate(url(path));
        page.waitForLoadState(LoadState.NETWORKIDLE);
        return page;
    }

    private String url(String path) {
        return "http://localhost:" + port + path;
    }

    private static double fontSize(Page page) {
        return ((Number) page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)"))
                .doubleValue();
    }

    /// What a finger would miss.
    static List<?> smallTargets(Page page, int pixels) {
        return (List<?>)
                page.evaluate(
                        """
                        pixels => [...document.querySelectorAll("a:not(.skip), button")]
                          .filter(e => e.checkVisibility())
                          .filter(e => e.getBoundingClientRect().height < pixels - 0.5)
                          .map(e => e.textContent.trim() + ": " + e.getBoundingClientRect().height)
                        """,
                        pixels);
    }
}
