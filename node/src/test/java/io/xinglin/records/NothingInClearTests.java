package io.xinglin.records;

import static io.xinglin.Consortium.CITY;
import static org.assertj.core.api.Assertions.assertThat;

import io.xinglin.Outside;
import io.xinglin.TestNode;
import io.xinglin.identity.Caller;
import io.xinglin.platform.NodeProperties;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Whoever has the database, its files or its logs, but not the keys, finds nothing about a patient.
@TestNode
@Import(Outside.class)
class NothingInClearTests {
    private static final Caller SYSTEM = new Caller.Service(CITY, "test");
    private static final List<String> WORDS =
            List.of(
                    Samples.NAME,
                    "Zebulon",
                    "Nowhereville",
                    "moonlight",
                    "44054006",
                    "clear-text-identifier",
                    Samples.SECRET);

    @Autowired private Records records;
    @Autowired private Outside outside;
    @Autowired private JdbcClient jdbc;
    @Autowired private NodeProperties node;

    @BeforeEach
    void storeAndRead() {
        var response = records.transaction(CITY, Samples.record("clear-text-identifier"), SYSTEM);
        var patient = response.getEntryFirstRep().getResponse().getLocation();
        assertThat(outside.get(SYSTEM, "/fhir/city-first-hospital/" + patient).text())
                .contains(Samples.NAME);
        outside.get(
                SYSTEM,
                "/fhir/city-first-hospital/Patient?identifier="
                        + Samples.SECRET
                        + "%7Cclear-text-identifier");
    }

    @Test
    void no_row_of_any_table_says_anything() {
        var tables =
                jdbc.sql(
                                """
                                select format('%I.%I', table_schema, table_name)
                                from information_schema.tables
                                where table_type = 'BASE TABLE'
                                  and table_schema not in ('pg_catalog', 'information_schema')
                                """)
                        .query(String.class)
                        .list();

        assertThat(tables).contains("records.version", "audit.access", "log.entry");
        for (var table : tables) {
            var rows = jdbc.sql("select t::text from " + table + " t").query(String.class).list();
            for (var word : WORDS) {
                var hex = HexFormat.of().formatHex(word.getBytes(StandardCharsets.UTF_8));
                assertThat(rows)
                        .as(table)
                        .noneMatch(row -> row.contains(word) || row.contains(hex));
            }
        }
    }

    @Test
    void no_file_of_the_node_says_anything() throws IOException {
        var found = new ArrayList<String>();
        try (var files = Files.walk(node.data())) {
            files.filter(Files::isRegularFile).forEach(file -> search(file, found));
        }

        assertThat(found).isEmpty();
    }

    private static void search(Path file, List<String> found) {
        try {
            var content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
            WORDS.stream()
                    .filter(content::contains)
                    .forEach(word -> found.add(word + " in " + file));
        } catch (NoSuchFileException e) {
            // The database has just removed it.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
