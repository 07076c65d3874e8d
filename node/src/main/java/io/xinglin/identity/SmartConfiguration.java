package io.xinglin.identity;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.http.MediaType;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.web.filter.OncePerRequestFilter;
import tools.jackson.databind.json.JsonMapper;

/// Tells how to get a token, at `/fhir/{org}/.well-known/smart-configuration`.
///
/// A filter, because the FHIR server answers for everything below `/fhir/`.
///
/// @spec https://hl7.org/fhir/smart-app-launch/conformance.html SMART App Launch 2.2, Conformance
final class SmartConfiguration extends OncePerRequestFilter {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final RequestMatcher here;
    private final Addresses addresses;
    private final List<String> authenticationMethods = new ArrayList<>();

    SmartConfiguration(RequestMatcher here, Addresses addresses, boolean secrets) {
        this.here = here;
        this.addresses = addresses;
        authenticationMethods.add("private_key_jwt");
        if (secrets) {
            authenticationMethods.addAll(List.of("client_secret_basic", "client_secret_post"));
        }
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return !here.matches(request);
    }

    @Override
    protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var organisation = HostedOrganisations.of(request);
        var issuer = addresses.fhir(organisation);
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        JSON.writeValue(
                response.getOutputStream(),
                Map.of(
                        "issuer", issuer,
                        "jwks_uri", issuer + "/oauth2/jwks",
                        "token_endpoint", addresses.tokenEndpoint(organisation),
                        "token_endpoint_auth_methods_supported", authenticationMethods,
                        "token_endpoint_auth_signing_alg_values_supported", List.of("ES256"),
                        "grant_types_supported", List.of("client_credentials"),
                        "code_challenge_methods_supported", List.of("S256"),
                        "scopes_supported", List.of("system/*.rs"),
                        "capabilities", List.of("client-confidential-asymmetric")));
    }
}
