package io.xinglin.web;

import static io.xinglin.Consortium.CITY;
import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import io.xinglin.Outside;
import io.xinglin.TestNode;
import io.xinglin.identity.Caller;
import io.xinglin.identity.PatientId;
import io.xinglin.identity.PurposeOfUse;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;

/// Patients ask, officers decide, and both see what became of it, on the page, in a real browser.
@Tag("browser")
@TestNode
@Import(Outside.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ErasurePageTests {
    private static final double PATIENCE_MILLIS = 120_000;
    private static final Caller OFFICER = new Caller.Staff(CITY, "officer", PurposeOfUse.HOPERAT);

    @LocalServerPort int port;
    @Autowired private Outside outside;

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
        "en,1985,Erased,Certificate (PDF)",
        "zh,1985,已删除,证明（PDF）",
        "en,2020,Only stored,at least 15 years from the last visit",
        "zh,2020,仅作存储,自患者最后一次就诊之日起不少于15年"
    })
    void a_patient_asks_and_an_officer_decides(
            String lang, int seen, String status, String because) {
        var patient = patientSeenIn(seen);
        var self = new Caller.Patient(new PatientId(CITY, patient));
        try (var context =
                chromium.browser()
                        .newContext(new Browser.NewContextOptions().setViewportSize(1200, 1600))) {
            context.setDefaultTimeout(PATIENCE_MILLIS);
            var page = context.newPage();
            enter(page, lang, outside.token(self));
            page.locator("button[value=ask]").click();
            var code = page.locator(".notice code").textContent();
            check(page, lang + "-" + seen + "-asked");

            enter(page, lang, outside.token(OFFICER));
            page.locator("article", new Page.LocatorOptions().setHasText(patient))
                    .locator("button[value=erase]")
                    .click();
            check(page, lang + "-" + seen + "-decided");

            page.navigate(url("/erasure?lang=" + lang));
            page.locator("#org").selectOption(CITY.value());
            page.locator("#code").fill(code);
            page.locator("button[value=see]").click();
            check(page, lang + "-" + seen + "-code");
            assertThat(page.locator("article .tag").textContent()).isEqualTo(status);
            assertThat(page.locator("article").textContent()).contains(because);
        }
    }

    private void enter(Page page, String lang, String token) {
        page.navigate(url("/erasure?lang=" + lang));
        page.locator("#org").selectOption(CITY.value());
        page.locator("#token").fill(token);
        page.locator("button[value=see]").click();
        page.locator("#requests").waitFor();
    }

    private static void check(Page page, String name) {
        page.locator("#requests").waitFor();
        var axe = new AxeBuilder(page).analyze();
        assertThat(axe.getViolations()).as(name).isEmpty();
        assertThat(page.content()).as("a missing word").doesNotContain("??");
        var screenshots = System.getProperty("xinglin.screenshots");
        if (screenshots != null) {
            page.screenshot(
                    new Page.ScreenshotOptions()
                            .setPath(Path.of(screenshots, "erasure-" + name + ".png")));
        }
    }

    private String patientSeenIn(int year) {
        var patient = "e-" + UUID.randomUUID();
        put(
                "Patient/" + patient,
                "{\"resourceType\": \"Patient\", \"id\": \"%s\"}".formatted(patient));
        put(
                "Encounter/v-" + patient,
                """
                {"resourceType": "Encounter", "id": "v-%1$s", "status": "finished",
                 "class": {"code": "AMB"}, "subject": {"reference": "Patient/%1$s"},
                 "period": {"start": "%2$s-03-01", "end": "%2$s-03-02"}}
                """
                        .formatted(patient, year));
        return patient;
    }

    private void put(String path, String json) {
        var staff = new Caller.Staff(CITY, "dr-chen", PurposeOfUse.TREAT);
        var answer = outside.send(staff, "PUT", "/fhir/city-first-hospital/" + path, json);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(201);
    }

    private String url(String path) {
        return "http://localhost:" + port + path;
    }
}
