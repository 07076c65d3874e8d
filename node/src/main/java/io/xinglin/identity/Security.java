package io.xinglin.identity;

import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import io.xinglin.contracts.MemberId;
import io.xinglin.platform.Problems;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.AuthenticationManagerResolver;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.HeadersConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.server.authorization.context.AuthorizationServerContextHolder;
import org.springframework.security.oauth2.server.resource.BearerTokenErrors;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;
import org.springframework.security.oauth2.server.resource.web.BearerTokenAuthenticationEntryPoint;
import org.springframework.security.oauth2.server.resource.web.access.BearerTokenAccessDeniedHandler;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.preauth.PreAuthenticatedAuthenticationToken;
import org.springframework.security.web.header.HeaderWriterFilter;
import org.springframework.security.web.header.writers.CrossOriginOpenerPolicyHeaderWriter.CrossOriginOpenerPolicy;
import org.springframework.security.web.header.writers.CrossOriginResourcePolicyHeaderWriter.CrossOriginResourcePolicy;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;

/// Who gets in where. Three doors: the token endpoints, what needs a token, and what is public; anything else does not exist.
///
/// There are no cookies and no sessions, so there is nothing that a foreign page could make a browser send along.
@Configuration
class Security {
    private static final String TOKEN = "/fhir/{organisation}/oauth2/token";
    private static final String JWKS = "/fhir/{organisation}/oauth2/jwks";
    private static final String SMART = "/fhir/{organisation}/.well-known/smart-configuration";
    private static final String METADATA = "/fhir/{organisation}/metadata";
    private static final String OPEN_API = "/fhir/{organisation}/openapi.json";
    private static final String[] PROTECTED = {
        "/fhir/**",
        "/consents/**",
        "/audit/**",
        "/receipts/**",
        "/exchange/**",
        "/governance/**",
        "/erasures/**",
        "/keys/**"
    };
    private static final String[] PUBLIC = {
        "/",
        "/favicon.ico",
        "/webjars/**",
        "/assets/**",
        "/problems/**",
        "/ledger/**",
        "/log/**",
        "/actuator/health/**",
        "/actuator/metrics/xinglin.*"
    };
    private static final String DATA_POLICY = "default-src 'none'; frame-ancestors 'none'";
    private static final String PAGES_POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                    + " font-src 'self'; connect-src 'self'; manifest-src 'self';"
                    + " form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    @Bean
    @Order(1)
    SecurityFilterChain tokenDoor(
            HttpSecurity http, Organisations organisations, TokenEndpoint endpoint) {
        return stateless(http, DATA_POLICY)
                .securityMatcher(TOKEN, JWKS)
                .addFilterAfter(new HostedOrganisations(organisations), HeaderWriterFilter.class)
                .oauth2AuthorizationServer(endpoint::configure)
                .authorizeHttpRequests(
                        requests ->
                                requests.requestMatchers(HttpMethod.GET, JWKS)
                                        .permitAll()
                                        .anyRequest()
                                        .authenticated())
                .exceptionHandling(
                        errors -> errors.authenticationEntryPoint(TokenEndpoint::challenge))
                .build();
    }

    @Bean
    @Order(2)
    SecurityFilterChain recordsDoor(
            HttpSecurity http,
            Organisations organisations,
            Addresses addresses,
            ObjectProvider<SampleUsers> sampleUsers,
            AuthenticationManagerResolver<HttpServletRequest> bearers) {
        var smart = PathPatternRequestMatcher.withDefaults().matcher(HttpMethod.GET, SMART);
        var secrets = sampleUsers.getIfAvailable() != null;
        return stateless(http, DATA_POLICY)
                .securityMatcher(PROTECTED)
                .addFilterAfter(new HostedOrganisations(organisations), HeaderWriterFilter.class)
                .addFilterAfter(
                        new SmartConfiguration(smart, addresses, secrets),
                        HostedOrganisations.class)
                .authorizeHttpRequests(
                        requests ->
                                requests.dispatcherTypeMatchers(DispatcherType.ASYNC)
                                        .permitAll()
                                        .requestMatchers(HttpMethod.GET, METADATA, OPEN_API)
                                        .permitAll()
                                        .anyRequest()
                                        .authenticated())
                .oauth2ResourceServer(
                        server ->
                                server.authenticationManagerResolver(bearers)
                                        .authenticationEntryPoint(Security::unauthenticated)
                                        .accessDeniedHandler(Security::forbidden))
                .build();
    }

