package io.xinglin.ledger;

import io.xinglin.contracts.ContractViolation;
import io.xinglin.contracts.SignedTransaction;
import io.xinglin.contracts.Version;
import io.xinglin.contracts.Versioned;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads a snapshot and hands on what it holds, in order, checking each thing before the next.
///
/// What was handed on counts only if the end is reached: only there is the whole state known to be the one that was signed
/// for.
final class SnapshotReader {
    /// Takes what was read.
    interface Sink {
        void block(Block block, List<OrderedTransaction> transactions);

        void state(String key, Versioned value);
    }

    private final Chain chain;
    private final long nowMillis;
    private final Sink sink;
    private final List<OrderedTransaction> transactions = new ArrayList<>();
    private final StateHash hash = new StateHash();
    private Optional<BlockHeader> first = Optional.empty();
    private Optional<Block> block = Optional.empty();
    private String lastKey = "";
    private long number;

    SnapshotReader(Chain chain, long nowMillis, Sink sink) {
        this.chain = chain;
        this.nowMillis = nowMillis;
        this.sink = sink;
    }

    /// Reads everything up to the statement at the end.
    ///
    /// @throws BadSnapshot if something in it is wrong
    SignedStatement read(BufferedReader in) throws IOException {
        if (!SnapshotWriter.FIRST_LINE.equals(next(in))) {
            throw new BadSnapshot("it is not a snapshot of a ledger");
        }
        for (var line = next(in); line != null; line = next(in)) {
            var parts = line.split("\t", -1);
            switch (parts[0] + parts.length) {
                case "block3" -> block(parts);
                case "transaction4" -> transaction(parts);
                case "state5" -> state(parts);
                case "snapshot3" -> {
                    var statement = statement(parts);
                    if (next(in) != null) {
                        throw bad("comes after the end");
                    }
                    return statement;
                }
                default -> throw bad("is not in its form");
            }
        }
        throw new BadSnapshot("it ends before its end");
    }

    private @Nullable String next(BufferedReader in) throws IOException {
        number++;
        return in.readLine();
    }

    private void block(String[] parts) {
        if (!lastKey.isEmpty()) {
            throw bad("is a block among states");
        }
        finishBlock();
        var next = new Block(header(parts[1]), parts[2]);
        var what = "block " + next.header().number();
        if (!chain.isSigned(next)) {
            throw new BadSnapshot(what + " is not signed by the ledger's key");
        }
        var previous = block.map(Block::header);
        if (previous.isPresent()
                && (next.header().number() != previous.get().height()
                        || !next.header().previousHash().equals(previous.get().hash()))) {
            throw new BadSnapshot(what + " does not follow from the one before it");
        }
        first = first.or(() -> Optional.of(next.header()));
        block = Optional.of(next);
    }

    private BlockHeader header(String text) {
        try {
            return BlockHeader.parse(text);
        } catch (IllegalArgumentException e) {
            throw bad("holds no header of a block");
        }
    }

    private void transaction(String[] parts) {
        var header = block.map(Block::header).orElseThrow(() -> bad("belongs to no block"));
        try {
            transactions.add(
                    new OrderedTransaction(
                            header.number(),
                            transactions.size(),
                            SignedTransaction.parse(parts[3]).id(),
                            Long.parseLong(parts[1]),
                            Validity.named(parts[2]),
                            parts[3]));
        } catch (ContractViolation | IllegalArgumentException e) {
            throw bad("is not a transaction");
        }
    }

    private void finishBlock() {
        if (block.isEmpty()) {
            return;
        }
        var header = block.get().header();
        if (!OrderedTransaction.root(transactions).equals(header.transactionsRoot())) {
            throw new BadSnapshot("the transactions of block " + header.number() + " were changed");
        }
        sink.block(block.get(), transactions);
        transactions.clear();
    }

    private void state(String[] parts) {
        if (lastKey.isEmpty()) {
            finishBlock();
        }
        if (parts[1].compareTo(lastKey) <= 0) {
            throw bad("is a key out of its order");
        }
        lastKey = parts[1];
        try {
            var version = new Version(Long.parseLong(parts[2]), Integer.parseInt(parts[3]));
            var value = new Versioned(parts[4], version);
            hash.add(lastKey, value);
            sink.state(lastKey, value);
        } catch (NumberFormatException e) {
            throw bad("has no version");
        }
    }

    private SignedStatement statement(String[] parts) {
        if (lastKey.isEmpty()) {
            finishBlock();
        }
        var signed = new SignedStatement(SnapshotStatement.parse(parts[1]), parts[2]);
        var said = signed.statement();
        if (!chain.isSigned(signed)) {
            throw new BadSnapshot("the statement at its end is not signed by the ledger's key");
        }
        var last = block.map(Block::header).orElseThrow(() -> new BadSnapshot("it has no blocks"));
        if (!said.ledger().equals(last.ledger()) || !said.blockHash().equals(last.hash())) {
            throw new BadSnapshot("its last block is not the one that was signed for");
        }
        if (said.states() != hash.count() || !said.stateHash().equals(hash.value())) {
            throw new BadSnapshot("its state is not the one that was signed for");
        }
        requireEnoughBlocks(first.orElseThrow(), last);
        return signed;
    }

    /// What was ordered in blocks that are left out must be too old to be submitted again.
    private void requireEnoughBlocks(BlockHeader first, BlockHeader last) {
        if (first.number() > 0 && first.timeMillis() >= SnapshotWriter.over(last, nowMillis)) {
            throw new BadSnapshot("blocks before block " + first.number() + " are missing");
        }
    }

    private BadSnapshot bad(String what) {
        return new BadSnapshot("line " + number + " " + what);
    }

    /// A statement and the signature over its text.
    record SignedStatement(SnapshotStatement statement, String signature) {}
}
