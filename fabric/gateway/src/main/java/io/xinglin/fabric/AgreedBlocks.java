package io.xinglin.fabric;

/// Blocks of a channel, one after the other. For one thread; any may close it.
public interface AgreedBlocks extends AutoCloseable {
    /// Waits for the next block.
    ///
    /// @throws FabricUnavailable if the peer went away: begin again with [FabricChannel#blocks]
    AgreedBlock next();

    /// Ends the wait of [#next].
    @Override
    void close();
}
