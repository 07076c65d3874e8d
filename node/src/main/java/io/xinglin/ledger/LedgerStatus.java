package io.xinglin.ledger;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// How the ledger of this node is, at one moment.
///
/// @param engine what puts transactions in order
/// @param height how many blocks there are
/// @param lastBlock the end of the chain
/// @param stopped why no block is added any more; empty while all is well
/// @param conflicts how often, since the start, a transaction lost because another changed what it had read
/// @param channel what is known of the channel on which the members order; empty if this node orders alone
public record LedgerStatus(
        Engine engine,
        long height,
        Optional<LastBlock> lastBlock,
        Optional<String> stopped,
        long conflicts,
        Optional<Channel> channel) {
    /// What puts transactions in order.
    public enum Engine {
        /// This node alone.
        EMBEDDED,
        /// The members together, on Hyperledger Fabric.
        FABRIC;

        /// The stable word for it.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// The end of a chain.
    ///
    /// @param number the first block is 0
    /// @param hash of its header
    /// @param time when it was made
    public record LastBlock(long number, String hash, Instant time) {
        static LastBlock of(Block block) {
            var header = block.header();
            return new LastBlock(
                    header.number(),
                    BlockHeader.hex(header.hash()),
                    Instant.ofEpochMilli(header.timeMillis()));
        }
    }

    /// A channel of Hyperledger Fabric, as this node sees it.
    ///
    /// @param waiting how many transactions were accepted here and are not known to be on the ledger
    /// @param underWay how many submissions of them were endorsed and are in no block that this node knows
    /// @param certificateEnds when the certificate ends that this node shows to peers
    /// @param peers in the order in which they are asked
    public record Channel(long waiting, long underWay, Instant certificateEnds, List<Peer> peers) {
        public Channel {
            peers = List.copyOf(peers);
        }

        /// How many peers answer.
        public long answering() {
            return peers.stream().filter(Peer::answers).count();
        }
    }

    /// A peer of the channel.
    ///
    /// @param address its host and port
    /// @param answers whether there is a connection and the last question was answered
    /// @param certificateEnds when the TLS certificate ends that it showed last; empty before the first connection
    /// @param altered keys of the ledger for which it answers something else than was agreed on
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    public record Peer(
            String address,
            boolean answers,
            Optional<Instant> certificateEnds,
            List<String> altered) {
        public Peer {
            altered = List.copyOf(altered);
        }
    }
}
