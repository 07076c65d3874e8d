package io.xinglin.records;

import ca.uhn.fhir.model.api.TemporalPrecisionEnum;
import ca.uhn.fhir.parser.DataFormatException;
import io.xinglin.contracts.MemberId;
import io.xinglin.identity.Caller;
import io.xinglin.platform.NodeProperties;
import io.xinglin.records.Compartment.Owner;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TimeZone;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.InstantType;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Makes the bytes that will be stored: references are resolved, id, version and time are set, and each resource is encoded once.
@Component
class Documents {
    private final Namings namings;
    private final Reader reader;
    private final String base;

    Documents(Namings namings, Reader reader, NodeProperties node) {
        this.namings = namings;
        this.reader = reader;
        this.base = node.url() + "/fhir/";
    }

    /// One for each change that has content, in their order.
    List<Document> of(MemberId custodian, Caller author, Targets.Plan plan, Instant now) {
        var encoded =
                Writer.stream(plan.documents())
                        .map(target -> new Encoded(target, encode(author, target, now)))
                        .toList();
        var replacements = replacements(custodian, plan, encoded);
        return Writer.stream(encoded)
                .map(document -> document(custodian, document, replacements))
                .toList();
    }

    private String encode(Caller author, Target target, Instant now) {
        var lastUpdated = lastUpdated(now);
        return target.change()
                .content()
                .json()
                .flatMap(
                        json ->
                                PlainForm.of(
                                        json,
                                        target.version(),
                                        target.change().id(),
                                        lastUpdated.getValueAsString()))
                .orElseGet(() -> byItsModel(author, target, lastUpdated));
    }

    private static InstantType lastUpdated(Instant now) {
        return new InstantType(
                Date.from(now), TemporalPrecisionEnum.MILLI, TimeZone.getTimeZone("UTC"));
    }

    private String byItsModel(Caller author, Target target, InstantType lastUpdated) {
        var resource = target.change().content().given(() -> current(author, target));
        if (!resource.fhirType().equals(target.change().type())) {
            throw Outcomes.invalid(
                    target.change()
                            .says(
                                    "is a "
                                            + resource.fhirType()
                                            + " where a "
                                            + target.change().type()
                                            + " belongs."));
        }
        var version = target.version();
        resource.setId(
                new IdType(
                        version.resource().type(),
                        version.resource().id(),
                        Integer.toString(version.number())));
        resource.getMeta().setVersionId(Integer.toString(version.number()));
        resource.getMeta().setLastUpdatedElement(lastUpdated);
        try {
            return R4.json().encodeResourceToString(resource);
        } catch (DataFormatException e) {
            throw Outcomes.malformed(target.change().says("is refused: " + BundleReader.plain(e)));
        }
    }

    /// What is there now, for who changes a part of it: they are told, or could find out, what the rest is. So it is a read,
    /// and recorded as one.
    private byte[] current(Caller author, Target target) {
        var id = target.current().orElseThrow().id();
        return switch (reader.read(author, id)) {
            case Reader.Answer.Found<Reader.Entry>(var entry) -> entry.version().json();
            case Reader.Answer.Refused<Reader.Entry>() -> throw Outcomes.refused();
            case Reader.Answer.Missing<Reader.Entry>() ->
                    throw new OptimisticLockingFailureException("it was there just now");
        };
    }

