package io.xinglin.exchange;

import io.xinglin.contracts.MemberId;
import io.xinglin.identity.Caller;
import io.xinglin.identity.Callers;
import io.xinglin.identity.PractitionerId;
import io.xinglin.identity.PurposeOfUse;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// Staff of an organisation read at another one: `GET /exchange/{org}/{custodian}/Observation?patient=17`.
@RestController
@RequestMapping("/exchange/{organisation}/{custodian}")
class ExchangeController {
    private static final Pattern TYPE = Pattern.compile("[A-Z][A-Za-z]{1,63}");
    private static final Pattern ID = Pattern.compile("(?!\\.{1,2}$)[A-Za-z0-9.-]{1,64}");
    private static final MediaType FHIR_JSON = MediaType.parseMediaType("application/fhir+json");

    private final Exchange exchange;

    ExchangeController(Exchange exchange) {
        this.exchange = exchange;
    }

    @GetMapping("/{type}")
    ResponseEntity<byte[]> search(
            @PathVariable String custodian,
            @PathVariable String type,
            @RequestHeader(name = "X-Purpose-Of-Use", required = false) @Nullable String purpose,
            HttpServletRequest request) {
        var query = Optional.ofNullable(request.getQueryString()).map(q -> "?" + q).orElse("");
        return answer(custodian, matching(TYPE, type) + query, purpose);
    }

    @GetMapping("/{type}/{id}")
    ResponseEntity<byte[]> read(
            @PathVariable String custodian,
            @PathVariable String type,
            @PathVariable String id,
            @RequestHeader(name = "X-Purpose-Of-Use", required = false) @Nullable String purpose) {
        return answer(custodian, matching(TYPE, type) + "/" + matching(ID, id), purpose);
    }

    private ResponseEntity<byte[]> answer(String custodian, String path, @Nullable String purpose) {
        if (!(Callers.current() instanceof Caller.Staff staff)) {
            throw ExchangeProblem.onlyForStaff();
        }
        var answer =
                exchange.read(
                        new PractitionerId(staff.custodian(), staff.practitioner()),
                        purpose == null ? staff.purpose() : purpose(purpose),
                        member(custodian),
                        path);
        return ResponseEntity.status(answer.status()).contentType(FHIR_JSON).body(answer.body());
    }

    private static String matching(Pattern pattern, String text) {
        if (!pattern.matcher(text).matches()) {
            throw ExchangeProblem.badQuery();
        }
        return text;
    }

    private static PurposeOfUse purpose(String code) {
        try {
            return PurposeOfUse.valueOf(code);
        } catch (IllegalArgumentException _) {
            throw ExchangeProblem.badPurpose();
        }
    }

    private static MemberId member(String id) {
        try {
            return new MemberId(id);
        } catch (IllegalArgumentException _) {
            throw ExchangeProblem.unknownMember();
        }
    }
}
