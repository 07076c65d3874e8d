package io.xinglin.fabric;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A channel of Hyperledger Fabric on which the members agree on transactions.
///
/// Transactions are compact JWS; the chaincode of every member runs the rules on them. Any number of threads may use it.
public interface FabricChannel extends AutoCloseable {
    /// Has transactions endorsed by as many members as the channel's policy asks for, all or none.
    ///
    /// Nothing has happened yet: what comes back is for [#submit].
    ///
    /// @param transactions 1 to 100 compact JWS that do not depend on each other
    /// @throws EndorsementRefused if the rules forbid one of them
    /// @throws FabricUnavailable if not enough members answer, or they answer differently
    Endorsement endorse(List<String> transactions);

    /// Hands an endorsed transaction to the orderers. Handing in the same one again does no harm.
    ///
    /// When this returns it will be ordered; the blocks tell when. When it throws, it may be ordered all the same: ask for its [#status].
    ///
    /// @throws FabricUnavailable if too few orderers answer
    void submit(Endorsement endorsement);

    /// When the certificate ends with which an endorsed transaction was signed: the orderers take it until then.
    Instant signedUntil(Endorsement endorsement);

    /// What became of a transaction; empty while it is in no block.
    ///
    /// @param id of an [Endorsement]
    /// @throws FabricUnavailable if no peer answers
    Optional<CommitStatus> status(String id);

    /// The blocks from this number on, those to come included.
    AgreedBlocks blocks(long from);

    /// What a peer holds for some keys. Another peer may answer in its place while its chaincode is away.
    ///
    /// @param peer the address of one of the [#peers]
    /// @param keys 1 to 500 of them
    /// @throws FabricUnavailable if it does not answer
    PeerHashes hashes(String peer, List<String> keys);

    /// The peers, in the order in which they are asked, with what is known of them. Nobody is waited for.
    List<PeerStatus> peers();

    /// When the certificate ends with which the peers know this node.
    Instant certificateEnds();

    /// Takes the node's certificate, and its key, anew if the certificate's file is another than before.
    ///
    /// @return whether it was
    /// @throws IOException if what is in the files now is of no use; what was there before is kept, and this is said once
    boolean renew() throws IOException;

    @Override
    void close();
}
