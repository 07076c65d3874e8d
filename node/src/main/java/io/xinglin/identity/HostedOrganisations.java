package io.xinglin.identity;

import io.xinglin.contracts.MemberId;
import io.xinglin.platform.Problems;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.web.filter.OncePerRequestFilter;

/// Lets requests through to organisations of this node only; the rest of `/fhir/{org}`, `/consents/{org}`… does not exist.
///
/// The organisation is the second part of the path as it was sent: an encoded form of it is not the same, so that nothing behind can
/// read another organisation out of the same path.
final class HostedOrganisations extends OncePerRequestFilter {
    private static final String ATTRIBUTE = HostedOrganisations.class.getName();

    private final Organisations organisations;

    HostedOrganisations(Organisations organisations) {
        this.organisations = organisations;
    }

    @Override
    protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var organisation = named(request).filter(organisations::contains);
        if (organisation.isEmpty()) {
            Problems.send(
                    request,
                    response,
                    HttpStatus.NOT_FOUND,
                    "unknown-organisation",
                    "not-found",
                    "no organisation of this name is on this node");
            return;
        }
        request.setAttribute(ATTRIBUTE, organisation.get());
        chain.doFilter(request, response);
    }

    /// The organisation that this request, which came through here, is for.
    static MemberId of(HttpServletRequest request) {
        if (request.getAttribute(ATTRIBUTE) instanceof MemberId organisation) {
            return organisation;
        }
        throw new IllegalStateException("the request did not come through HostedOrganisations");
    }

    private static Optional<MemberId> named(HttpServletRequest request) {
        var parts = request.getRequestURI().split("/", 4);
        try {
            return parts.length < 3 ? Optional.empty() : Optional.of(new MemberId(parts[2]));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
