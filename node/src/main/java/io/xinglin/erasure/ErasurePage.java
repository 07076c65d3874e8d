package io.xinglin.erasure;

import io.xinglin.contracts.MemberId;
import io.xinglin.erasure.Erasures.Happened;
import io.xinglin.identity.Caller;
import io.xinglin.identity.Identities;
import io.xinglin.identity.PurposeOfUse;
import io.xinglin.identity.TokenHolders;
import io.xinglin.ledger.Ledger;
import io.xinglin.paper.Papers;
import io.xinglin.web.Words;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.springframework.context.MessageSource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/// The page on which patients ask for the erasure of their record and see what became of it, and officers decide.
///
/// Who it is, their token says, or the code that a patient was given; both are sent in the body, and are in no address.
@Controller
class ErasurePage {
    private final Erasures erasures;
    private final Retention retention;
    private final Identities identities;
    private final TokenHolders tokens;
    private final Ledger ledger;
    private final Papers papers;
    private final MessageSource messages;

    ErasurePage(
            Erasures erasures,
            Retention retention,
            Identities identities,
            TokenHolders tokens,
            Ledger ledger,
            Papers papers,
            MessageSource messages) {
        this.erasures = erasures;
        this.retention = retention;
        this.identities = identities;
        this.tokens = tokens;
        this.ledger = ledger;
        this.papers = papers;
        this.messages = messages;
    }

    /// Something to choose.
    record Choice(String id, String name) {}

    /// A law, and how long it holds.
    record Kept(String law, String until) {}

    /// Something that happened.
    record Step(String action, String when) {}

    /// A request as it is shown.
    record Row(
            UUID id,
            Status status,
            String patient,
            String requested,
            String reason,
            List<Kept> because,
            List<Step> steps) {
        public boolean isOpen() {
            return status.isOpen();
        }

        public boolean isUndecided() {
            return status == Status.REQUESTED;
        }

        public boolean isErased() {
            return status == Status.ERASED;
        }
    }

    /// Who they say they are.
    ///
    /// @param org where
    record Sender(String org, String token, String code) {}

    @GetMapping("/erasure")
    String empty(Model model, Locale locale) {
        return show(model, locale, new Sender("", "", ""));
    }

    @PostMapping("/erasure")
    String act(
            @RequestParam(defaultValue = "") String org,
            @RequestParam(defaultValue = "") String token,
            @RequestParam(defaultValue = "") String code,
            @RequestParam(defaultValue = "see") String act,
            @RequestParam(defaultValue = "") String id,
            @RequestParam(defaultValue = "") String reason,
            HttpServletResponse response,
            Model model,
            Locale locale) {
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        var sender = new Sender(org, token.strip(), code.strip());
        try {
            if (sender.token.isEmpty()) {
                byCode(sender, model, locale);
            } else {
                byToken(sender, act, id, reason, model, locale);
            }
        } catch (ErasureProblem problem) {
            response.setStatus(problem.getStatusCode().value());
            model.addAttribute("problem", problem.slug());
        }
        return show(model, locale, sender);
    }

    /// The certificate as a page, for whoever may have it.
    @PostMapping("/erasure/paper")
    ResponseEntity<byte[]> paper(
            @RequestParam(defaultValue = "") String org,
            @RequestParam(defaultValue = "") String token,
            @RequestParam(defaultValue = "") String code,
            @RequestParam(defaultValue = "") String id,
            Locale locale) {
        var sender = new Sender(org, token, code);
        var erasure =
                token.isEmpty()
                        ? coded(sender)
                        : seen(caller(sender)).stream()
                                .filter(it -> it.id().toString().equals(id))
                                .findFirst()
                                .orElseThrow(ErasureProblem::unknown);
        var jws = erasures.certificate(erasure).orElseThrow(ErasureProblem::noCertificate);
        return papers.downloadCertificate("erasure-" + erasure.id(), jws, locale);
    }

    private void byCode(Sender sender, Model model, Locale locale) {
        model.addAttribute("who", "code");
        model.addAttribute("rows", rows(List.of(coded(sender)), words(locale)));
    }

    private Erasure coded(Sender sender) {
        return member(sender)
                .flatMap(member -> erasures.byCode(member, sender.code))
                .orElseThrow(ErasureProblem::unknown);
    }

