/// Submit to, query and follow the consortium ledger. Start at [Ledger].
///
/// This is the embedded engine: one node orders. It behaves as Hyperledger Fabric does, so that the contracts cannot tell
/// the difference. A transaction is simulated on the caller's thread against committed state, which gives its reads (with
/// versions) and its writes. The one [BlockWriter] takes all that wait, orders them into a block, marks those whose reads no
/// longer hold invalid (they stay in the block), and commits block, transactions and state in one database transaction.
/// Whoever waits is told after that, so nothing acknowledged is ever lost.
///
/// With `xinglin.fabric.peers` set, the members order instead, on a channel of Hyperledger Fabric: see [FabricOrdering]. Every node then
/// runs every transaction again and keeps the same blocks, state and signatures as above ([BlockMirror]), so that whatever reads the
/// ledger cannot tell the difference.
///
/// Blocks are signed with a key of the ledger's own, `ledger-block.key` in the data directory (Ed25519, PKCS#8, readable by
/// its owner alone). It is not sealed: whoever can read the file can replace the node's program as well, and the key signs
/// blocks, nothing of the members'. It is deliberately not an organisation's key, since modules above depend on this one.
@ApplicationModule(allowedDependencies = {"contracts", "tlog", "fabric", "fsck", "platform"})
@NullMarked
package io.xinglin.ledger;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
