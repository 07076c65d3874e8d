package io.xinglin.log;

import io.xinglin.contracts.Member;
import io.xinglin.ledger.Blocks.Anchored;
import io.xinglin.tlog.Checkpoint;
import io.xinglin.tlog.Hash;
import io.xinglin.tlog.Verification;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What came of examining a receipt, step by step.
///
/// @param statement what the entry commits to, field by field, as the receipt claims
/// @param entry the entry that follows from it
/// @param leafHash the hash of that entry
/// @param head what the log said of the tree
/// @param index where in the tree the entry is said to be
/// @param member whose log it is, if a member's
/// @param signers whose names are on the signatures
/// @param signature whether the log's key signed the checkpoint
/// @param inclusion whether the hashes of the receipt lead from the entry to the root
/// @param climb the hashes from the leaf to the root; empty if the place is not in the tree
/// @param verdict what `xinglin verify` says
/// @param cosigned who of the members cosigned the checkpoint, if it is a member's log
/// @param anchorage what the ledger knows of this tree
public record Examination(
        Map<String, String> statement,
        String entry,
        Hash leafHash,
        Checkpoint head,
        long index,
        Optional<Member> member,
        List<String> signers,
        Verification signature,
        Verification inclusion,
        List<Hash> climb,
        Verification verdict,
        Optional<Witnessed.Cosigned> cosigned,
        Anchorage anchorage) {
    /// What the ledger knows of the tree that a receipt speaks of.
    public sealed interface Anchorage {
        /// An anchored tree begins with it.
        ///
        /// @param by the anchor
        record Covered(Anchored by) implements Anchorage {}

        /// An anchored tree of at least its size is another one: the log shows two histories.
        ///
        /// @param by the anchor
        record Contradicted(Anchored by) implements Anchorage {}

        /// No anchored tree is as large yet.
        record NotYet() implements Anchorage {}

        /// It cannot be told here: the log is nobody's, or on another node.
        record Unknown() implements Anchorage {}
    }
}
