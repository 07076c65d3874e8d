package io.xinglin.identity;

import io.xinglin.contracts.MemberId;
import io.xinglin.platform.NodeProperties;
import org.springframework.stereotype.Component;

/// Where the organisations of this node are reached. Never taken from a request, whose sender chooses its `Host`.
@Component
class Addresses {
    private final String url;

    Addresses(NodeProperties node) {
        this.url = node.url().toString();
    }

    /// The FHIR base: also the issuer of the organisation's tokens, and their audience.
    String fhir(MemberId organisation) {
        return url + "/fhir/" + organisation;
    }

    /// The token endpoint, which is what an assertion must be addressed to.
    String tokenEndpoint(MemberId organisation) {
        return fhir(organisation) + "/oauth2/token";
    }

    /// Where the organisation's log is.
    String log(MemberId organisation) {
        return url + "/log/" + organisation;
    }

    /// The name a new log takes for ever: its address today, without the scheme.
    String newOrigin(MemberId organisation) {
        return log(organisation).replaceFirst("^[a-z]+://", "");
    }
}
