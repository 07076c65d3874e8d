package io.xinglin.log;

import io.xinglin.tlog.Checkpoint;
import io.xinglin.tlog.SignedNote;
import java.time.Instant;

/// A checkpoint that a log has signed.
///
/// @param checkpoint what it says
/// @param note the signed form
/// @param signedAt when, by this node's clock
record SignedHead(Checkpoint checkpoint, String note, Instant signedAt) {
    static SignedHead of(String note, Instant signedAt) {
        return new SignedHead(Checkpoint.parse(SignedNote.parse(note).text()), note, signedAt);
    }

    long size() {
        return checkpoint.size().value();
    }
}
