package io.xinglin.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.xinglin.sample.BundleFile.Line;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class BundleFileTests {
    @Test
    void the_sample_is_small_and_its_directories_come_first() throws IOException {
        var lines = lines();

        assertThat(Sample.builtIn().resource().contentLength()).isLessThan(4L << 20);
        assertThat(lines.subList(0, 2)).allMatch(Line.Directory.class::isInstance);
        assertThat(lines.subList(2, lines.size()))
                .hasSizeGreaterThanOrEqualTo(12)
                .allMatch(Line.Patient.class::isInstance);
    }

    @Test
    void the_first_patient_has_the_most_to_see_and_is_of_the_city_hospital() throws IOException {
        var patients = patients();
        var first = patients.getFirst();

        assertThat(first)
                .isEqualTo(patients.stream().max(Comparator.comparing(SampleText::results)).get());
        assertThat(Consortium.custodian(first.id())).isEqualTo(Consortium.CITY_FIRST);
        assertThat(first.json())
                .contains(
                        resource("ImagingStudy"),
                        resource("MedicationRequest"),
                        resource("CarePlan"),
                        resource("Claim"),
                        resource("ExplanationOfBenefit"));
    }

    @Test
    void most_patients_are_of_the_city_hospital_and_the_others_have_some() throws IOException {
        var counts =
                patients().stream()
                        .collect(
                                Collectors.groupingBy(
                                        patient -> Consortium.custodian(patient.id()),
                                        Collectors.counting()));

        assertThat(counts)
                .containsOnlyKeys(Consortium.CITY_FIRST, Consortium.RIVER, Consortium.APRICOT);
        assertThat(counts.get(Consortium.CITY_FIRST)).isGreaterThan(patients().size() / 2);
    }

    @Test
    void a_line_does_not_print_its_patient() throws IOException {
        assertThat(patients().getFirst()).hasToString("Patient[redacted]");
    }

    private static String resource(String type) {
        return "\"resourceType\":\"" + type + "\"";
    }

    private static List<Line> lines() throws IOException {
        var lines = new ArrayList<Line>();
        Sample.builtIn().read(lines::add);
        return lines;
    }

    private static List<Line.Patient> patients() throws IOException {
        return lines().stream()
                .filter(Line.Patient.class::isInstance)
                .map(Line.Patient.class::cast)
                .toList();
    }

    /// Counts without parsing.
    private static final class SampleText {
        static int results(Line.Patient patient) {
            return patient.json().split("\"code\":\"laboratory\"", -1).length;
        }
    }
}
