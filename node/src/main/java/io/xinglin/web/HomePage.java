package io.xinglin.web;

import io.xinglin.platform.NodeProperties;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
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
        model.addAttribute("steps", Step.all(node.url()));
        model.addAttribute("doors", Door.all(snapshot));
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
    record Step(String name, String command) {
        static List<Step> all(java.net.URI url) {
            return List.of(
                    new Step("story", "make story"),
                    new Step("users", "make users"),
                    new Step(
                            "own",
                            curl(
                                    "wang",
                                    url
                                            + "/fhir/city-first-hospital/Observation?category=laboratory&_count=3")),
                    new Step(
                            "refused",
                            curl(
                                    "li",
                                    url
                                            + "/exchange/river-hospital/city-first-hospital/Observation?category=laboratory")),
                    new Step("diary", curl("wang", url + "/audit/city-first-hospital/accesses")));
        }

        private static String curl(String user, String address) {
            return "curl -H \"Authorization: Bearer $(make -s token USER=%s)\" \\\n  \"%s\""
                    .formatted(user, address);
        }
    }

    /// A way in for programs and the curious.
    ///
    /// @param name of its words in the messages
    record Door(String name, String address) {
        static List<Door> all(Snapshot snapshot) {
            var checkpoint =
                    snapshot.members().stream()
                            .filter(m -> m.log().isPresent())
                            .map(m -> new Door("checkpoint", m.logUrl() + "/checkpoint"))
                            .limit(1);
            return java.util.stream.Stream.concat(
                            java.util.stream.Stream.of(
                                    new Door("members", "/ledger/members"),
                                    new Door("blocks", "/ledger/blocks?from=0&count=20")),
                            checkpoint)
                    .toList();
        }
    }
}
