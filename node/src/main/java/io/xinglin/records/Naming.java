package io.xinglin.records;

/// A search by which a write names a resource instead of an id.
sealed interface Naming {

    String type();

    /// By one identifier: many of these are looked up at once.
    ///
    /// @param query the identifier
    record ByIdentifier(IdentifierQuery query) implements Naming {
        @Override
        public String type() {
            return query.type();
        }

        @Override
        public String toString() {
            return query.toString();
        }
    }

    /// By any other search.
    ///
    /// @param criteria what comes after the question mark, URL-encoded
    record BySearch(String type, String criteria) implements Naming {
        @Override
        public String toString() {
            return type + "?" + criteria;
        }
    }

    /// Understands a search.
    ///
    /// @param criteria what comes after the question mark, URL-encoded; the type may stand before it
    static Naming of(String type, String criteria) {
        var text =
                criteria.startsWith(type + "?") ? criteria.substring(type.length() + 1) : criteria;
        return isIdentifier(type, text)
                ? new ByIdentifier(IdentifierQuery.parse(type, text))
                : new BySearch(type, text);
    }

    private static boolean isIdentifier(String type, String text) {
        return text.matches("identifier=[^&,$\\\\]*[^&,$\\\\|]")
                && !text.matches("(?i).*%(2c|5c|24|7c)$|(?i).*%(2c|5c|24).*")
                && R4.type(type)
                        .map(known -> known.parameters().containsKey("identifier"))
                        .orElse(false);
    }
}
