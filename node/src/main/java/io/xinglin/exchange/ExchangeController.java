package io.xinglin.exchange;

import io.xinglin.contracts.MemberId;
import io.xinglin.identity.Caller;
import io.xinglin.identity.Callers;
import io.xinglin.identity.PractitionerId;
import jakarta.servlet.http.HttpServletRequest;
import java.util.regex.Pattern;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Staff of an organisation read at another one: `GET /exchange/{org}/{custodian}/Observation?patient=17`, or, if they know the patient by an
/// identifier, `POST /exchange/{org}/{custodian}/Observation/_search` with a form.
@RestController
@RequestMapping("/exchange/{organisation}/{custodian}")
class ExchangeController {
    private static final Pattern TYPE = Pattern.compile("[A-Z][A-Za-z]{1,63}");
    private static final Pattern ID = Pattern.compile("(?!\\.{1,2}$)[A-Za-z0-9.-]{1,64}");

    /// Parameters that say who a patient is; addresses are kept in logs and histories.
    private static final Pattern PERSONAL =
            Pattern.compile(
                    "(.*\\.)?(identifier|name|family|given|phonetic|birthdate|phone|email|telecom|address(-.*)?)(:.*)?");

    private static final MediaType FHIR_JSON = MediaType.parseMediaType("application/fhir+json");

    private final Exchange exchange;

    ExchangeController(Exchange exchange) {
        this.exchange = exchange;
    }

    @GetMapping("/{type}")
    ResponseEntity<byte[]> search(
            @PathVariable String custodian,
            @PathVariable String type,
            @RequestParam MultiValueMap<String, String> parameters) {
        if (parameters.keySet().stream().anyMatch(name -> PERSONAL.matcher(name).matches())) {
            throw ExchangeProblem.personalAddress();
        }
        return found(custodian, type, parameters);
    }

    @PostMapping(path = "/{type}/_search", consumes = MediaType.APPLICATION_FORM_URLENCODED_VALUE)
    ResponseEntity<byte[]> search(
            @PathVariable String custodian,
            @PathVariable String type,
            @RequestParam MultiValueMap<String, String> parameters,
            HttpServletRequest request) {
        if (request.getQueryString() != null) {
            throw ExchangeProblem.badQuery();
        }
        return found(custodian, type, parameters);
    }

    @GetMapping("/{type}/{id}")
    ResponseEntity<byte[]> read(
            @PathVariable String custodian, @PathVariable String type, @PathVariable String id) {
        var path = matching(TYPE, type) + "/" + matching(ID, id);
        var staff = staff();
        return passedOn(
                exchange.read(practitioner(staff), staff.purpose(), member(custodian), path));
    }

    private ResponseEntity<byte[]> found(
            String custodian, String type, MultiValueMap<String, String> parameters) {
        var staff = staff();
        return passedOn(
                exchange.search(
                        practitioner(staff),
                        staff.purpose(),
                        member(custodian),
                        matching(TYPE, type),
                        parameters));
    }

    private static ResponseEntity<byte[]> passedOn(PeerAnswer answer) {
        return ResponseEntity.status(answer.status()).contentType(FHIR_JSON).body(answer.body());
    }

    /// Who asks, and why, is what the token says.
    private static Caller.Staff staff() {
        if (Callers.current() instanceof Caller.Staff staff) {
            return staff;
        }
        throw ExchangeProblem.onlyForStaff();
    }

    private static PractitionerId practitioner(Caller.Staff staff) {
        return new PractitionerId(staff.custodian(), staff.practitioner());
    }

    private static String matching(Pattern pattern, String text) {
        if (!pattern.matcher(text).matches()) {
            throw ExchangeProblem.badQuery();
        }
        return text;
    }

    private static MemberId member(String id) {
        try {
            return new MemberId(id);
        } catch (IllegalArgumentException _) {
            throw ExchangeProblem.unknownMember();
        }
    }
}
