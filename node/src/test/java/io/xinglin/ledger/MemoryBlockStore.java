package io.xinglin.ledger;

import io.xinglin.contracts.TransactionId;
import io.xinglin.contracts.Version;
import io.xinglin.contracts.Versioned;
import io.xinglin.sim.MemoryDatabase;
import io.xinglin.sim.MemoryDatabase.Transaction;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.springframework.dao.DuplicateKeyException;

/// Writes blocks to tables in memory.
class MemoryBlockStore implements BlockStore {
    private static final String UNIQUE_VIOLATION = "23505";
    private static final String CONNECTION_FAILURE = "08006";

    private final MemoryDatabase.Session session;
    private final MemoryLedgerTables.Rows rows;

    MemoryBlockStore(MemoryDatabase.Session session) {
        this.session = session;
        this.rows = new MemoryLedgerTables.Rows(session.database());
    }

    @Override
    public void write(Block block, BlockDraft draft) throws SQLException {
        inOwn(
                transaction -> {
                    step(
                            "insert transactions",
                            transaction,
                            () -> transactions(draft, transaction));
                    step("write state", transaction, () -> state(draft, transaction));
                    step("insert block", transaction, () -> block(block, transaction));
                    return true;
                });
    }

    private void step(String what, Transaction transaction, Runnable step) {
        session.statement(what, transaction, step);
    }

    private void transactions(BlockDraft draft, Transaction transaction) {
        for (var row : draft.transactions()) {
            var place = new Version(row.block(), row.index());
            transaction.insert(rows.transactions, place, row);
            if (row.validity() == Validity.VALID && !isBurned(row.id().value(), transaction)) {
                transaction.insert(rows.burned, row.id().value(), place);
            }
        }
    }

    /// Whether an id is known to be there, so that it is not added; the index says so itself.
    boolean isBurned(String id, Transaction transaction) {
        return false;
    }

    private void state(BlockDraft draft, Transaction transaction) {
        draft.values()
                .forEach(
                        (key, value) -> {
                            var row = value.map(it -> new Versioned(it, draft.version(key)));
                            if (draft.fresh().contains(key)) {
                                row.ifPresent(it -> transaction.insert(rows.state, key, it));
                            } else if (row.isPresent()) {
                                transaction.upsert(rows.state, key, row.get());
                            } else {
                                transaction.delete(rows.state, key);
                            }
                        });
    }

    private void block(Block block, Transaction transaction) {
        transaction.insert(rows.blocks, block.header().number(), block);
    }

    @Override
    public Set<TransactionId> committed(List<TransactionId> ids) throws SQLException {
        return inOwn(
                transaction -> {
                    var found = new HashSet<>(ids);
                    step(
                            "which are committed",
                            transaction,
                            () ->
                                    found.removeIf(
                                            id ->
                                                    !transaction
                                                            .view(rows.burned)
                                                            .containsKey(id.value())));
                    return found;
                });
    }

    @Override
    public Set<String> existing(Set<String> keys) throws SQLException {
        return inOwn(
                transaction -> {
                    var found = new HashSet<>(keys);
                    step(
                            "which exist",
                            transaction,
                            () -> found.retainAll(transaction.view(rows.state).keySet()));
                    return found;
                });
    }

    private <T> T inOwn(Function<Transaction, T> work) throws SQLException {
        try {
            return session.inOwn(work);
        } catch (DuplicateKeyException e) {
            throw new SQLException(e.getMessage(), UNIQUE_VIOLATION, e);
        } catch (MemoryDatabase.Unreachable e) {
            throw new SQLException(e.getMessage(), CONNECTION_FAILURE, e);
        }
    }

    @Override
    public void close() {}
}
