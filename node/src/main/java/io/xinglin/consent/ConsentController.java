package io.xinglin.consent;

import io.xinglin.contracts.MemberId;
import io.xinglin.identity.Caller;
import io.xinglin.identity.Callers;
import io.xinglin.identity.PatientId;
import io.xinglin.paper.Papers;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// Patients grant, withdraw and list their consents at one custodian.
@RestController
@RequestMapping("/consents/{organisation}")
class ConsentController {
    private final Consents consents;
    private final Papers papers;

    ConsentController(Consents consents, Papers papers) {
        this.consents = consents;
        this.papers = papers;
    }

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<View> grant(@RequestBody(required = false) byte @Nullable [] body) {
        var patient = patient();
        var consent =
                consents.grant(
                        patient, ConsentForm.read(body == null ? new byte[0] : body).terms());
        var here = URI.create("/consents/" + patient.custodian() + "/" + consent.id());
        return ResponseEntity.created(here).body(View.of(consent, patient.custodian()));
    }

    @GetMapping
    List<View> list() {
        var patient = patient();
        return consents.of(patient).stream()
                .map(consent -> View.of(consent, patient.custodian()))
                .toList();
    }

    @GetMapping("/{id}")
    View get(@PathVariable String id) {
        var patient = patient();
        return View.of(consents.get(patient, id(id)), patient.custodian());
    }

    @PostMapping("/{id}/withdraw")
    View withdraw(@PathVariable String id) {
        var patient = patient();
        return View.of(consents.withdraw(patient, id(id)), patient.custodian());
    }

    @GetMapping(
            path = "/{id}/receipt",
            produces = {MediaType.TEXT_PLAIN_VALUE, MediaType.APPLICATION_PDF_VALUE})
    ResponseEntity<byte[]> receipt(@PathVariable String id, HttpServletRequest request) {
        return consents.receipt(patient(), id(id))
                .map(receipt -> papers.answer("consent-" + id(id), receipt, request))
                .orElseGet(
                        () ->
                                ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE)
                                        .header(HttpHeaders.RETRY_AFTER, "1")
                                        .build());
    }

    private static PatientId patient() {
        if (Callers.current() instanceof Caller.Patient(var patient)) {
            return patient;
        }
        throw new OnlyForPatients();
    }

    private static ConsentId id(String text) {
        try {
            return new ConsentId(UUID.fromString(text));
        } catch (IllegalArgumentException _) {
            throw new UnknownConsent();
        }
    }

    /// A consent as JSON.
    record View(
            String id,
            String status,
            String custodian,
            String grantee,
            List<String> categories,
            List<String> classes,
            List<String> purposes,
            Instant until,
            Instant granted,
            @Nullable Instant withdrawn) {
        static View of(Consent consent, MemberId custodian) {
            var terms = consent.terms();
            return new View(
                    consent.id().toString(),
                    consent.status().name(),
                    custodian.value(),
                    terms.grantee().value(),
                    names(terms.categories()),
                    names(terms.classes()),
                    names(terms.purposes()),
                    terms.until(),
                    consent.granted(),
                    consent.withdrawn().orElse(null));
        }

        private static List<String> names(Set<? extends Enum<?>> values) {
            return values.stream().sorted().map(Enum::name).toList();
        }

        @Override
        public String toString() {
            return "View[redacted]";
        }
    }
}
