package io.xinglin.web;

import io.xinglin.platform.NodeProperties;
import java.net.URI;
import java.time.ZoneId;
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
        model.addAttribute("steps", steps(node.url()));
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

    private static List<Step> steps(URI url) {
        var custodian = "city-first-hospital";
        return List.of(
                new Step("story", "make story"),
                new Step("users", "make users"),
                new Step(
                        "own",
                        curl("wang", url, "/fhir/", custodian, "/Observation?category=laboratory")),
                new Step(
                        "refused",
                        curl(
                                "li",
                                url,
                                "/exchange/river-hospital/",
                                custodian,
                                "/Observation?category=laboratory")),
                new Step("diary", curl("wang", url, "/audit/", custodian, "/accesses")));
    }

    private static String curl(String user, URI url, String... path) {
        return "curl -H \"Authorization: Bearer $(make -s token USER=%s)\" \\\n  \"%s%s\""
                .formatted(user, url, String.join("", path));
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