    private void byToken(
            Sender sender, String act, String id, String reason, Model model, Locale locale) {
        var caller = caller(sender);
        model.addAttribute("who", caller instanceof Caller.Patient ? "patient" : "officer");
        switch (act) {
            case "ask" -> {
                if (!(caller instanceof Caller.Patient(var patient))) {
                    throw ErasureProblem.notForYou();
                }
                model.addAttribute("given", erasures.request(patient).code());
            }
            case "withdraw" -> {
                if (!(caller instanceof Caller.Patient(var patient))) {
                    throw ErasureProblem.notForYou();
                }
                erasures.withdraw(patient, ErasureController.id(id));
            }
            case "erase" ->
                    erasures.agree(caller.custodian(), officer(caller), ErasureController.id(id));
            case "refuse" ->
                    erasures.refuse(
                            caller.custodian(),
                            officer(caller),
                            ErasureController.id(id),
                            Refusal.of(reason).orElseThrow(ErasureProblem::unreadable));
            default -> {}
        }
        model.addAttribute("rows", rows(seen(caller), words(locale)));
    }

    private Caller caller(Sender sender) {
        return member(sender)
                .flatMap(member -> tokens.caller(member, sender.token))
                .filter(it -> it instanceof Caller.Patient || isOfficer(it))
                .orElseThrow(ErasureProblem::notForYou);
    }

    private List<Erasure> seen(Caller caller) {
        return caller instanceof Caller.Patient(var patient)
                ? erasures.of(patient)
                : erasures.of(caller.custodian());
    }

    private static String officer(Caller caller) {
        if (caller instanceof Caller.Staff staff && isOfficer(caller)) {
            return "Practitioner/" + staff.practitioner();
        }
        throw ErasureProblem.notForYou();
    }

    private static boolean isOfficer(Caller caller) {
        return caller instanceof Caller.Staff staff && staff.purpose() == PurposeOfUse.HOPERAT;
    }

    private Optional<MemberId> member(Sender sender) {
        return identities.hosted().stream()
                .filter(member -> member.value().equals(sender.org))
                .findFirst();
    }

    private List<Row> rows(List<Erasure> some, Words words) {
        return some.stream().map(erasure -> row(erasure, words)).toList();
    }

    private Row row(Erasure erasure, Words words) {
        var history = erasures.history(erasure);
        return new Row(
                erasure.id(),
                erasure.status(),
                erasure.owner().orElse(""),
                words.moment(erasure.requested()),
                erasure.reason().orElse(""),
                erasure.status() == Status.RESTRICTED ? because(history, words) : List.of(),
                history.stream()
                        .map(it -> new Step(it.action(), words.moment(it.time())))
                        .toList());
    }

    private static List<Kept> because(List<Happened> history, Words words) {
        var kept = new ArrayList<Kept>();
        history.stream()
                .filter(it -> it.action().equals("restricted"))
                .reduce((_, last) -> last)
                .ifPresent(
                        it ->
                                it.json()
                                        .path("because")
                                        .forEach(
                                                bar ->
                                                        kept.add(
                                                                new Kept(
                                                                        law(bar.path("law"), words),
                                                                        until(bar, words)))));
        return kept;
    }

    private static String law(tools.jackson.databind.JsonNode law, Words words) {
        return law.path(words.isChinese() ? "zh" : "en").asString("");
    }

    private static String until(tools.jackson.databind.JsonNode bar, Words words) {
        return words.day(Instant.parse(bar.path("until").asString("")));
    }

    private Words words(Locale locale) {
        return new Words(messages, locale, ZoneId.systemDefault());
    }

    private String show(Model model, Locale locale, Sender sender) {
        var words = words(locale);
        model.addAttribute("sender", sender);
        model.addAttribute("refusals", Refusal.values());
        model.addAttribute(
                "members", identities.hosted().stream().map(it -> name(it, words)).toList());
        model.addAttribute(
                "rules",
                retention.rules().stream()
                        .map(
                                rule ->
                                        new Kept(
                                                words.isChinese()
                                                        ? rule.law().zh()
                                                        : rule.law().en(),
                                                words.say(
                                                        "erasure.rule." + rule.care(),
                                                        rule.years())))
                        .toList());
        return "erasure/erasure";
    }

    private Choice name(MemberId member, Words words) {
        return new Choice(
                member.value(),
                ledger.member(member)
                        .map(it -> words.isChinese() ? it.name().zh() : it.name().en())
                        .orElse(member.value()));
    }
}
