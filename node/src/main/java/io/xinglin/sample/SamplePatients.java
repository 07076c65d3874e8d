package io.xinglin.sample;

import io.xinglin.contracts.MemberId;
import io.xinglin.identity.Caller;
import io.xinglin.identity.Identities;
import io.xinglin.records.Records;
import io.xinglin.sample.BundleFile.Line;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Brings Synthea's patients to their custodians, each once.
///
/// A patient's record is one transaction, so a patient who is stored is stored whole: whoever is not, after a crash too, is
/// loaded by the next start.
@Component
@ConditionalOnBooleanProperty("xinglin.sample")
class SamplePatients {
    static final String SYNTHEA = "https://github.com/synthetichealth/synthea";

    private static final String NPI = "http://hl7.org/fhir/sid/us-npi";
    private static final Pattern REFERRED_TO =
            Pattern.compile(
                    "(?:Organization|Location|Practitioner)\\?identifier=[^\"|]*\\|([^\"]+)");
    private static final String ENTRY = "\"fullUrl\":";
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Records records;
    private final Identities identities;
    private final Progress progress;

    SamplePatients(Records records, Identities identities, Progress progress) {
        this.records = records;
        this.identities = identities;
        this.progress = progress;
    }

    /// Loads who is in the file, belongs to an organisation of this node and is not stored yet.
    void load(BundleFile file) throws IOException {
        var missing = new Missing();
        file.read(missing::note);
        if (missing.patients.isEmpty()) {
            return;
        }
        progress.expect(missing.patients.size(), missing.resources);
        file.read(
                line -> {
                    switch (line) {
                        case Line.Directory(var json) ->
                                missing.referredTo.forEach(
                                        (custodian, values) -> directory(custodian, json, values));
                        case Line.Patient(var id, var json) -> {
                            if (missing.patients.contains(id)) {
                                store(Consortium.custodian(id), json);
                                progress.patient(entries(json));
                            }
                        }
                    }
                });
    }

    /// The FHIR Patient that became of Synthea's patient.
    Optional<String> find(String syntheaId) {
        return records.find(Consortium.custodian(syntheaId), "Patient", SYNTHEA, syntheaId);
    }

    /// What has to be loaded.
    private final class Missing {
        private final Set<String> patients = new HashSet<>();
        private final Map<MemberId, Set<String>> referredTo = new TreeMap<>();
        private long resources;

        void note(Line line) {
            if (line instanceof Line.Patient(var id, var json)
                    && identities.hosts(Consortium.custodian(id))
                    && find(id).isEmpty()) {
                patients.add(id);
                resources += entries(json);
                var values =
                        referredTo.computeIfAbsent(Consortium.custodian(id), _ -> new HashSet<>());
                var references = REFERRED_TO.matcher(json);
                while (references.find()) {
                    values.add(references.group(1));
                }
            }
        }
    }

    /// Stores the part of a directory that the custodian's patients refer to and that is not there yet.
    private void directory(MemberId custodian, String json, Set<String> values) {
        var bundle = (ObjectNode) JSON.readTree(json);
        var wanted = JSON.createArrayNode();
        for (var entry : bundle.path("entry")) {
            var value = identifier(entry.path("resource"));
            if (values.contains(value) && !isStored(custodian, entry.path("resource"), value)) {
                wanted.add(entry);
            }
        }
        if (!wanted.isEmpty()) {
            bundle.put("type", "transaction");
            bundle.set("entry", wanted);
            store(custodian, JSON.writeValueAsString(bundle));
        }
    }

    /// A role has no identifier of its own; it is told by its practitioner's, and stored together with them.
    private static String identifier(JsonNode resource) {
        var identifiers =
                isRole(resource)
                        ? resource.path("practitioner").path("identifier")
                        : resource.path("identifier").path(0);
        return identifiers.path("value").asString("");
    }

    private boolean isStored(MemberId custodian, JsonNode resource, String value) {
        var type = isRole(resource) ? "Practitioner" : resource.path("resourceType").asString("");
        var system = type.equals("Practitioner") ? NPI : SYNTHEA;
        return records.find(custodian, type, system, value).isPresent();
    }

    private static boolean isRole(JsonNode resource) {
        return resource.path("resourceType").asString("").equals("PractitionerRole");
    }

    private void store(MemberId custodian, String bundle) {
        records.transaction(
                custodian,
                bundle.getBytes(StandardCharsets.UTF_8),
                new Caller.Service(custodian, "sample"));
    }

    private static long entries(String json) {
        long count = 0;
        for (var at = json.indexOf(ENTRY); at >= 0; at = json.indexOf(ENTRY, at + 1)) {
            count++;
        }
        return count;
    }
}
