package io.xinglin.records;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.fhir.rest.api.EncodingEnum;
import ca.uhn.fhir.rest.api.SearchStyleEnum;
import ca.uhn.fhir.rest.api.SearchTotalModeEnum;
import ca.uhn.fhir.rest.api.SortOrderEnum;
import ca.uhn.fhir.rest.api.SortSpec;
import ca.uhn.fhir.rest.api.SummaryEnum;
import ca.uhn.fhir.rest.client.api.IGenericClient;
import ca.uhn.fhir.rest.gclient.IQuery;
import ca.uhn.fhir.rest.gclient.TokenClientParam;
import ca.uhn.fhir.rest.param.DateRangeParam;
import io.xinglin.Outside;
import io.xinglin.TestNode;
import java.util.ArrayList;
import java.util.List;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Bundle.BundleEntryComponent;
import org.hl7.fhir.r4.model.Bundle.SearchEntryMode;
import org.hl7.fhir.r4.model.CapabilityStatement;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Patient;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;

/// What a client written by others finds, in both forms.
@TestNode
@Import(Outside.class)
class GenericClientSearchTests {
    @Autowired private Outside outside;

    private final String patient = Desk.unique("p");
    private final String family = Desk.unique("Okonjo");

    @BeforeEach
    void store() {
        var desk = new Desk(outside);
        desk.put(
                "Patient/" + patient,
                """
                {"resourceType": "Patient", "id": "%s", "birthDate": "1970-02-03",
                 "name": [{"family": "%s"}]}
                """
                        .formatted(patient, family));
        desk.put(
                "Encounter/visit-" + patient,
                """
                {"resourceType": "Encounter", "id": "visit-%1$s", "status": "finished",
                 "class": {"code": "AMB"}, "subject": {"reference": "Patient/%1$s"}}
                """
                        .formatted(patient));
        for (var day = 1; day <= 5; day++) {
            desk.put(
                    "Observation/%s-%s".formatted(day, patient),
                    """
                    {"resourceType": "Observation", "id": "%1$s-%2$s", "status": "final",
                     "meta": {"tag": [{"system": "urn:tags", "code": "day-%1$s"}]},
                     "category": [{"coding": [{"code": "laboratory"}]}],
                     "code": {"coding": [{"system": "http://loinc.org", "code": "2345-7"}]},
                     "subject": {"reference": "Patient/%2$s"},
                     "encounter": {"reference": "Encounter/visit-%2$s"},
                     "effectiveDateTime": "2024-01-0%1$s",
                     "valueQuantity": {"value": %1$s.5, "unit": "g/L",
                                       "system": "http://unitsofmeasure.org", "code": "g/L"}}
                    """
                            .formatted(day, patient));
        }
    }

    private IGenericClient client(EncodingEnum form) {
        return Clients.client(outside, form, Desk.STAFF);
    }

    private IQuery<Bundle> observations(IGenericClient client) {
        return client.search()
                .forResource(Observation.class)
                .where(Observation.PATIENT.hasId(patient))
                .returnBundle(Bundle.class);
    }

    private static List<String> days(Bundle bundle) {
        return ids(bundle, SearchEntryMode.MATCH).stream().map(id -> id.substring(0, 1)).toList();
    }

    private static List<String> ids(Bundle bundle, SearchEntryMode mode) {
        return bundle.getEntry().stream()
                .filter(entry -> entry.getSearch().getMode() == mode)
                .map(BundleEntryComponent::getResource)
                .map(resource -> resource.getIdElement().getIdPart())
                .toList();
    }

    @ParameterizedTest
    @EnumSource(
            value = EncodingEnum.class,
            names = {"JSON", "XML"})
    void turns_the_pages_to_the_end(EncodingEnum form) {
        var client = client(form);
        var found = new ArrayList<String>();
        var page = observations(client).sort().descending(Observation.DATE).count(2).execute();
        found.addAll(days(page));
        while (page.getLink(Bundle.LINK_NEXT) != null) {
            page = client.loadPage().next(page).execute();
            found.addAll(days(page));
        }

        assertThat(found).containsExactly("5", "4", "3", "2", "1");
    }

