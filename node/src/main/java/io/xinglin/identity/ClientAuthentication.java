package io.xinglin.identity;

import io.xinglin.contracts.KeyId;
import io.xinglin.contracts.MemberId;
import java.time.Duration;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2ClientAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;

/// Who asks for a token: a member by its assertion, or a sample user by a secret.
///
/// Nothing about clients is stored: members are on the ledger, sample users in memory. It is not a bean, because Spring would then ask it a
/// second time after a refusal, and an assertion counts once.
final class ClientAuthentication implements AuthenticationProvider {
    /// The name under which [TokenRequests] passes on the organisation that is asked.
    static final String ORGANISATION = "organisation";

    private static final Duration LIFETIME = Duration.ofMinutes(5);
    private static final Duration SAMPLE_LIFETIME = Duration.ofHours(1);

    private final ClientAssertions assertions;
    private final ObjectProvider<SampleUsers> sampleUsers;

    ClientAuthentication(ClientAssertions assertions, ObjectProvider<SampleUsers> sampleUsers) {
        this.assertions = assertions;
        this.sampleUsers = sampleUsers;
    }

    @Override
    public Authentication authenticate(Authentication authentication) {
        var request = (OAuth2ClientAuthenticationToken) authentication;
        if (!(request.getAdditionalParameters().get(ORGANISATION) instanceof MemberId asked)) {
            throw invalidClient("no organisation is asked");
        }
        var client = String.valueOf(request.getPrincipal());
        var credentials = String.valueOf(request.getCredentials());
        var method = request.getClientAuthenticationMethod();
        return method.equals(ClientAuthenticationMethod.PRIVATE_KEY_JWT)
                ? byAssertion(asked, client, credentials)
                : bySecret(asked, client, credentials, method);
    }

    private Authentication byAssertion(MemberId asked, String client, String assertion) {
        try {
            var verified = assertions.verify(asked, assertion);
            if (!verified.client().value().equals(client)) {
                throw new CompactJws.Refused("is not by the client_id beside it");
            }
            return new Authenticated(
                    new Grant(client, verified.caller(), Optional.of(verified.key()), LIFETIME),
                    ClientAuthenticationMethod.PRIVATE_KEY_JWT);
        } catch (CompactJws.Refused e) {
            throw invalidClient("the assertion " + e.why());
        }
    }

    private Authentication bySecret(
            MemberId asked, String client, String secret, ClientAuthenticationMethod method) {
        return Optional.ofNullable(sampleUsers.getIfAvailable())
                .flatMap(users -> users.authenticate(asked, client, secret))
                .map(caller -> new Grant(client, caller, Optional.empty(), SAMPLE_LIFETIME))
                .map(grant -> new Authenticated(grant, method))
                .orElseThrow(
                        () ->
                                invalidClient(
                                        "there is no such user at this organisation, or the secret is another"));
    }

    private static OAuth2AuthenticationException invalidClient(String why) {
        return new OAuth2AuthenticationException(
                new OAuth2Error(OAuth2ErrorCodes.INVALID_CLIENT, why, null));
    }

    @Override
    public boolean supports(Class<?> authentication) {
        return OAuth2ClientAuthenticationToken.class.isAssignableFrom(authentication);
    }

    /// What an authenticated client gets a token for.
    ///
    /// @param client its OAuth client id
    /// @param key the key on the ledger that vouches for it, if one does
    /// @param lifetime how long the token is good
    record Grant(String client, Caller caller, Optional<KeyId> key, Duration lifetime) {}

    /// A client that has shown who it is.
    static final class Authenticated extends OAuth2ClientAuthenticationToken {
        private static final long serialVersionUID = 1;

        private final transient Grant grant;

        private Authenticated(Grant grant, ClientAuthenticationMethod method) {
            super(registration(grant.client(), method), method, null);
            this.grant = grant;
        }

        private static RegisteredClient registration(
                String client, ClientAuthenticationMethod method) {
            return RegisteredClient.withId(client)
                    .clientId(client)
                    .clientAuthenticationMethod(method)
                    .authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS)
                    .build();
        }

        Grant grant() {
            return grant;
        }
    }
}
