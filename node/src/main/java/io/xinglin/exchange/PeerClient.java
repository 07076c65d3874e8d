package io.xinglin.exchange;

import io.xinglin.platform.PeerHttp;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.http.client.FilteredHostException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClient.RequestHeadersSpec.ConvertibleClientHttpResponse;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// FHIR and tokens from the nodes of other members, bounded in size.
@Component
class PeerClient {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int BODY_BYTES_MAX = 8 * 1024 * 1024;
    private static final int TOKEN_BYTES_MAX = 64 * 1024;
    private static final MediaType FHIR_JSON = MediaType.parseMediaType("application/fhir+json");

    private final RestClient http;

    PeerClient(PeerHttp peers) {
        this.http = peers.client(Duration.ofSeconds(5), Duration.ofSeconds(30));
    }

    /// Gets an access token for an assertion.
    String token(URI endpoint, String assertion) {
        var form = new LinkedMultiValueMap<String, String>();
        form.add("grant_type", "client_credentials");
        form.add("scope", "system/*.rs");
        form.add("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
        form.add("client_assertion", assertion);
        var answer =
                send(
                        http.post()
                                .uri(checked(endpoint))
                                .contentType(MediaType.APPLICATION_FORM_URLENCODED)
                                .accept(MediaType.APPLICATION_JSON)
                                .body(form),
                        TOKEN_BYTES_MAX);
        try {
            var json = JSON.readTree(answer.body());
            if (!answer.status().is2xxSuccessful()) {
                throw ExchangeProblem.notTrusted(word(json.path("error").asString("")));
            }
            return json.path("access_token").asString();
        } catch (JacksonException _) {
            throw ExchangeProblem.badAnswer("to our request for a token is not JSON");
        }
    }

    /// Reads FHIR.
    PeerAnswer get(URI uri, String token) {
        return fhir(http.get().uri(checked(uri)), token);
    }

    /// Searches FHIR.
    PeerAnswer post(URI uri, String token, MultiValueMap<String, String> form) {
        return fhir(
                http.post()
                        .uri(checked(uri))
                        .contentType(MediaType.APPLICATION_FORM_URLENCODED)
                        .body(form),
                token);
    }

    private static PeerAnswer fhir(RestClient.RequestHeadersSpec<?> request, String token) {
        var answer =
                send(
                        request.accept(FHIR_JSON)
                                .header(HttpHeaders.AUTHORIZATION, "Bearer " + token),
                        BODY_BYTES_MAX);
        if (answer.status().is3xxRedirection()) {
            throw ExchangeProblem.badAnswer("points elsewhere");
        }
        if (answer.status().value() == HttpStatus.UNAUTHORIZED.value()) {
            throw ExchangeProblem.notTrusted("the one it gave is not accepted");
        }
        return answer;
    }

    private static PeerAnswer send(RestClient.RequestHeadersSpec<?> request, int bytesMax) {
        try {
            return request.exchange((_, response) -> answer(response, bytesMax));
        } catch (FilteredHostException _) {
            throw ExchangeProblem.badAddress();
        } catch (ResourceAccessException e) {
            throw e.getCause() instanceof FilteredHostException
                    ? ExchangeProblem.badAddress()
                    : ExchangeProblem.noAnswer(e);
        }
    }

    private static PeerAnswer answer(ConvertibleClientHttpResponse response, int bytesMax)
            throws IOException {
        HttpStatusCode status = response.getStatusCode();
        requireJson(response.getHeaders().getContentType());
        var body = response.getBody().readNBytes(bytesMax + 1);
        if (body.length > bytesMax) {
            throw ExchangeProblem.badAnswer("is larger than " + bytesMax + " bytes");
        }
        return new PeerAnswer(status, body);
    }

    private static void requireJson(@Nullable MediaType type) {
        if (type == null
                || !(MediaType.APPLICATION_JSON.isCompatibleWith(type)
                        || FHIR_JSON.isCompatibleWith(type))) {
            throw ExchangeProblem.badAnswer("is not JSON");
        }
    }

    private static URI checked(URI uri) {
        var http = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
        if (!http || uri.getHost() == null) {
            throw ExchangeProblem.badAddress();
        }
        return uri;
    }

    private static String word(String error) {
        return error.matches("[a-z_]{1,40}") ? error : "without a reason";
    }
}