    @ParameterizedTest
    @EnumSource(
            value = SearchStyleEnum.class,
            names = {"GET", "POST"})
    void asks_in_the_address_or_in_a_form(SearchStyleEnum style) {
        for (var form : List.of(EncodingEnum.JSON, EncodingEnum.XML)) {
            var found =
                    observations(client(form))
                            .where(Observation.DATE.afterOrEquals().day("2024-01-03"))
                            .where(
                                    Observation.CODE
                                            .exactly()
                                            .systemAndCode("http://loinc.org", "2345-7"))
                            .usingStyle(style)
                            .execute();

            assertThat(days(found)).containsExactlyInAnyOrder("3", "4", "5");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = EncodingEnum.class,
            names = {"JSON", "XML"})
    void narrows_by_every_kind_of_parameter(EncodingEnum form) {
        var client = client(form);
        var value = Observation.VALUE_QUANTITY;
        var range = new DateRangeParam("2020-01-01", null);

        assertThat(
                        days(
                                observations(client)
                                        .where(
                                                value.greaterThan()
                                                        .number("4000")
                                                        .andUnits(
                                                                "http://unitsofmeasure.org",
                                                                "mg/L"))
                                        .execute()))
                .containsExactlyInAnyOrder("4", "5");
        assertThat(days(observations(client).withTag("urn:tags", "day-2").execute()))
                .containsExactly("2");
        assertThat(days(observations(client).lastUpdated(range).execute())).hasSize(5);
        assertThat(
                        days(
                                observations(client)
                                        .where(
                                                new TokenClientParam("_id")
                                                        .exactly()
                                                        .codes("1-" + patient, "5-" + patient))
                                        .execute()))
                .containsExactlyInAnyOrder("1", "5");
        assertThat(
                        days(
                                observations(client)
                                        .where(Observation.PERFORMER.isMissing(true))
                                        .execute()))
                .hasSize(5);
        assertThat(
                        days(
                                observations(client)
                                        .where(
                                                Observation.PATIENT.hasChainedProperty(
                                                        Patient.FAMILY
                                                                .matchesExactly()
                                                                .value(family)))
                                        .execute()))
                .hasSize(5);
        assertThat(
                        days(
                                client.search()
                                        .forResource(Observation.class)
                                        .where(
                                                Observation.ENCOUNTER.hasChainedProperty(
                                                        Encounter.PATIENT.hasId(
                                                                "Patient/" + patient)))
                                        .returnBundle(Bundle.class)
                                        .execute()))
                .hasSize(5);
    }

    @ParameterizedTest
    @EnumSource(
            value = EncodingEnum.class,
            names = {"JSON", "XML"})
    void takes_along_what_is_pointed_at_and_what_points(EncodingEnum form) {
        var found =
                client(form)
                        .search()
                        .forResource(Encounter.class)
                        .where(Encounter.PATIENT.hasId(patient))
                        .include(Encounter.INCLUDE_PATIENT)
                        .revInclude(Observation.INCLUDE_ENCOUNTER)
                        .returnBundle(Bundle.class)
                        .execute();

        assertThat(ids(found, SearchEntryMode.MATCH)).containsExactly("visit-" + patient);
        assertThat(ids(found, SearchEntryMode.INCLUDE)).hasSize(6).contains(patient);
    }

    @ParameterizedTest
    @EnumSource(
            value = EncodingEnum.class,
            names = {"JSON", "XML"})
    void is_told_totals_and_parts(EncodingEnum form) {
        var client = client(form);

        var counted = observations(client).summaryMode(SummaryEnum.COUNT).execute();
        var first = observations(client).totalMode(SearchTotalModeEnum.ACCURATE).count(1).execute();
        var part = observations(client).elementsSubset("status").execute();
        var sorted =
                observations(client)
                        .sort(new SortSpec("value-quantity", SortOrderEnum.DESC))
                        .execute();

        assertThat(counted.getTotal()).isEqualTo(5);
        assertThat(counted.getEntry()).isEmpty();
        assertThat(first.getTotal()).isEqualTo(5);
        assertThat(first.getEntry()).hasSize(1);
        var observation = (Observation) part.getEntryFirstRep().getResource();
        assertThat(observation.hasStatus()).isTrue();
        assertThat(observation.hasValue()).isFalse();
        assertThat(observation.getMeta().getTag()).extracting("code").contains("SUBSETTED");
        assertThat(days(sorted)).containsExactly("5", "4", "3", "2", "1");
    }

    @ParameterizedTest
    @EnumSource(
            value = EncodingEnum.class,
            names = {"JSON", "XML"})
    void reads_what_the_server_can(EncodingEnum form) {
        var client = client(form);
        client.forceConformanceCheck();

        var statement = client.capabilities().ofType(CapabilityStatement.class).execute();

        assertThat(statement.getFhirVersion().toCode()).isEqualTo("4.0.1");
        assertThat(statement.getRestFirstRep().getResource())
                .extracting(resource -> resource.getType())
                .contains("Patient", "Observation", "Binary");
    }
}
