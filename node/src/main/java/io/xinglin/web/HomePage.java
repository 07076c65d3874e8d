package io.xinglin.web;

import io.xinglin.platform.NodeProperties;
import java.net.URI;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.springframework.context.MessageSource;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/// The first page: what this is, what it sees now, and where to go.
@Controller
class HomePage {
    /// The identifier in the record of the sample patient wang.
    private static final String WANG = "250e5580-69d1-de03-79e3-5e3773a5a8d6";

    private final Overview overview;
    private final MessageSource messages;
    private final NodeProperties node;

    HomePage(Overview overview, MessageSource messages, NodeProperties node) {
        this.overview = overview;
        this.messages = messages;
        this.node = node;
    }

    @GetMapping("/")
    String home(Model model, Locale locale) {
        var snapshot = overview.snapshot();
        model.addAttribute("now", Now.of(snapshot, words(locale)));
        model.addAttribute("steps", steps(node.url(), snapshot.at()));
        model.addAttribute("doors", doors(snapshot));
        return "home";
    }

    /// The part of the page that changes; the page asks for it again and again.
    @GetMapping("/now")
    String now(Model model, Locale locale) {
        model.addAttribute("now", Now.of(overview.snapshot(), words(locale)));
        return "now :: now";
    }

    private Words words(Locale locale) {
        return new Words(messages, locale, ZoneId.systemDefault());
    }

    /// Something to try.
    ///
    /// @param name of its words in the messages
    record Step(String name, String command) {}

    /// What one does with the sample people, in an order that tells a story.
    private static List<Step> steps(URI url, Instant now) {
        var record = "/city-first-hospital";
        var laboratory = "/Observation?category=laboratory";
        var consent =
                """
                {"grantee":"river-hospital","categories":["LABORATORY"],"purposes":["TREAT"],"until":"%s"}"""
                        .formatted(now.plus(7, ChronoUnit.DAYS).truncatedTo(ChronoUnit.SECONDS));
        return List.of(
                new Step("story", "make story"),
                new Step("users", "make users"),
                new Step("own", curl("wang", "", url + "/fhir" + record + laboratory)),
                new Step(
                        "refused",
                        curl(
                                "li",
                                " \\\n  -d category=laboratory -d patient.identifier=" + WANG,
                                url
                                        + "/exchange/river-hospital"
                                        + record
                                        + "/Observation/_search")),
                new Step(
                        "consent",
                        curl(
                                "wang",
                                " -H 'Content-Type: application/json' \\\n  -d '" + consent + "'",
                                url + "/consents" + record)),
                new Step("diary", curl("wang", "", url + "/audit" + record + "/accesses")));
    }

    private static String curl(String user, String more, String address) {
        return "curl -H \"Authorization: Bearer $(make -s token USER=%s)\"%s \\\n  \"%s\""
                .formatted(user, more, address);
    }

    /// A way in for programs and the curious.
    ///
    /// @param name of its words in the messages
    record Door(String name, String address) {}

    private static List<Door> doors(Snapshot snapshot) {
        var ledger =
                Stream.of(
                        new Door("members", "/ledger/members"),
                        new Door("blocks", "/ledger/blocks?from=0&count=20"));
        var log =
                snapshot.standings().stream()
                        .filter(standing -> standing.log().isPresent())
                        .limit(1)
                        .map(s -> new Door("checkpoint", s.member().log().url() + "/checkpoint"));
        return Stream.concat(ledger, log).toList();
    }
}
