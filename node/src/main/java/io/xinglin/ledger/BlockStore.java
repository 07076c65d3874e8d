package io.xinglin.ledger;

import io.xinglin.contracts.TransactionId;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;

/// Writes blocks, each with its transactions and its state in one database transaction. For the writer thread only.
interface BlockStore extends AutoCloseable {
    /// Writes a block; when this returns it is durable.
    ///
    /// @throws SQLException with the state of a unique violation if something is there that was taken for new; with any other, it
    ///     is not known whether the block was written
    void write(Block block, BlockDraft draft) throws SQLException;

    /// Which of these transactions are on the ledger already.
    Set<TransactionId> committed(List<TransactionId> ids) throws SQLException;

    /// Which of these keys are in the state already.
    Set<String> existing(Set<String> keys) throws SQLException;

    /// Gives the connection back; the next use opens another.
    @Override
    void close();
}
