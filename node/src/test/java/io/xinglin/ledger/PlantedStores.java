package io.xinglin.ledger;

import io.xinglin.sim.MemoryDatabase;
import java.sql.SQLException;
import java.util.Optional;

/// What writes blocks, built wrong on purpose.
public final class PlantedStores {
    private PlantedStores() {}

    /// Says that a block is durable when it is the one before that is.
    public static AutoCloseable early(MemoryDatabase.Session session) {
        return new MemoryBlockStore(session) {
            private Optional<Draft> last = Optional.empty();

            @Override
            public void write(Block block, BlockDraft draft) throws SQLException {
                if (last.isPresent()) {
                    super.write(last.get().block(), last.get().draft());
                }
                last = Optional.of(new Draft(block, draft));
            }
        };
    }

    private record Draft(Block block, BlockDraft draft) {}

    /// Does not look whether a transaction is on the ledger already.
    public static AutoCloseable forgetful(MemoryDatabase.Session session) {
        return new MemoryBlockStore(session) {
            @Override
            boolean isBurned(String id, MemoryDatabase.Transaction transaction) {
                return true;
            }
        };
    }
}
