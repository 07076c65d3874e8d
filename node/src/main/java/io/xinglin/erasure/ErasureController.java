package io.xinglin.erasure;

import io.xinglin.contracts.MemberId;
import io.xinglin.erasure.ErasureProperties.Rule;
import io.xinglin.erasure.Erasures.Happened;
import io.xinglin.identity.Caller;
import io.xinglin.identity.Callers;
import io.xinglin.identity.Identities;
import io.xinglin.identity.PurposeOfUse;
import io.xinglin.log.Logs;
import io.xinglin.paper.Papers;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Patients ask for the erasure of their record at a custodian; whoever works for its operations decides.
@RestController
class ErasureController {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Erasures erasures;
    private final Retention retention;
    private final Identities identities;
    private final Logs logs;
    private final Papers papers;

    ErasureController(
            Erasures erasures,
            Retention retention,
            Identities identities,
            Logs logs,
            Papers papers) {
        this.erasures = erasures;
        this.retention = retention;
        this.identities = identities;
        this.logs = logs;
        this.papers = papers;
    }

    @PostMapping("/erasures/{org}")
    ResponseEntity<Map<String, Object>> request(@PathVariable String org) {
        if (!(Callers.current() instanceof Caller.Patient(var patient))) {
            throw ErasureProblem.notForYou();
        }
        var requested = erasures.request(patient);
        var view = view(requested.erasure(), false);
        view.put("code", requested.code());
        return ResponseEntity.created(
                        URI.create("/erasures/" + org + "/" + requested.erasure().id()))
                .cacheControl(CacheControl.noStore())
                .body(view);
    }

    @GetMapping("/erasures/{org}")
    ResponseEntity<List<Map<String, Object>>> list(@PathVariable String org) {
        return answer(
                switch (Callers.current()) {
                    case Caller.Patient(var patient) ->
                            erasures.of(patient).stream().map(it -> view(it, false)).toList();
                    case Caller.Staff staff when isOfficer(staff) ->
                            erasures.of(staff.custodian()).stream()
                                    .map(it -> view(it, true))
                                    .toList();
                    default -> throw ErasureProblem.notForYou();
                });
    }

    /// What is kept against a patient's wish, and by which law.
    @GetMapping("/erasures/{org}/retention")
    List<Rule> retention(@PathVariable String org) {
        return retention.rules();
    }

    @GetMapping("/erasures/{org}/{id}")
    ResponseEntity<Map<String, Object>> get(@PathVariable String org, @PathVariable String id) {
        return answer(view(seen(id), Callers.current() instanceof Caller.Staff));
    }

    @PostMapping("/erasures/{org}/{id}/withdraw")
    ResponseEntity<Map<String, Object>> withdraw(
            @PathVariable String org, @PathVariable String id) {
        if (!(Callers.current() instanceof Caller.Patient(var patient))) {
            throw ErasureProblem.notForYou();
        }
        return answer(view(erasures.withdraw(patient, id(id)), false));
    }

