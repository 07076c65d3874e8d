package io.xinglin.ledger;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.xinglin.contracts.Anchor;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The state of this node's ledger as `/ledger/status` shows it.
///
/// @param at the moment, by this node's clock
/// @param engine `embedded` or `fabric`
/// @param stopped why no block is added any more, if so
/// @param conflicts how often, since the start, a transaction lost because another changed what it had read
/// @param channel of Hyperledger Fabric, if the members order
@JsonInclude(JsonInclude.Include.NON_ABSENT)
record LedgerStatusView(
        Instant at,
        String engine,
        long height,
        Optional<LedgerStatus.LastBlock> lastBlock,
        Optional<String> stopped,
        long conflicts,
        Optional<LedgerStatus.Channel> channel,
        List<MemberEntry> members) {
    /// A member, and what its node says of its ledger.
    ///
    /// @param agreement `here`, `agrees`, `behind`, `differs`, `silent` or `unasked`
    /// @param behind how many blocks it lacked when it was asked
    /// @param number of its last block
    /// @param hash of its last block
    /// @param anchored how many entries of its log the ledger holds it to
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record MemberEntry(
            String id,
            String agreement,
            long behind,
            Optional<Long> number,
            Optional<String> hash,
            Optional<Instant> asked,
            Optional<Long> anchored) {
        static MemberEntry of(MemberHead head, Ledger ledger) {
            return new MemberEntry(
                    head.member().value(),
                    head.agreement().word(),
                    head.behind(),
                    head.number(),
                    head.hash(),
                    head.asked(),
                    ledger.latestAnchor(head.member()).map(Anchor::size));
        }
    }

    static LedgerStatusView of(Ledger ledger, List<MemberHead> heads, Instant at) {
        var status = ledger.status();
        return new LedgerStatusView(
                at,
                status.engine().word(),
                status.height(),
                status.lastBlock(),
                status.stopped(),
                status.conflicts(),
                status.channel(),
                heads.stream().map(head -> MemberEntry.of(head, ledger)).toList());
    }
}
