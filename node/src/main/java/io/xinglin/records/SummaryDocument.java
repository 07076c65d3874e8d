package io.xinglin.records;

import io.xinglin.contracts.MemberId;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.hl7.fhir.r4.model.AllergyIntolerance;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Composition;
import org.hl7.fhir.r4.model.Composition.CompositionStatus;
import org.hl7.fhir.r4.model.Composition.SectionComponent;
import org.hl7.fhir.r4.model.Condition;
import org.hl7.fhir.r4.model.MedicationStatement;
import org.hl7.fhir.r4.model.MedicationStatement.MedicationStatementStatus;
import org.hl7.fhir.r4.model.Narrative;
import org.hl7.fhir.r4.model.Narrative.NarrativeStatus;
import org.hl7.fhir.r4.model.Organization;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.springframework.web.util.HtmlUtils;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;

/// Writes a patient summary as a document: a Composition first, then what it is about. What is stored is in it byte for byte.
final class SummaryDocument {
    private static final JsonFactory JSON = new JsonFactory();
    private static final String LOINC = "http://loinc.org";
    private static final String PROFILES = "http://hl7.org/fhir/uv/ips/StructureDefinition/";
    static final String PROFILE = PROFILES + "Bundle-uv-ips";

    private static final String NOTHING =
            "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips";
    private static final String CLINICAL =
            "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical";
    private static final String CONDITION_CLINICAL =
            "http://terminology.hl7.org/CodeSystem/condition-clinical";

    private final String address;
    private final Summaries.Content content;
    private final Instant now;
    private final List<Made> made = new ArrayList<>();

    private SummaryDocument(String address, Summaries.Content content, Instant now) {
        this.address = address;
        this.content = content;
        this.now = now;
    }

    /// A resource that is nowhere but here.
    private record Made(String fullUrl, Resource resource) {}

    /// @param address the organisation's base, without a slash at the end
    static byte[] of(MemberId custodian, String address, Summaries.Content content, Instant now) {
        return new SummaryDocument(address, content, now).bytes(custodian);
    }

    private byte[] bytes(MemberId custodian) {
        var composition = composition(custodian);
        var out = new ByteArrayOutputStream();
        try (var json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            json.writeStringProperty("resourceType", "Bundle");
            json.writeName("meta");
            json.writeRawValue("{\"profile\":[\"" + PROFILE + "\"]}");
            json.writeObjectPropertyStart("identifier");
            json.writeStringProperty("system", "urn:ietf:rfc:3986");
            json.writeStringProperty("value", "urn:uuid:" + UUID.randomUUID());
            json.writeEndObject();
            json.writeStringProperty("type", "document");
            json.writeStringProperty("timestamp", now.toString());
            json.writeArrayPropertyStart("entry");
            var all =
                    Stream.concat(
                                    Stream.of(new Made(urn(), composition)).map(this::entry),
                                    Stream.concat(
                                            stored().map(this::entry),
                                            made.stream().map(this::entry)))
                            .toList();
            all.forEach(json::writeRawValue);
            json.writeEndArray();
            json.writeEndObject();
        }
        return out.toByteArray();
    }

    private Stream<Match> stored() {
        return Stream.of(
                        Stream.of(content.patient()),
                        content.sections().values().stream().flatMap(List::stream).distinct(),
                        content.named().stream())
                .flatMap(some -> some);
    }

    private String entry(Made one) {
        return entry(one.fullUrl, R4.json().encodeResourceToString(one.resource));
    }

    private String entry(Match one) {
        return entry(url(one), new String(one.version().json(), StandardCharsets.UTF_8));
    }

    private static String entry(String fullUrl, String resource) {
        return "{\"fullUrl\":\"" + fullUrl + "\",\"resource\":" + resource + "}";
    }

    private String url(Match one) {
        return address + "/" + one.reference();
    }

    private static String urn() {
        return "urn:uuid:" + UUID.randomUUID();
    }

    private Reference made(Resource resource) {
        var one = new Made(urn(), resource);
        made.add(one);
        return new Reference(one.fullUrl);
    }

