package io.xinglin.audit;

import io.xinglin.contracts.MemberId;
import io.xinglin.identity.Caller;
import io.xinglin.identity.Callers;
import io.xinglin.identity.PatientId;
import io.xinglin.ledger.Ledger;
import io.xinglin.log.Logs;
import io.xinglin.paper.Papers;
import jakarta.servlet.http.HttpServletRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Tells patients who read what, when and why, and proves it.
@RestController
class AuditController {
    private static final int COUNT_MAX = 200;

    private final Audit audit;
    private final Ledger ledger;
    private final Logs logs;
    private final Papers papers;

    AuditController(Audit audit, Ledger ledger, Logs logs, Papers papers) {
        this.audit = audit;
        this.ledger = ledger;
        this.logs = logs;
        this.papers = papers;
    }

    /// A page of accesses.
    ///
    /// @param next where the next page is, if there may be one
    record Page(List<Map<String, Object>> accesses, Optional<String> next) {}

    @GetMapping("/audit/{org}/accesses")
    Page accesses(
            @PathVariable String org,
            @RequestParam(defaultValue = "50") int count,
            @RequestParam Optional<UUID> after) {
        var patient = patient(org);
        var most = Math.clamp(count, 1, COUNT_MAX);
        var entries = audit.accesses(patient, after, most);
        var next =
                entries.size() < most
                        ? Optional.<String>empty()
                        : Optional.of(
                                "/audit/%s/accesses?count=%s&after=%s"
                                        .formatted(org, most, entries.getLast().row().id()));
        return new Page(entries.stream().map(this::describe).toList(), next);
    }

    @GetMapping("/audit/{org}/accesses/{id}/receipt")
    ResponseEntity<byte[]> receipt(
            @PathVariable String org, @PathVariable UUID id, HttpServletRequest request) {
        var patient = patient(org);
        var entry = audit.access(patient, id).orElseThrow(AccessUnavailable::unknown);
        return logs.receipt(patient.custodian(), entry.row().entry(), entry.opening())
                .map(receipt -> papers.answer("access-" + id, receipt, request))
                .orElseThrow(AccessUnavailable::notYet);
    }

    private static PatientId patient(String org) {
        if (Callers.current() instanceof Caller.Patient(var patient)
                && patient.custodian().value().equals(org)) {
            return patient;
        }
        throw AccessUnavailable.notYours();
    }

    private Map<String, Object> describe(Audit.Entry entry) {
        var statement = entry.statement();
        var access = new LinkedHashMap<String, Object>();
        access.put("id", entry.row().id());
        access.put("when", statement.text("time"));
        access.put("who", who(statement));
        access.put("what", what(statement));
        access.put("why", statement.tree().path("reader").path("purpose").asString(""));
        access.put(
                "decision", statement.text("kind").equals("disclosure") ? "permitted" : "refused");
        if (statement.tree().has("reason")) {
            access.put("reason", statement.text("reason"));
        }
        access.put("consents", statement.list("consents"));
        access.put(
                "receipt",
                "/audit/%s/accesses/%s/receipt"
                        .formatted(entry.row().custodian(), entry.row().id()));
        return access;
    }

    private Map<String, Object> who(Statement statement) {
        var who = new LinkedHashMap<String, Object>();
        var reader = statement.tree().path("reader");
        who.put("kind", reader.path("kind").asString(""));
        var organisation = reader.path("organisation").asString("");
        if (!organisation.isEmpty()) {
            who.put("organisation", organisation(organisation));
        }
        for (var name : List.of("practitioner", "client")) {
            var value = reader.path(name).asString("");
            if (!value.isEmpty()) {
                who.put(name, value);
            }
        }
        return who;
    }

    private Map<String, Object> organisation(String id) {
        var organisation = new LinkedHashMap<String, Object>();
        organisation.put("id", id);
        ledger.member(new MemberId(id))
                .ifPresent(
                        member ->
                                organisation.put(
                                        "name",
                                        Map.of(
                                                "zh",
                                                member.name().zh(),
                                                "en",
                                                member.name().en())));
        return organisation;
    }

    private static Map<String, Object> what(Statement statement) {
        var what = new LinkedHashMap<String, Object>();
        what.put("interaction", statement.text("interaction"));
        what.put("type", statement.text("type"));
        what.put("categories", statement.list("categories"));
        what.put("count", statement.list("versions").size());
        what.put("versions", statement.list("versions"));
        return what;
    }

    /// Why an access is not told or proved.
    static final class AccessUnavailable extends ErrorResponseException {
        private static final long serialVersionUID = 1;

        private AccessUnavailable(HttpStatus status, String slug, String detail) {
            super(status);
            setType(java.net.URI.create("/problems/" + slug));
            setDetail(detail);
        }

        static AccessUnavailable notYours() {
            return new AccessUnavailable(
                    HttpStatus.FORBIDDEN,
                    "not-the-patient",
                    "Only patients see who read their record, each at the organisation that keeps it.");
        }

        static AccessUnavailable unknown() {
            return new AccessUnavailable(
                    HttpStatus.NOT_FOUND,
                    "unknown-access",
                    "There is no such access to your record.");
        }

        static AccessUnavailable notYet() {
            var unavailable =
                    new AccessUnavailable(
                            HttpStatus.SERVICE_UNAVAILABLE,
                            "not-yet-in-the-log",
                            "The access is recorded; its place in the log is signed within a second.");
            unavailable.getHeaders().set(HttpHeaders.RETRY_AFTER, "1");
            return unavailable;
        }
    }
}
