package io.xinglin.explorer;

import io.xinglin.contracts.Ballot;
import io.xinglin.contracts.ContractVersions;
import io.xinglin.contracts.Parameter;
import io.xinglin.contracts.Proposal;
import io.xinglin.ledger.Ledger;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/// The contracts that everyone is bound by, and the votes by which members change them.
@Controller
class RulePages {
    private static final int PROPOSALS_MAX = 100;

    private static final Map<String, List<String>> FUNCTIONS =
            Map.of(
                    "membership", List.of("found", "join", "update"),
                    "keys", List.of("register", "rotate", "revoke"),
                    "consent", List.of("grant", "withdraw"),
                    "anchor", List.of("checkpoint"),
                    "governance", List.of("propose", "vote", "decide"));

    private final Ledger ledger;
    private final Chronicle chronicle;
    private final Tellings tellings;
    private final InstantSource clock;

    RulePages(Ledger ledger, Chronicle chronicle, Tellings tellings, InstantSource clock) {
        this.ledger = ledger;
        this.chronicle = chronicle;
        this.tellings = tellings;
        this.clock = clock;
    }

    /// A function of a contract.
    ///
    /// @param label of its words
    record Function(String name, String label, String count, String last, String block) {}

    /// A contract.
    record Contract(String name, String version, List<Function> functions) {}

    /// A number that members agree on.
    record Agreed(String name, String value) {}

    @GetMapping("/explorer/contracts")
    String contracts(Model model, Locale locale) {
        var telling = tellings.in(locale);
        model.addAttribute(
                "contracts",
                ContractVersions.newest().keySet().stream()
                        .map(name -> contract(name, telling))
                        .toList());
        model.addAttribute(
                "parameters",
                Stream.of(Parameter.values())
                        .map(
                                parameter ->
                                        new Agreed(
                                                parameter.word(),
                                                telling.words().number(ledger.value(parameter))))
                        .toList());
        return "explorer/contracts";
    }

    private Contract contract(String name, Telling telling) {
        var uses = chronicle.uses();
        return new Contract(
                name,
                String.valueOf(ledger.version(name)),
                FUNCTIONS.getOrDefault(name, List.of()).stream()
                        .map(function -> function(name, function, uses, telling))
                        .toList());
    }

    private Function function(
            String contract, String name, Map<String, Chronicle.Use> uses, Telling telling) {
        var words = telling.words();
        var use = Optional.ofNullable(uses.get(contract + "." + name));
        return new Function(
                name,
                "contract." + contract + "." + name,
                use.map(it -> words.number(it.count())).orElse(words.number(0)),
                use.map(it -> words.ago(it.last(), clock.instant()))
                        .orElse(words.say("contract.never")),
                use.map(it -> String.valueOf(it.lastBlock())).orElse(""));
    }

    /// A proposal.
    ///
    /// @param status `open`, `accepted`, `rejected` or `expired`
    /// @param yes who agreed
    /// @param no who did not
    /// @param tally how it was decided, or empty
    record Row(
            String id,
            String change,
            String status,
            String proposer,
            String until,
            List<String> yes,
            List<String> no,
            String tally) {}

    @GetMapping("/explorer/proposals")
    String proposals(Model model, Locale locale) {
        listed(model, locale);
        return "explorer/proposals";
    }

    /// The part of the page that changes.
    @GetMapping("/explorer/proposals/newest")
    String newest(Model model, Locale locale) {
        listed(model, locale);
        return "explorer/proposals :: list";
    }

    private void listed(Model model, Locale locale) {
        var telling = tellings.in(locale);
        model.addAttribute(
                "rows",
                ledger.proposals().stream()
                        .limit(PROPOSALS_MAX)
                        .map(proposal -> row(proposal, telling))
                        .toList());
    }

    private Row row(Proposal proposal, Telling telling) {
        var words = telling.words();
        var decision = ledger.decision(proposal.id());
        var votes = new LinkedHashMap<Boolean, List<String>>();
        for (var agreed : List.of(true, false)) {
            votes.put(
                    agreed,
                    ledger.votes(proposal.id()).stream()
                            .filter(ballot -> ballot.agreed() == agreed)
                            .map(Ballot::member)
                            .map(telling::name)
                            .toList());
        }
        return new Row(
                proposal.id().toString(),
                telling.change(proposal.change()),
                decision.map(it -> it.accepted() ? "accepted" : "rejected")
                        .orElse(clock.instant().isAfter(proposal.expires()) ? "expired" : "open"),
                telling.name(proposal.proposer()),
                words.moment(proposal.expires()),
                votes.getOrDefault(true, List.of()),
                votes.getOrDefault(false, List.of()),
                decision.map(
                                it ->
                                        words.say(
                                                "proposal.tally",
                                                words.number(it.yes()),
                                                words.number(it.no()),
                                                words.number(it.entitled())))
                        .orElse(""));
    }
}
