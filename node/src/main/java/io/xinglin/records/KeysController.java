package io.xinglin.records;

import io.xinglin.contracts.MemberId;
import io.xinglin.identity.Caller;
import io.xinglin.identity.Callers;
import io.xinglin.identity.PatientId;
import io.xinglin.identity.PurposeOfUse;
import io.xinglin.records.KeyRotation.Progress;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Whoever works for a custodian's operations replaces the keys of its records, and sees how far that is.
@RestController
class KeysController {
    private final KeyRotation rotation;

    KeysController(KeyRotation rotation) {
        this.rotation = rotation;
    }

    @GetMapping("/keys/{org}")
    Progress progress(@PathVariable String org) {
        return rotation.progress(custodian());
    }

    /// From now on new keys: for one patient's record, or for all.
    ///
    /// @param patient a logical id
    @PostMapping("/keys/{org}/epochs")
    Map<String, Integer> epochs(@PathVariable String org, @RequestParam Optional<String> patient) {
        var custodian = custodian();
        return Map.of("ended", rotation.endEpochs(custodian, patient.map(id -> id(custodian, id))));
    }

    /// A new wrap key; the wraps follow in the background.
    @PostMapping("/keys/{org}/wraps")
    ResponseEntity<Progress> wraps(@PathVariable String org) {
        return ResponseEntity.accepted()
                .location(URI.create("/keys/" + org))
                .body(rotation.renewWraps(custodian()));
    }

    private static PatientId id(MemberId custodian, String id) {
        try {
            return new PatientId(custodian, id);
        } catch (IllegalArgumentException e) {
            throw problem(HttpStatus.BAD_REQUEST, "unreadable-request", "name a logical id");
        }
    }

    private static MemberId custodian() {
        if (Callers.current() instanceof Caller.Staff(var custodian, _, var purpose)
                && purpose == PurposeOfUse.HOPERAT) {
            return custodian;
        }
        throw problem(
                HttpStatus.FORBIDDEN,
                "only-for-operations",
                "only staff who work for the organisation's operations (HOPERAT) replace its keys");
    }

    private static ErrorResponseException problem(HttpStatus status, String slug, String detail) {
        var problem = org.springframework.http.ProblemDetail.forStatusAndDetail(status, detail);
        problem.setType(URI.create("/problems/" + slug));
        return new ErrorResponseException(status, problem, null);
    }
}
