package io.xinglin.log;

import io.xinglin.contracts.MemberId;
import io.xinglin.tlog.Checkpoint;
import java.util.Optional;

/// Where checkpoints are anchored, so that all members hold each other's logs to what they said: the ledger.
interface Anchorage {
    /// Whether this organisation may anchor: it has joined.
    boolean isOpenTo(MemberId organisation);

    /// The largest checkpoint anchored for it.
    Optional<Checkpoint> latest(MemberId organisation);

    /// Anchors a checkpoint, and waits until it is.
    ///
    /// @return why it was refused; empty if it was not
    Optional<String> anchor(MemberId organisation, SignedHead head);
}
