package io.xinglin.ledger;

import io.xinglin.sim.MemoryDatabase;

class MemoryTablesTests extends TablesBehaviour {
    private final MemoryDatabase.Session session =
            new MemoryDatabase().new Session(MemoryDatabase.Edge.SOUND);

    @Override
    LedgerTables tables() {
        return new MemoryLedgerTables(session);
    }

    @Override
    BlockStore store() {
        return new MemoryBlockStore(session);
    }
}
