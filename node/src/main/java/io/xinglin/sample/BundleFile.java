package io.xinglin.sample;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.springframework.core.io.Resource;

/// A file of Synthea's bundles, packed, one a line: first directories, then patients. `sample/README.md` tells how it is made.
///
/// Lines are read one after the other, so that a large file needs no more memory than its longest line.
record BundleFile(Resource resource) {
    private static final Pattern PATIENT =
            Pattern.compile("\"resource\":\\{\"resourceType\":\"Patient\",\"id\":\"([^\"]+)\"");

    /// So far into the line its patient is named.
    private static final int NAMED_WITHIN = 1_000;

    /// A bundle of the file.
    sealed interface Line {
        /// The bundle, JSON.
        String json();

        /// Organisations, places, practitioners.
        record Directory(String json) implements Line {}

        /// One patient's whole record.
        ///
        /// @param id Synthea's, which is also an identifier of the Patient
        record Patient(String id, String json) implements Line {
            @Override
            public String toString() {
                return "Patient[redacted]";
            }
        }
    }

    /// Gives every line to `reader`, in order.
    void read(Consumer<Line> reader) throws IOException {
        try (var lines =
                new BufferedReader(
                        new InputStreamReader(
                                new GZIPInputStream(resource.getInputStream()),
                                StandardCharsets.UTF_8))) {
            for (var json = lines.readLine(); json != null; json = lines.readLine()) {
                if (!json.isBlank()) {
                    reader.accept(line(json));
                }
            }
        }
    }

    private static Line line(String json) {
        var patient = PATIENT.matcher(json).region(0, Math.min(NAMED_WITHIN, json.length()));
        return patient.find() ? new Line.Patient(patient.group(1), json) : new Line.Directory(json);
    }
}
