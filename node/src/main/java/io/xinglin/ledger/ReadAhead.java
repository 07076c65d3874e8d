package io.xinglin.ledger;

import io.xinglin.contracts.Command;
import io.xinglin.contracts.ContractViolation;
import io.xinglin.contracts.KeyId;
import io.xinglin.contracts.KeysCommand;
import io.xinglin.contracts.MembershipCommand;
import io.xinglin.contracts.PublicJwk;
import io.xinglin.contracts.RegisteredKey;
import io.xinglin.contracts.SignatureVerifier;
import io.xinglin.contracts.SignedTransaction;
import io.xinglin.platform.BoundedCache;
import io.xinglin.tlog.Hash;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/// Reads blocks ahead of whoever runs them in order, and has others work out meanwhile what does not depend on the order.
///
/// With which key a transaction's signature is checked is for the state to say, when its turn comes. Here the key is the one of that
/// id that was seen last; [ReadTransaction#verify] takes what came of it for an answer to exactly that question and to no other.
final class ReadAhead {
    private static final int PAGE = 100;
    private static final int KEYS_MAX = 50_000;

    /// So many characters of transactions are in memory before their turn, and those of one block.
    private static final long AHEAD_MAX = 4_000_000;

    private final LedgerTables tables;
    private final Chain chain;
    private final SignatureVerifier signatures;
    private final Executor others;
    private final BoundedCache<KeyId, PublicJwk> keys = new BoundedCache<>(KEYS_MAX);
    private final Queue<Block> page = new ArrayDeque<>();
    private final Queue<Waiting> waiting = new ArrayDeque<>();
    private long next;
    private long ahead;

    ReadAhead(LedgerTables tables, Chain chain, SignatureVerifier signatures, Executor others) {
        this.tables = tables;
        this.chain = chain;
        this.signatures = signatures;
        this.others = others;
    }

    private record Waiting(long length, CompletableFuture<ReadBlock> block) {}

    /// A block as it is stored.
    ///
    /// @param isSigned whether the ledger signed it
    /// @param root over its transactions
    /// @param unreadable why its transactions cannot be read, if they cannot
    record ReadBlock(
            Block block,
            boolean isSigned,
            Hash root,
            List<ReadTransaction> transactions,
            Optional<LedgerCorrupted> unreadable) {
        void requireReadable() {
            unreadable.ifPresent(
                    why -> {
                        throw why;
                    });
        }
    }

    /// A transaction as it is stored.
    ///
    /// @param signed what was signed, if it can be read
    /// @param checked what its signature was found to be
    record ReadTransaction(
            OrderedTransaction ordered,
            Optional<SignedTransaction> signed,
            Optional<Checked> checked) {
        /// Answers as the verifier would, at once if this was asked before.
        boolean verify(
                PublicJwk key, byte[] message, byte[] signature, SignatureVerifier verifier) {
            return checked.filter(it -> it.isOf(key, message, signature))
                    .map(it -> it.isRight)
                    .orElseGet(() -> verifier.verify(key, message, signature));
        }
    }

    /// What a verifier was asked once, and its answer.
    static final class Checked {
        private final PublicJwk key;
        private final byte[] message;
        private final byte[] signature;
        private final boolean isRight;

        private Checked(PublicJwk key, byte[] message, byte[] signature, boolean isRight) {
            this.key = key;
            this.message = message;
            this.signature = signature;
            this.isRight = isRight;
        }

        private boolean isOf(PublicJwk other, byte[] otherMessage, byte[] otherSignature) {
            return key.equals(other)
                    && Arrays.equals(message, otherMessage)
                    && Arrays.equals(signature, otherSignature);
        }
    }

    /// The next block; empty after the last.
    Optional<ReadBlock> next() {
        var more = true;
        while (more && ahead < AHEAD_MAX) {
            more = readOne();
        }
        var first = Optional.ofNullable(waiting.poll());
        first.ifPresent(it -> ahead -= it.length());
        return first.map(it -> it.block().join());
    }

    /// A key is in the state; those that it signs with later need not wait.
    void seen(RegisteredKey key) {
        keys.put(key.id(), key.jwk());
    }

    private boolean readOne() {
        if (page.isEmpty()) {
            page.addAll(tables.blocks(next, PAGE));
        }
        var block = page.poll();
        if (block == null) {
            return false;
        }
        next = block.header().height();
        try {
            var rows = tables.transactionsOf(block.header().number());
            read(block, rows, Optional.empty());
        } catch (LedgerCorrupted e) {
            read(block, List.of(), Optional.of(e));
        }
        return true;
    }

    private void read(
            Block block, List<OrderedTransaction> rows, Optional<LedgerCorrupted> unreadable) {
        var length = rows.stream().mapToLong(row -> row.jws().length()).sum();
        ahead += length;
        waiting.add(
                new Waiting(
                        length,
                        CompletableFuture.supplyAsync(
                                () ->
                                        new ReadBlock(
                                                block,
                                                chain.isSigned(block),
                                                OrderedTransaction.root(rows),
                                                rows.stream().map(this::read).toList(),
                                                unreadable),
                                others)));
    }

    private ReadTransaction read(OrderedTransaction row) {
        try {
            var signed = row.signed();
            var checked =
                    row.validity() == Validity.VALID ? check(signed) : Optional.<Checked>empty();
            return new ReadTransaction(row, Optional.of(signed), checked);
        } catch (ContractViolation _) {
            // Found again, and told, when its turn comes.
            return new ReadTransaction(row, Optional.empty(), Optional.empty());
        }
    }

    private Optional<Checked> check(SignedTransaction signed) {
        brought(signed.command()).ifPresent(key -> keys.put(key.keyId(), key));
        var asked = new Question();
        keys.get(signed.signer()).ifPresent(key -> signed.isSignedBy(key, asked));
        return asked.checked;
    }

    private static Optional<PublicJwk> brought(Command command) {
        return switch (command) {
            case MembershipCommand.Found found -> Optional.of(found.key());
            case MembershipCommand.Join join -> Optional.of(join.key());
            case KeysCommand.Register register -> Optional.of(register.key());
            case KeysCommand.Rotate rotate -> Optional.of(rotate.key());
            default -> Optional.empty();
        };
    }

    /// Remembers what is asked.
    private final class Question implements SignatureVerifier {
        private Optional<Checked> checked = Optional.empty();

        @Override
        public boolean verify(PublicJwk key, byte[] message, byte[] signature) {
            try {
                var isRight = signatures.verify(key, message, signature);
                checked = Optional.of(new Checked(key, message, signature, isRight));
                return isRight;
            } catch (IllegalStateException _) {
                // Such a key is on the ledger nowhere, unless it is asked for again.
                return false;
            }
        }
    }
}
