package io.xinglin.consent;

import io.xinglin.contracts.MemberId;
import io.xinglin.identity.PatientId;
import io.xinglin.identity.PurposeOfUse;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The words of a consent that the log and the ledger commit to, and that decisions are made by: one text for all of them.
final class Statement {
    private static final JsonMapper JSON = JsonMapper.shared();

    private Statement() {}

    static byte[] granted(PatientId patient, ConsentId id, ConsentTerms terms, Instant now) {
        var statement = opening("granted", patient, id, now);
        statement.put("grantee", terms.grantee().value());
        statement.put("categories", names(terms.categories()));
        statement.put("classes", names(terms.classes()));
        statement.put("purposes", names(terms.purposes()));
        statement.put("until", terms.until().toString());
        return JSON.writeValueAsBytes(statement);
    }

    static byte[] withdrawn(PatientId patient, ConsentId id, Instant now) {
        return JSON.writeValueAsBytes(opening("withdrawn", patient, id, now));
    }

    static ConsentTerms terms(byte[] statement) {
        var json = JSON.readTree(statement);
        return new ConsentTerms(
                new MemberId(json.path("grantee").asString()),
                values(json.path("categories"), RecordCategory::valueOf),
                values(json.path("classes"), SensitivityClass::valueOf),
                values(json.path("purposes"), PurposeOfUse::valueOf),
                Instant.parse(json.path("until").asString()));
    }

    static PatientId patient(byte[] statement) {
        var json = JSON.readTree(statement);
        return new PatientId(
                new MemberId(json.path("org").asString()), json.path("patient").asString());
    }

    static Instant time(byte[] statement) {
        return Instant.parse(JSON.readTree(statement).path("time").asString());
    }

    /// What the ledger is told: nothing without the salt.
    static byte[] commitment(byte[] salt, byte[] statement) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(salt, "HmacSHA256"));
            return mac.doFinal(statement);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HMAC-SHA-256 does not work here", e);
        }
    }

    private static Map<String, Object> opening(
            String action, PatientId patient, ConsentId id, Instant now) {
        var statement = new LinkedHashMap<String, Object>();
        statement.put("kind", "consent");
        statement.put("action", action);
        statement.put("org", patient.custodian().value());
        statement.put("consent", id.toString());
        statement.put("patient", patient.id());
        statement.put("time", now.toString());
        return statement;
    }

    private static Collection<String> names(Set<? extends Enum<?>> values) {
        return values.stream().map(Enum::name).sorted().toList();
    }

    private static <T> Set<T> values(JsonNode names, Function<String, T> value) {
        return names.valueStream()
                .map(JsonNode::asString)
                .map(value)
                .collect(Collectors.toUnmodifiableSet());
    }
}