    @PostMapping(
            path = "/erasures/{org}/{id}/decision",
            consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Map<String, Object>> decide(
            @PathVariable String org,
            @PathVariable String id,
            @RequestBody(required = false) byte @Nullable [] body) {
        if (!(Callers.current() instanceof Caller.Staff staff) || !isOfficer(staff)) {
            throw ErasureProblem.notForYou();
        }
        var custodian = staff.custodian();
        var officer = "Practitioner/" + staff.practitioner();
        var wanted = read(body);
        return answer(
                view(
                        switch (wanted.path("decision").asString("")) {
                            case "erase" -> erasures.agree(custodian, officer, id(id));
                            case "refuse" ->
                                    erasures.refuse(
                                            custodian,
                                            officer,
                                            id(id),
                                            Refusal.of(wanted.path("reason").asString(""))
                                                    .orElseThrow(ErasureProblem::unreadable));
                            default -> throw ErasureProblem.unreadable();
                        },
                        true));
    }

    @GetMapping("/erasures/{org}/{id}/certificate")
    ResponseEntity<byte[]> certificate(
            @PathVariable String org, @PathVariable String id, HttpServletRequest request) {
        return certificate(seen(id), request);
    }

    @GetMapping("/erasures/{org}/{id}/receipt")
    ResponseEntity<byte[]> receipt(
            @PathVariable String org, @PathVariable String id, HttpServletRequest request) {
        var erasure = seen(id);
        var last = erasures.history(erasure).getLast();
        return logs.receipt(erasure.custodian(), last.entry(), last.opening())
                .map(receipt -> papers.answer("erasure-" + erasure.id(), receipt, request))
                .orElseThrow(ErasureProblem::notYet);
    }

    /// For those who can no longer sign in because nobody is left to: what has become of it. The code is in the body, and in no address.
    @PostMapping("/erasure/{org}/status")
    ResponseEntity<Map<String, Object>> status(
            @PathVariable String org, @RequestParam(defaultValue = "") String code) {
        return answer(view(byCode(org, code), false));
    }

    /// The same for the certificate.
    @PostMapping("/erasure/{org}/certificate")
    ResponseEntity<byte[]> certificateByCode(
            @PathVariable String org,
            @RequestParam(defaultValue = "") String code,
            HttpServletRequest request) {
        return certificate(byCode(org, code), request);
    }

    private ResponseEntity<byte[]> certificate(Erasure erasure, HttpServletRequest request) {
        var jws = erasures.certificate(erasure).orElseThrow(ErasureProblem::noCertificate);
        return papers.certificate("erasure-" + erasure.id(), jws, request);
    }

    private Erasure byCode(String org, String code) {
        return identities.hosted().stream()
                .filter(member -> member.value().equals(org))
                .findFirst()
                .flatMap(member -> erasures.byCode(member, code.strip()))
                .orElseThrow(ErasureProblem::unknown);
    }

    /// A request that the caller may see: their own, or, for an officer, any of the organisation.
    private Erasure seen(String id) {
        var caller = Callers.current();
        MemberId custodian = caller.custodian();
        return switch (caller) {
            case Caller.Patient(var patient) ->
                    erasures.find(custodian, id(id))
                            .filter(erasure -> erasures.isOf(erasure, patient))
                            .orElseThrow(ErasureProblem::unknown);
            case Caller.Staff staff when isOfficer(staff) ->
                    erasures.find(custodian, id(id)).orElseThrow(ErasureProblem::unknown);
            default -> throw ErasureProblem.notForYou();
        };
    }

    private static boolean isOfficer(Caller.Staff staff) {
        return staff.purpose() == PurposeOfUse.HOPERAT;
    }

    private Map<String, Object> view(Erasure erasure, boolean forOfficer) {
        var view = new LinkedHashMap<String, Object>();
        view.put("id", erasure.id());
        view.put("status", erasure.status());
        view.put("requested", erasure.requested());
        if (forOfficer) {
            erasure.owner().ifPresent(owner -> view.put("patient", "Patient/" + owner));
        }
        erasure.officer().ifPresent(officer -> view.put("officer", officer));
        erasure.reason().ifPresent(reason -> view.put("reason", reason));
        var history = erasures.history(erasure);
        if (erasure.status() == Status.RESTRICTED) {
            history.stream()
                    .filter(it -> it.action().equals("restricted"))
                    .reduce((_, last) -> last)
                    .ifPresent(it -> view.put("because", it.statement().get("because")));
        }
        view.put("history", history.stream().map(ErasureController::told).toList());
        var here = "/erasures/" + erasure.custodian() + "/" + erasure.id();
        view.put("receipt", here + "/receipt");
        if (erasure.status() == Status.ERASED) {
            view.put("certificate", here + "/certificate");
        }
        return view;
    }

    private static Map<String, Object> told(Happened happened) {
        var statement = happened.statement();
        return Map.of("action", happened.action(), "time", statement.get("time"));
    }

    private static <T> ResponseEntity<T> answer(T body) {
        return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(body);
    }

    static UUID id(String text) {
        try {
            var id = UUID.fromString(text);
            if (id.toString().equals(text)) {
                return id;
            }
        } catch (IllegalArgumentException _) {
            // Told below.
        }
        throw ErasureProblem.unknown();
    }

    private static JsonNode read(byte @Nullable [] body) {
        try {
            return JSON.readTree(body == null ? new byte[0] : body);
        } catch (JacksonException _) {
            throw ErasureProblem.unreadable();
        }
    }
}
