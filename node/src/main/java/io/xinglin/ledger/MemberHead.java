package io.xinglin.ledger;

import io.xinglin.contracts.MemberId;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/// How the ledger at a member's node compares with this one, by what that node says.
///
/// A node may say what it likes: that it agrees proves nothing, that it differs must be looked into.
///
/// @param member whose node was asked
/// @param agreement how the two compare
/// @param behind how many blocks it lacked when it was asked
/// @param number of its last block, if it has one
/// @param hash of its last block, if it has one
/// @param asked when; empty if it was not asked yet, or is not asked
public record MemberHead(
        MemberId member,
        Agreement agreement,
        long behind,
        Optional<Long> number,
        Optional<String> hash,
        Optional<Instant> asked) {
    /// How two ledgers compare, at the end of the shorter one.
    public enum Agreement {
        /// The member is on this node.
        HERE,
        /// It has every block that this node has.
        AGREES,
        /// It has the same blocks, and not all of them yet.
        BEHIND,
        /// It has another block of the same number.
        DIFFERS,
        /// It gave no answer, or none that can be used.
        SILENT,
        /// There is no answer yet; on a ledger that this node orders alone, there is nothing to ask for.
        UNASKED;

        /// The stable word for it.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static MemberHead here(MemberId member, LedgerStatus status) {
        return new MemberHead(
                member,
                Agreement.HERE,
                0,
                status.lastBlock().map(LedgerStatus.LastBlock::number),
                status.lastBlock().map(LedgerStatus.LastBlock::hash),
                Optional.empty());
    }

    static MemberHead without(MemberId member, Agreement agreement, Optional<Instant> asked) {
        return new MemberHead(member, agreement, 0, Optional.empty(), Optional.empty(), asked);
    }
}
