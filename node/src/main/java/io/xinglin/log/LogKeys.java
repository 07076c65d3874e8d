package io.xinglin.log;

import io.xinglin.contracts.MemberId;
import io.xinglin.tlog.Cosigner;
import io.xinglin.tlog.NoteSigner;
import java.util.List;

/// Whose logs this node keeps, and who signs for them.
interface LogKeys {
    /// The organisations of this node.
    List<MemberId> hosted();

    /// The log key of one of them. Its name is the log's origin and never changes.
    NoteSigner signer(MemberId organisation);

    /// The key with which one of them witnesses the logs of others.
    Cosigner witness(MemberId organisation);
}
