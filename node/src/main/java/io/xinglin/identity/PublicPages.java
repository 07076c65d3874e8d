package io.xinglin.identity;

import java.util.List;

/// Paths that anyone may read without a token. A module with pages of its own declares a bean of this type; what no bean names does
/// not exist.
///
/// @param patterns such as `/members` or `/guides/**`
public record PublicPages(List<String> patterns) {
    public PublicPages {
        patterns = List.copyOf(patterns);
    }

    /// These paths.
    public static PublicPages of(String... patterns) {
        return new PublicPages(List.of(patterns));
    }
}
