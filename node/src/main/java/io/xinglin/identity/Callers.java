package io.xinglin.identity;

import org.jspecify.annotations.Nullable;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;

/// Who is asking right now.
public final class Callers {
    private Callers() {}

    /// The caller of the current request.
    ///
    /// @throws AccessDeniedException if nobody has been authenticated, which security prevents on every path that asks this
    public static Caller current() {
        return of(SecurityContextHolder.getContext().getAuthentication());
    }

    /// The caller that this authentication stands for.
    ///
    /// @throws AccessDeniedException if it stands for none
    public static Caller of(@Nullable Authentication authentication) {
        if (authentication != null && authentication.getPrincipal() instanceof Caller caller) {
            return caller;
        }
        throw new AccessDeniedException("nobody is signed in");
    }
}
