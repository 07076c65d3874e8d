package io.xinglin.sim;

import io.xinglin.ledger.LedgerNode;
import io.xinglin.log.LogSide;
import java.nio.file.Path;

/// What a world has at its edges, for worlds where one of them is built wrong.
interface Edges {
    /// What writes blocks.
    default AutoCloseable store(MemoryDatabase.Session session) {
        return LedgerNode.Parts.soundStore(session);
    }

    /// What keeps what was cosigned.
    default Object witnessTable(MemoryDatabase.Session session) {
        return LogSide.Parts.soundWitnessTable(session);
    }

    /// Where the last block is looked up at the start.
    default Path remembered(Path data) {
        return data;
    }

    /// A new disk.
    default void prepare(Disk disk) {}

    /// As it should be.
    Edges SOUND = new Edges() {};
}
