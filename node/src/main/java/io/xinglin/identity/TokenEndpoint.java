package io.xinglin.identity;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.security.config.annotation.web.configurers.oauth2.server.authorization.OAuth2AuthorizationServerConfigurer;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.core.OAuth2Token;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationService;
import org.springframework.security.oauth2.server.authorization.OAuth2TokenType;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AccessTokenAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2ClientCredentialsAuthenticationContext;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2ClientCredentialsAuthenticationProvider;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2ClientCredentialsAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.settings.AuthorizationServerSettings;
import org.springframework.security.oauth2.server.authorization.token.OAuth2TokenContext;
import org.springframework.security.oauth2.server.authorization.token.OAuth2TokenGenerator;
import org.springframework.security.oauth2.server.authorization.web.authentication.OAuth2AccessTokenResponseAuthenticationSuccessHandler;
import org.springframework.security.oauth2.server.authorization.web.authentication.OAuth2ClientCredentialsAuthenticationConverter;
import org.springframework.security.web.authentication.AuthenticationSuccessHandler;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/// The token endpoint of each organisation: the client credentials grant, and only that.
@Component
class TokenEndpoint {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Pattern SCOPE =
            Pattern.compile(
                    "(system|user|patient)/([A-Z][A-Za-z]{1,63}|\\*)\\.[a-z*]{1,8}(\\?.{1,200})?");

    private final ClientAuthentication clients;
    private final AccessTokens tokens;

    TokenEndpoint(
            ClientAssertions assertions,
            ObjectProvider<SampleUsers> sampleUsers,
            AccessTokens tokens) {
        this.clients = new ClientAuthentication(assertions, sampleUsers);
        this.tokens = tokens;
    }

    /// Sets up the authorization server so that nothing of its defaults answers beside what we chose.
    void configure(OAuth2AuthorizationServerConfigurer server) {
        OAuth2TokenGenerator<OAuth2Token> generator = this::token;
        var credentials =
                new OAuth2ClientCredentialsAuthenticationProvider(new NothingKept(), generator);
        credentials.setAuthenticationValidator(TokenEndpoint::requireKnownScopes);
        var settings = AuthorizationServerSettings.builder().multipleIssuersAllowed(true).build();
        server.registeredClientRepository(new NobodyRegistered())
                .authorizationService(new NothingKept())
                .authorizationServerSettings(settings)
                .tokenGenerator(generator)
                .clientAuthentication(
                        client ->
                                client.authenticationConverters(only(new TokenRequests()))
                                        .authenticationProviders(only(clients))
                                        .errorResponseHandler(TokenEndpoint::refuse))
                .tokenEndpoint(
                        endpoint ->
                                endpoint.accessTokenRequestConverters(
                                                only(
                                                        new OAuth2ClientCredentialsAuthenticationConverter()))
                                        .authenticationProviders(only(credentials))
                                        .accessTokenResponseHandler(answer())
                                        .errorResponseHandler(TokenEndpoint::refuse));
    }

    private static <T> Consumer<List<T>> only(T one) {
        return all -> {
            all.clear();
            all.add(one);
        };
    }

    /// Says which scope was granted, whatever was asked for.
    private static AuthenticationSuccessHandler answer() {
        var handler = new OAuth2AccessTokenResponseAuthenticationSuccessHandler();
        handler.setAccessTokenResponseCustomizer(
                context -> {
                    OAuth2AccessTokenAuthenticationToken granted = context.getAuthentication();
                    if (granted.getPrincipal()
                            instanceof ClientAuthentication.Authenticated client) {
                        context.getAccessTokenResponse()
                                .scopes(Set.of(AccessTokens.scope(client.grant().caller())));
                    }
                });
        return handler;
    }

    private @Nullable OAuth2Token token(OAuth2TokenContext context) {
        if (!(context.getPrincipal() instanceof ClientAuthentication.Authenticated client)) {
            return null;
        }
        var issued = tokens.issue(client.grant());
        return new OAuth2AccessToken(
                OAuth2AccessToken.TokenType.BEARER, issued.token(), issued.from(), issued.until());
    }

    /// A scope asked for must be one of SMART; which one is granted is said in the answer.
    private static void requireKnownScopes(OAuth2ClientCredentialsAuthenticationContext context) {
        OAuth2ClientCredentialsAuthenticationToken request = context.getAuthentication();
        if (!request.getScopes().stream().allMatch(scope -> SCOPE.matcher(scope).matches())) {
            throw new OAuth2AuthenticationException(
                    new OAuth2Error(
                            OAuth2ErrorCodes.INVALID_SCOPE,
                            "only SMART scopes such as system/*.rs are known",
                            null));
        }
    }

    /// Answers a request without credentials.
    static void challenge(
            HttpServletRequest request, HttpServletResponse response, AuthenticationException e)
            throws IOException {
        refuse(
                response,
                new OAuth2Error(
                        OAuth2ErrorCodes.INVALID_CLIENT,
                        "a client assertion is needed: client_assertion_type and client_assertion",
                        null));
    }

    private static void refuse(
            HttpServletRequest request, HttpServletResponse response, AuthenticationException e)
            throws IOException {
        refuse(
                response,
                e instanceof OAuth2AuthenticationException oauth
                        ? oauth.getError()
                        : new OAuth2Error(OAuth2ErrorCodes.INVALID_CLIENT));
    }

    /// @spec https://www.rfc-editor.org/rfc/rfc6749 RFC 6749, section 5.2
    private static void refuse(HttpServletResponse response, OAuth2Error error) throws IOException {
        var unauthenticated = error.getErrorCode().equals(OAuth2ErrorCodes.INVALID_CLIENT);
        response.setStatus(unauthenticated ? 401 : 400);
        if (unauthenticated) {
            response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Basic realm=\"tokens\"");
        }
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        var description = Optional.ofNullable(error.getDescription()).orElse(error.getErrorCode());
        JSON.writeValue(
                response.getOutputStream(),
                Map.of("error", error.getErrorCode(), "error_description", description));
    }

    /// Access tokens explain themselves and cannot be taken back one by one: there is nothing to keep.
    private static final class NothingKept implements OAuth2AuthorizationService {
        @Override
        public void save(OAuth2Authorization authorization) {}

        @Override
        public void remove(OAuth2Authorization authorization) {}

        @Override
        public @Nullable OAuth2Authorization findById(String id) {
            return null;
        }

        @Override
        public @Nullable OAuth2Authorization findByToken(
                String token, @Nullable OAuth2TokenType tokenType) {
            return null;
        }
    }

    /// Clients are members of the ledger, not entries in a table.
    private static final class NobodyRegistered implements RegisteredClientRepository {
        @Override
        public void save(RegisteredClient client) {
            throw new UnsupportedOperationException("clients are members of the ledger");
        }

        @Override
        public @Nullable RegisteredClient findById(String id) {
            return null;
        }

        @Override
        public @Nullable RegisteredClient findByClientId(String clientId) {
            return null;
        }
    }
}
