package io.xinglin.log;

import java.util.UUID;

/// Names a log entry before and after it has a place in the tree.
public record EntryId(UUID value) {
    @Override
    public String toString() {
        return value.toString();
    }
}
