package io.xinglin.records;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A resource that was opened.
final class Match {
    private final StoredVersion row;
    private final Version version;
    private @Nullable JsonNode json;

    private Match(StoredVersion row, Version version) {
        this.row = row;
        this.version = version;
    }

    static Match of(StoredVersion row, Version version) {
        return new Match(row, version);
    }

    StoredVersion row() {
        return row;
    }

    Version version() {
        return version;
    }

    String reference() {
        return row.id().resource().reference();
    }

    String type() {
        return row.id().resource().type();
    }

    /// Its content, parsed when it is first looked at.
    JsonNode json() {
        var known = json;
        if (known == null) {
            known = Unsealing.json(version);
            json = known;
        }
        return known;
    }

    @Override
    public String toString() {
        return "Match[" + row.id() + "]";
    }
}
