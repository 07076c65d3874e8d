package io.xinglin.platform;

import static io.xinglin.Consortium.CITY;
import static org.assertj.core.api.Assertions.assertThat;

import io.xinglin.Outside;
import io.xinglin.TestNode;
import io.xinglin.identity.Caller;
import io.xinglin.identity.PatientId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;

@TestNode
@Import(Outside.class)
class BodyLimitTests {
    private static final Caller SYSTEM = new Caller.Service(CITY, "test");
    private static final Caller PATIENT = new Caller.Patient(new PatientId(CITY, "p"));
    private static final String START = "{\"resourceType\":\"Patient\",\"language\":\"";

    private final Outside outside;
    private final long limit;

    @Autowired
    BodyLimitTests(Outside outside, NodeProperties node) {
        this.outside = outside;
        this.limit = node.maxBody().toBytes();
    }

    @ParameterizedTest
    @CsvSource({
        "/fhir/city-first-hospital/Patient, application/fhir+json, OperationOutcome",
        "/fhir/city-first-hospital, application/fhir+json, OperationOutcome",
        "/fhir/city-first-hospital/Patient, application/fhir+xml, OperationOutcome",
        "/consents/city-first-hospital, application/json, /problems/body-too-large"
    })
    void a_body_of_unknown_length_is_refused_once_it_is_too_large(
            String path, String type, String form) {
        var answer =
                outside.send(
                        path.startsWith("/consents") ? PATIENT : SYSTEM,
                        HttpRequest.newBuilder(outside.at(path))
                                .header("Content-Type", type)
                                .POST(BodyPublishers.ofInputStream(this::tooLarge)));

        assertThat(answer.status()).as(answer.toString()).isEqualTo(413);
        assertThat(answer.text()).contains(form).endsWith("}");
    }

    @ParameterizedTest
    @CsvSource({
        "/fhir/city-first-hospital/Patient, gzip, 415, OperationOutcome",
        "/fhir/city-first-hospital/Patient, GZIP, 415, OperationOutcome",
        "/consents/city-first-hospital, deflate, 415, /problems/unsupported-encoding",
        "/fhir/city-first-hospital/Patient, identity, 400, OperationOutcome"
    })
    void a_compressed_body_is_refused(String path, String coding, int status, String form)
            throws IOException {
        var compressed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(compressed)) {
            gzip.write((START + "zh\"}").getBytes(StandardCharsets.UTF_8));
        }

        var answer =
                outside.send(
                        SYSTEM,
                        HttpRequest.newBuilder(outside.at(path))
                                .header("Content-Type", "application/fhir+json")
                                .header("Content-Encoding", coding)
                                .POST(BodyPublishers.ofByteArray(compressed.toByteArray())));

        assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
        assertThat(answer.text()).contains(form);
    }

    private InputStream tooLarge() {
        var letters = new byte[Math.toIntExact(limit)];
        Arrays.fill(letters, (byte) 'a');
        return new SequenceInputStream(
                new ByteArrayInputStream(START.getBytes(StandardCharsets.UTF_8)),
                new ByteArrayInputStream(letters));
    }
}
