package io.xinglin.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.xinglin.TestNode;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

@TestNode
class RefusedRequestsTests {
    private final NodeProperties node;

    @Autowired
    RefusedRequestsTests(NodeProperties node) {
        this.node = node;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /ledger/..%2f..%2fsecret HTTP/1.1\r\nHost: localhost",
                "GET /ledger/<script> HTTP/1.1\r\nHost: localhost",
                "GET /ledger HTTP/1.1\r\nHost: a b",
                "GET /ledger HTTP/1.1",
                "GET /ledger HTTP/1.1\r\nHost: localhost\r\nContent-Length: many",
                "GET /ledger/\u0000 HTTP/1.1\r\nHost: localhost"
            })
    void what_the_server_cannot_read_is_answered_with_a_problem(String request) throws IOException {
        var answer = send(request);

        assertThat(answer).startsWith("HTTP/1.1 400");
        assertThat(answer).containsIgnoringCase("content-type: application/problem+json");
        assertThat(answer).contains("/problems/malformed-request").doesNotContain("<html");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /fhir/a/Patient/..%2fx HTTP/1.1",
                "GET /fhir/a//Patient HTTP/1.1",
                "GET /fhir/a/Patient;x=1 HTTP/1.1",
                "BREW /fhir/a/Patient HTTP/1.1",
                "TRACE /fhir/a/Patient HTTP/1.1"
            })
    void under_fhir_it_is_an_operation_outcome(String request) throws IOException {
        var answer = send(request + "\r\nHost: localhost");

        assertThat(answer).containsPattern("^HTTP/1.1 40[05]").contains("OperationOutcome");
        assertThat(answer).containsIgnoringCase("content-type: application/fhir+json");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /ledger;x=1, 400, malformed-request",
        "BREW, /ledger, 400, malformed-request",
        "TRACE, /ledger, 405, method-not-allowed",
        "GET, /no-such-page, 404, not-found"
    })
    void a_problem_names_the_address_that_was_asked_for(
            String method, String path, int status, String slug) throws IOException {
        var answer = send(method + " " + path + " HTTP/1.1\r\nHost: localhost");

        assertThat(answer).startsWith("HTTP/1.1 " + status).contains("/problems/" + slug);
        assertThat(answer).contains("\"instance\":\"" + path + "\"");
    }

    @Test
    void a_percent_sign_that_begins_no_byte_is_a_bad_request_everywhere() throws IOException {
        for (var path : new String[] {"/", "/ledger/blocks", "/explorer"}) {
            assertThat(send("GET " + path + "?from=%zz HTTP/1.1\r\nHost: localhost"))
                    .startsWith("HTTP/1.1 400")
                    .contains("two hexadecimal digits");
        }
        assertThat(send("GET /fhir/a/Observation?code=%zz HTTP/1.1\r\nHost: localhost"))
                .startsWith("HTTP/1.1 400")
                .contains("OperationOutcome");
    }

    @Test
    void a_request_that_ends_too_early_is_a_bad_request() throws IOException {
        var answer =
                exchange(
                        "POST /ledger/transactions HTTP/1.1\r\nHost: localhost\r\nContent-Type:"
                                + " application/jose\r\nContent-Length: 100\r\n\r\nhalf");

        assertThat(answer).startsWith("HTTP/1.1 400").contains("/problems/malformed-request");
    }

    private String send(String request) throws IOException {
        return exchange(request + "\r\nConnection: close\r\n\r\n");
    }

    private String exchange(String text) throws IOException {
        try (var socket = new Socket(node.url().getHost(), node.url().getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