    private Composition composition(MemberId custodian) {
        var author = made(new Organization().setActive(true).setName(custodian.value()));
        var composition = new Composition();
        composition.getMeta().addProfile(PROFILES + "Composition-uv-ips");
        composition
                .setStatus(CompositionStatus.FINAL)
                .setType(concept(LOINC, "60591-5", "Patient summary Document"))
                .setSubject(new Reference(url(content.patient())))
                .setDate(Date.from(now))
                .addAuthor(author)
                .setCustodian(author.copy())
                .setTitle("International Patient Summary");
        for (var section : SummarySection.values()) {
            var some = content.sections().getOrDefault(section, List.of());
            if (!some.isEmpty()) {
                composition.addSection(section(section, some));
            } else {
                section.nothing().ifPresent(code -> composition.addSection(nothing(section, code)));
            }
        }
        return composition;
    }

    private SectionComponent section(SummarySection section, List<Match> some) {
        var made = empty(section);
        some.forEach(one -> made.addEntry(new Reference(url(one))));
        return made.setText(list(some.stream().map(one -> line(one.json())).toList()));
    }

    private static SectionComponent empty(SummarySection section) {
        return new SectionComponent()
                .setTitle(section.title())
                .setCode(concept(LOINC, section.code(), section.title()));
    }

    /// Whether there is nothing, or nothing that the reader may know of, is not said.
    private SectionComponent nothing(SummarySection section, String code) {
        var concept = concept(NOTHING, code, "No information about " + section.title());
        var patient = new Reference(url(content.patient()));
        var entry =
                switch (section) {
                    case PROBLEMS ->
                            new Condition()
                                    .setClinicalStatus(
                                            concept(CONDITION_CLINICAL, "active", "Active"))
                                    .setCode(concept)
                                    .setSubject(patient);
                    case ALLERGIES ->
                            new AllergyIntolerance()
                                    .setClinicalStatus(concept(CLINICAL, "active", "Active"))
                                    .setCode(concept)
                                    .setPatient(patient);
                    default ->
                            new MedicationStatement()
                                    .setStatus(MedicationStatementStatus.UNKNOWN)
                                    .setMedication(concept)
                                    .setSubject(patient);
                };
        return empty(section).setText(list(List.of("No information"))).addEntry(made(entry));
    }

    private static CodeableConcept concept(String system, String code, String display) {
        return new CodeableConcept().addCoding(new Coding(system, code, display));
    }

    private static Narrative list(List<String> lines) {
        var items = new StringBuilder();
        lines.forEach(
                line ->
                        items.append("<li>")
                                .append(HtmlUtils.htmlEscapeDecimal(line))
                                .append("</li>"));
        var narrative = new Narrative().setStatus(NarrativeStatus.GENERATED);
        narrative.setDivAsString(
                "<div xmlns=\"http://www.w3.org/1999/xhtml\"><ul>" + items + "</ul></div>");
        return narrative;
    }

    /// What it is, in the words of who wrote it, its value and when.
    private static String line(JsonNode resource) {
        var parts = new ArrayList<String>();
        parts.add(name(resource));
        var quantity = resource.path("valueQuantity");
        if (quantity.has("value")) {
            parts.add(
                    quantity.get("value").asString("") + " " + quantity.path("unit").asString(""));
        } else {
            text(resource.path("valueCodeableConcept")).ifPresent(parts::add);
        }
        Stream.of(
                        "effectiveDateTime",
                        "performedDateTime",
                        "occurrenceDateTime",
                        "onsetDateTime",
                        "authoredOn",
                        "recordedDate")
                .map(name -> resource.path(name).asString(""))
                .filter(date -> date.length() >= 4)
                .findFirst()
                .ifPresent(date -> parts.add(date.substring(0, Math.min(10, date.length()))));
        return String.join(", ", parts).strip();
    }

    private static String name(JsonNode resource) {
        return Stream.of(
                        resource.path("code"),
                        resource.path("medicationCodeableConcept"),
                        resource.path("vaccineCode"))
                .flatMap(concept -> text(concept).stream())
                .findFirst()
                .or(
                        () ->
                                Optional.of(
                                                resource.path("medicationReference")
                                                        .path("display")
                                                        .asString(""))
                                        .filter(text -> !text.isEmpty()))
                .or(
                        () ->
                                Optional.of(resource.path("title").asString(""))
                                        .filter(text -> !text.isEmpty()))
                .orElse(resource.path("resourceType").asString(""));
    }

    private static Optional<String> text(JsonNode concept) {
        return Stream.concat(
                        Stream.of(concept.path("text").asString("")),
                        concept.path("coding")
                                .valueStream()
                                .flatMap(
                                        one ->
                                                Stream.of(
                                                        one.path("display").asString(""),
                                                        one.path("code").asString(""))))
                .filter(text -> !text.isEmpty())
                .findFirst();
    }
}
