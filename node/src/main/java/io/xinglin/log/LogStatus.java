package io.xinglin.log;

import io.xinglin.tlog.Hash;
import io.xinglin.tlog.TreeSize;
import java.time.Instant;

/// Where a log stands, by the last checkpoint it signed.
///
/// @param origin the log's name in its checkpoints
/// @param vkey the public key to check them with
/// @param size how many entries the signed tree has
/// @param root of the signed tree
/// @param signedAt when it was signed, by this node's clock
/// @param note the signed checkpoint itself
public record LogStatus(
        String origin, String vkey, TreeSize size, Hash root, Instant signedAt, String note) {}
