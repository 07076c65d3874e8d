package io.xinglin.identity;

import io.xinglin.contracts.MemberId;
import java.util.Optional;
import org.springframework.stereotype.Component;

/// Who a token stands for, for pages that take it in a form.
@Component
public class TokenHolders {
    private final AccessTokens tokens;
    private final Organisations organisations;

    TokenHolders(AccessTokens tokens, Organisations organisations) {
        this.tokens = tokens;
        this.organisations = organisations;
    }

    /// The caller that a token of this organisation stands for; none if it is not good there.
    public Optional<Caller> caller(MemberId organisation, String token) {
        if (!organisations.contains(organisation)) {
            return Optional.empty();
        }
        try {
            return Optional.of(tokens.verify(organisation, token));
        } catch (CompactJws.Refused _) {
            return Optional.empty();
        }
    }
}
