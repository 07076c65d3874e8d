package io.xinglin.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.xinglin.contracts.KeyKind;
import io.xinglin.contracts.Member;
import io.xinglin.identity.Identities;
import io.xinglin.identity.Organisation;
import io.xinglin.ledger.Ledger;
import io.xinglin.records.Records;
import io.xinglin.sample.BundleFile.Line;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.DefaultApplicationArguments;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/// The sample on a real node; with the smallest of its patients only, to be quick.
@Tag("node")
@DirtiesContext
@SpringBootTest(properties = {"xinglin.sample=true", "xinglin.sample-records=false"})
class SampleTests {
    @TempDir static Path data;

    @Autowired Sample sample;
    @Autowired Identities identities;
    @Autowired Ledger ledger;
    @Autowired Records records;

    @DynamicPropertySource
    static void dataDirectory(DynamicPropertyRegistry properties) {
        properties.add("xinglin.data", () -> data);
    }

    @Test
    void nine_organisations_are_members_and_on_this_node() {
        var expected = Consortium.ORGANISATIONS.stream().map(Organisation::id).sorted().toList();

        assertThat(identities.hosted()).isEqualTo(expected);
        assertThat(ledger.members().stream().map(Member::id)).containsExactlyElementsOf(expected);
    }

    @Test
    void staff_have_a_key_and_a_practitioner_of_their_name() {
        var li = SampleUser.CAST.stream().filter(u -> u.name().equals("li")).findFirst().get();

        assertThat(ledger.key(identities.enrol(li.practitioner())).get().kind())
                .isEqualTo(KeyKind.PRACTITIONER);
        assertThat(
                        records.find(
                                Consortium.RIVER,
                                "Practitioner",
                                "https://xinglin.example/sample-users",
                                "li"))
                .contains("li");
    }

    @Test
    void starting_again_changes_nothing() throws IOException {
        var before = facts();

        sample.run(new DefaultApplicationArguments());

        assertThat(facts()).isEqualTo(before);
    }

    @Test
    void every_patient_is_loaded_once_however_often_it_is_tried() throws IOException {
        var patients = smallest(3);

        var first = load(patients.subList(0, 2));
        var again = load(patients.subList(0, 2));
        var more = load(patients);

        assertThat(first).contains("100 %", "2 of 2 patients");
        assertThat(again).isEmpty();
        assertThat(more).contains("1 of 1 patients");
        var loader = new SamplePatients(records, identities, new Progress(discarding()));
        assertThat(patients).allMatch(patient -> loader.find(patient.id()).isPresent());
    }

    private List<String> facts() {
        // Checkpoints may be anchored at any time; members and keys may not appear.
        return List.of(
                ledger.members().toString(),
                identities.hosted().toString(),
                SampleUser.CAST.stream()
                        .filter(SampleUser::isStaff)
                        .map(user -> identities.enrol(user.practitioner()).value())
                        .toList()
                        .toString());
    }

    private String load(List<Line.Patient> patients) throws IOException {
        var said = new ByteArrayOutputStream();
        var progress = new Progress(new PrintStream(said, true, StandardCharsets.UTF_8));
        new SamplePatients(records, identities, progress).load(file(patients));
        return said.toString(StandardCharsets.UTF_8);
    }

    private static BundleFile file(List<Line.Patient> patients) throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            for (var line : lines()) {
                if (line instanceof Line.Directory || patients.contains(line)) {
                    gzip.write((line.json() + "\n").getBytes(StandardCharsets.UTF_8));
                }
            }
        }
        return new BundleFile(new ByteArrayResource(packed.toByteArray()));
    }

    private static List<Line.Patient> smallest(int count) throws IOException {
        return lines().stream()
                .filter(Line.Patient.class::isInstance)
                .map(Line.Patient.class::cast)
                .sorted(Comparator.comparingInt(patient -> patient.json().length()))
                .limit(count)
                .toList();
    }

    private static List<Line> lines() throws IOException {
        var lines = new ArrayList<Line>();
        Sample.builtIn().read(lines::add);
        return lines;
    }

    private static PrintStream discarding() {
        return new PrintStream(PrintStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    }
}