    /// What references become. Those that a bundle from elsewhere makes relative to its own base are not among them: see
    /// [#resolved].
    private Map<String, String> replacements(
            MemberId custodian, Targets.Plan plan, List<Encoded> encoded) {
        var replacements = new HashMap<String, String>();
        for (var target : plan.targets()) {
            target.change()
                    .fullUrl()
                    .filter(_ -> target.id().isPresent() && !target.isDeletion())
                    .ifPresent(
                            url -> replacements.put(url, target.version().resource().reference()));
        }
        var open = new LinkedHashMap<String, Open>();
        var address = base + custodian + "/";
        for (var document : encoded) {
            for (var reference : references(document)) {
                if (reference.startsWith(address)) {
                    replacements.putIfAbsent(reference, References.relative(reference, address));
                } else if (References.isOpen(reference) && !replacements.containsKey(reference)) {
                    open.computeIfAbsent(reference, _ -> open(reference, document.target.change()));
                }
            }
        }
        var found = namings.find(custodian, open.values().stream().map(Open::naming).toList());
        open.forEach(
                (reference, one) -> {
                    var matches =
                            found.getOrDefault(one.naming, List.of()).stream()
                                    .filter(row -> !plan.gone().contains(row.id().resource()))
                                    .toList();
                    if (matches.size() != 1) {
                        throw Outcomes.unprocessable(
                                one.change.says(
                                        "refers to "
                                                + reference
                                                + (matches.isEmpty()
                                                        ? ", and nothing here matches."
                                                        : ", and several match.")));
                    }
                    replacements.put(reference, matches.getFirst().id().resource().reference());
                });
        return replacements;
    }

    /// A document or a message refers to its own entries, and is signed as it is: a bundle that is stored is not looked into.
    private static boolean isClosed(Encoded encoded) {
        return encoded.target.change().type().equals("Bundle");
    }

    private static Set<String> references(Encoded encoded) {
        return isClosed(encoded) ? Set.of() : References.in(encoded.json);
    }

    /// A reference that must be looked up, and who makes it.
    private record Open(Naming naming, Change change) {}

    private static Open open(String reference, Change change) {
        var mark = reference.indexOf('?');
        if (mark < 0) {
            throw Outcomes.unprocessable(
                    change.says("refers to " + reference + ", which is not in the bundle."));
        }
        return new Open(
                Naming.of(reference.substring(0, mark), reference.substring(mark + 1)), change);
    }

    private Document document(
            MemberId custodian, Encoded encoded, Map<String, String> replacements) {
        var target = encoded.target;
        var home =
                target.change()
                        .fullUrl()
                        .flatMap(url -> References.base(url, target.change().type()));
        var json =
                (isClosed(encoded)
                                ? encoded.json
                                : References.rewrite(
                                        encoded.json,
                                        reference ->
                                                resolved(custodian, reference, home, replacements)))
                        .getBytes(StandardCharsets.UTF_8);
        var tree = JsonMapper.shared().readTree(json);
        var owner = owner(custodian, target, tree);
        target.current()
                .filter(current -> !current.owner().equals(owner))
                .ifPresent(
                        _ -> {
                            throw Outcomes.unprocessable(
                                    target.change().says("would move to another patient."));
                        });
        return new Document(
                target, json, tree, owner, Categories.of(tree), Categories.sensitivity(tree));
    }

    /// What a reference becomes. A relative one is relative to where its resource comes from.
    ///
    /// @param home the base of the entry's `fullUrl`, if that is the address of a resource
    /// @spec https://hl7.org/fhir/R4/bundle.html#references FHIR R4, references in bundles
    private String resolved(
            MemberId custodian,
            String reference,
            Optional<String> home,
            Map<String, String> replacements) {
        var address = base + custodian + "/";
        var absolute =
                home.isPresent() && References.isRelative(reference)
                        ? home.get() + reference
                        : reference;
        var known = replacements.get(absolute);
        return known != null ? known : References.relative(absolute, address);
    }

    private Owner owner(MemberId custodian, Target target, JsonNode resource) {
        Patients.unresolved(target.version().resource().type(), resource)
                .ifPresent(
                        why -> {
                            throw Outcomes.unprocessable(target.change().says(why));
                        });
        var patients = Patients.of(target.version().resource(), resource);
        if (patients.size() > 1) {
            throw Outcomes.unprocessable(
                    target.change()
                            .says(
                                    "is about several patients; a resource is kept in the record of one."));
        }
        return patients.stream()
                .findFirst()
                .map(id -> new Owner(custodian, id))
                .orElse(Owner.organisation(custodian));
    }

    private record Encoded(Target target, String json) {}
}