    @Bean
    @Order(3)
    SecurityFilterChain pagesDoor(HttpSecurity http, List<PublicPages> pages) {
        var paths = pages.stream().flatMap(page -> page.patterns().stream()).toArray(String[]::new);
        return stateless(http, PAGES_POLICY)
                .authorizeHttpRequests(
                        requests ->
                                requests.dispatcherTypeMatchers(
                                                DispatcherType.ERROR,
                                                DispatcherType.FORWARD,
                                                DispatcherType.ASYNC)
                                        .permitAll()
                                        .requestMatchers(paths)
                                        .permitAll()
                                        .anyRequest()
                                        .denyAll())
                .exceptionHandling(
                        errors ->
                                errors.authenticationEntryPoint((_, response, _) -> hide(response))
                                        .accessDeniedHandler((_, response, _) -> hide(response)))
                .build();
    }

    /// A request is observed as a whole. To observe each of its filters costs more than they do and tells no more.
    @Bean
    static SecurityObservationSettings observations() {
        return SecurityObservationSettings.noObservations();
    }

    @Bean
    PublicPages nodePages() {
        return PublicPages.of(PUBLIC);
    }

    @Bean
    AuthenticationManagerResolver<HttpServletRequest> bearers(AccessTokens tokens) {
        return request -> bearers(tokens, HostedOrganisations.of(request));
    }

    private static AuthenticationManager bearers(AccessTokens tokens, MemberId organisation) {
        return authentication -> {
            var token = ((BearerTokenAuthenticationToken) authentication).getToken();
            try {
                return new PreAuthenticatedAuthenticationToken(
                        tokens.verify(organisation, token), "", List.of());
            } catch (CompactJws.Refused e) {
                throw new OAuth2AuthenticationException(
                        BearerTokenErrors.invalidToken("the token " + e.why()));
            }
        };
    }

    /// The public keys that tokens are checked with, of the organisation that is asked.
    @Bean
    JWKSource<SecurityContext> tokenKeys(AccessTokens tokens) {
        return (JWKSelector selector, @Nullable SecurityContext _) -> {
            var issuer = AuthorizationServerContextHolder.getContext().getIssuer();
            var organisation = new MemberId(issuer.substring(issuer.lastIndexOf('/') + 1));
            return selector.select(new JWKSet(tokens.publicJwk(organisation)));
        };
    }

    private static void unauthenticated(
            HttpServletRequest request, HttpServletResponse response, AuthenticationException e)
            throws IOException {
        new BearerTokenAuthenticationEntryPoint().commence(request, response, e);
        // Where it would have clients look, there is nothing: they learn how to get a token from
        // the SMART configuration.
        var challenge = String.valueOf(response.getHeader(HttpHeaders.WWW_AUTHENTICATE));
        response.setHeader(
                HttpHeaders.WWW_AUTHENTICATE,
                challenge.replaceAll(",? resource_metadata=\"[^\"]*\"", ""));
        var why =
                e instanceof OAuth2AuthenticationException oauth
                        ? Optional.ofNullable(oauth.getError().getDescription())
                        : Optional.<String>empty();
        Problems.send(
                request,
                response,
                HttpStatus.valueOf(response.getStatus()),
                "unauthenticated",
                "login",
                why.orElse("a bearer token of this organisation is needed"));
    }

    private static void forbidden(
            HttpServletRequest request, HttpServletResponse response, AccessDeniedException e)
            throws IOException {
        new BearerTokenAccessDeniedHandler().handle(request, response, e);
        Problems.send(
                request,
                response,
                HttpStatus.FORBIDDEN,
                "forbidden",
                "forbidden",
                "whoever this token stands for may not do that");
    }

    private static void hide(HttpServletResponse response) throws IOException {
        response.sendError(HttpServletResponse.SC_NOT_FOUND);
    }

    private static HttpSecurity stateless(HttpSecurity http, String contentSecurityPolicy) {
        return http.csrf(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .sessionManagement(
                        sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .headers(headers -> headers(headers, contentSecurityPolicy));
    }

    private static void headers(HeadersConfigurer<HttpSecurity> headers, String policy) {
        headers.contentSecurityPolicy(csp -> csp.policyDirectives(policy))
                .referrerPolicy(referrer -> referrer.policy(ReferrerPolicy.NO_REFERRER))
                .permissionsPolicyHeader(
                        permissions ->
                                permissions.policy(
                                        "camera=(), geolocation=(), microphone=(), payment=(), usb=()"))
                .crossOriginOpenerPolicy(
                        opener -> opener.policy(CrossOriginOpenerPolicy.SAME_ORIGIN))
                .crossOriginResourcePolicy(
                        resource -> resource.policy(CrossOriginResourcePolicy.SAME_ORIGIN));
    }
}
