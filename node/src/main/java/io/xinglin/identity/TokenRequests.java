package io.xinglin.identity;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2ClientAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.web.authentication.ClientSecretBasicAuthenticationConverter;
import org.springframework.security.oauth2.server.authorization.web.authentication.ClientSecretPostAuthenticationConverter;
import org.springframework.security.web.authentication.AuthenticationConverter;

/// Reads who asks for a token out of a request: a client assertion, or a client id and secret.
///
/// The `client_id` beside an assertion may be left out, as SMART clients do; the assertion's `sub` says it, and is believed only once it is
/// verified.
///
/// @spec https://www.rfc-editor.org/rfc/rfc7523 RFC 7523, section 2.2
final class TokenRequests implements AuthenticationConverter {
    private static final String JWT_BEARER =
            "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    private final AuthenticationConverter basic = new ClientSecretBasicAuthenticationConverter();
    private final AuthenticationConverter post = new ClientSecretPostAuthenticationConverter();

    @Override
    public @Nullable Authentication convert(HttpServletRequest request) {
        if (request.getQueryString() != null) {
            throw invalidRequest("parameters belong in the body, not in the address");
        }
        if (request.getParameter("client_assertion") != null) {
            return byAssertion(request);
        }
        var secret = basic.convert(request);
        return bySecret(request, secret != null ? secret : post.convert(request));
    }

    private static Authentication byAssertion(HttpServletRequest request) {
        if (!one(request, "client_assertion_type").equals(JWT_BEARER)) {
            throw invalidRequest("client_assertion_type must be " + JWT_BEARER);
        }
        if (request.getHeader("Authorization") != null
                || request.getParameter("client_secret") != null) {
            throw invalidRequest("authenticate in one way, not in two");
        }
        var assertion = one(request, "client_assertion");
        return request(
                request,
                request.getParameter("client_id") == null
                        ? subject(assertion)
                        : one(request, "client_id"),
                ClientAuthenticationMethod.PRIVATE_KEY_JWT,
                assertion);
    }

    private static @Nullable Authentication bySecret(
            HttpServletRequest request, @Nullable Authentication secret) {
        if (!(secret instanceof OAuth2ClientAuthenticationToken token)) {
            return null;
        }
        return request(
                request,
                String.valueOf(token.getPrincipal()),
                token.getClientAuthenticationMethod(),
                String.valueOf(token.getCredentials()));
    }

    private static Authentication request(
            HttpServletRequest request,
            String client,
            ClientAuthenticationMethod method,
            String credentials) {
        return new OAuth2ClientAuthenticationToken(
                client,
                method,
                credentials,
                Map.of(ClientAuthentication.ORGANISATION, HostedOrganisations.of(request)));
    }

    private static String subject(String assertion) {
        try {
            return CompactJws.parse(assertion, "JWT").string("sub");
        } catch (CompactJws.Refused e) {
            throw new OAuth2AuthenticationException(
                    new OAuth2Error(
                            OAuth2ErrorCodes.INVALID_CLIENT, "the assertion " + e.why(), null));
        }
    }

    private static String one(HttpServletRequest request, String name) {
        var values = request.getParameterValues(name);
        if (values == null || values.length != 1 || values[0].isEmpty()) {
            throw invalidRequest(name + " is needed, once");
        }
        return values[0];
    }

    private static OAuth2AuthenticationException invalidRequest(String why) {
        return new OAuth2AuthenticationException(
                new OAuth2Error(OAuth2ErrorCodes.INVALID_REQUEST, why, null));
    }
}
