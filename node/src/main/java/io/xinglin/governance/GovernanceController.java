package io.xinglin.governance;

import io.xinglin.contracts.Change;
import io.xinglin.contracts.ContractViolation;
import io.xinglin.contracts.MemberId;
import io.xinglin.identity.Caller;
import io.xinglin.identity.Callers;
import io.xinglin.identity.PurposeOfUse;
import java.net.URI;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/// Staff of an organisation propose, vote and have votes counted in its name. What was proposed and who voted what, everyone sees
/// at `/ledger/proposals`.
@RestController
@RequestMapping("/governance/{organisation}/proposals")
class GovernanceController {
    private static final ObjectReader JSON =
            JsonMapper.builder()
                    .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                    .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                    .build()
                    .reader();

    private static final String WISH =
            "send {\"change\": {\"kind\": …}, \"days\": …}, open to votes for 1 to 90 days";
    private static final int DAYS_MAX = 90;

    private final Governance governance;

    GovernanceController(Governance governance) {
        this.governance = governance;
    }

    /// @param change as the ledger has it: `{"kind": "suspension", "member": "…"}` and the like
    /// @param days how long it may be voted on
    private record Wish(@Nullable JsonNode change, int days) {}

    private record Choice(@Nullable String vote) {}

    /// What became of a request.
    record Made(UUID id, String status) {}

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Made> propose(@RequestBody(required = false) byte @Nullable [] body) {
        var organisation = organisation();
        var wish = read(body, Wish.class, WISH);
        if (wish.change() == null || wish.days() < 1 || wish.days() > DAYS_MAX) {
            throw GovernanceProblem.unreadable(WISH);
        }
        var id =
                governance.propose(
                        organisation, change(wish.change()), Duration.ofDays(wish.days()));
        return ResponseEntity.created(URI.create("/ledger/proposals/" + id))
                .body(new Made(id, "open"));
    }

    @PostMapping(path = "/{id}/vote", consumes = MediaType.APPLICATION_JSON_VALUE)
    Made vote(@PathVariable String id, @RequestBody(required = false) byte @Nullable [] body) {
        var organisation = organisation();
        var choice = read(body, Choice.class, "send {\"vote\": \"yes\"} or {\"vote\": \"no\"}");
        var proposal = id(id);
        governance.vote(organisation, proposal, agreed(choice.vote()));
        return new Made(proposal, "open");
    }

    @PostMapping("/{id}/decision")
    Made decide(@PathVariable String id) {
        var organisation = organisation();
        var proposal = id(id);
        var accepted = governance.decide(organisation, proposal);
        return new Made(proposal, accepted ? "accepted" : "rejected");
    }

    private static MemberId organisation() {
        if (Callers.current() instanceof Caller.Staff(var organisation, _, var purpose)
                && purpose == PurposeOfUse.HOPERAT) {
            return organisation;
        }
        throw GovernanceProblem.onlyForOperations();
    }

    private static Change change(@Nullable JsonNode change) {
        try {
            return Change.parse(String.valueOf(change));
        } catch (ContractViolation violation) {
            throw GovernanceProblem.badChange(String.valueOf(violation.getMessage()));
        }
    }

    private static boolean agreed(@Nullable String vote) {
        return switch (String.valueOf(vote)) {
            case "yes" -> true;
            case "no" -> false;
            default -> throw GovernanceProblem.unreadable("a vote is \"yes\" or \"no\"");
        };
    }

    private static UUID id(String text) {
        try {
            var id = UUID.fromString(text);
            if (id.toString().equals(text)) {
                return id;
            }
        } catch (IllegalArgumentException _) {
            // Told below.
        }
        throw GovernanceProblem.unknownProposal();
    }

    private static <T> T read(byte @Nullable [] body, Class<T> type, String form) {
        try {
            T read = JSON.forType(type).readValue(body == null ? new byte[0] : body);
            if (read != null) {
                return read;
            }
        } catch (JacksonException _) {
            // Its message would quote what was sent.
        }
        throw GovernanceProblem.unreadable(form);
    }
}
