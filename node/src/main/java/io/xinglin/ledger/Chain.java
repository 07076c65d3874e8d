package io.xinglin.ledger;

import io.xinglin.contracts.PublicJwk;
import io.xinglin.contracts.SignatureVerifier;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// Checks that blocks follow from each other.
final class Chain {
    private static final int LOOK_BACK = 100;
    private static final int SIGNATURE_LENGTH = 64;

    private final String ledger;
    private final LedgerTables tables;
    private final PublicJwk key;
    private final SignatureVerifier signatures;

    Chain(String ledger, LedgerTables tables, PublicJwk key, SignatureVerifier signatures) {
        this.ledger = ledger;
        this.tables = tables;
        this.key = key;
        this.signatures = signatures;
    }

    /// The name of the ledger.
    String ledger() {
        return ledger;
    }

    /// The last header as it stands.
    BlockHeader head() {
        return tables.head().map(Block::header).orElseGet(() -> BlockHeader.none(ledger));
    }

    /// The last header, once the last blocks are seen to follow from each other and the very last to hold its transactions.
    BlockHeader verifiedHead() {
        var head = tables.head();
        if (head.isEmpty()) {
            return BlockHeader.none(ledger);
        }
        var first = Math.max(0, head.get().header().number() - LOOK_BACK);
        var blocks = tables.blocks(first, LOOK_BACK + 1);
        for (var i = 1; i < blocks.size(); i++) {
            requireFollows(blocks.get(i), blocks.get(i - 1).header());
        }
        if (first == 0 && tables.base().isEmpty()) {
            requireFollows(blocks.getFirst(), BlockHeader.none(ledger));
        }
        requireTransactions(head.get());
        return head.get().header();
    }

    /// Whether the signature is the ledger's.
    boolean isSigned(Block block) {
        return isSigned(block.header().bytes(), block.signature());
    }

    /// The text is in its one form: a decoder alone would not see the last bits of it change.
    private boolean isSigned(byte[] message, String base64url) {
        try {
            var signature = Base64.getUrlDecoder().decode(base64url);
            var text = Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
            return text.equals(base64url)
                    && signature.length == SIGNATURE_LENGTH
                    && signatures.verify(key, message, signature);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /// Whether the statement about the state after a block is signed by the ledger.
    boolean isSigned(SnapshotReader.SignedStatement signed) {
        return isSigned(
                signed.statement().text().getBytes(StandardCharsets.UTF_8), signed.signature());
    }

    private void requireFollows(Block block, BlockHeader previous) {
        var header = block.header();
        if (header.number() != previous.height()
                || !header.previousHash().equals(previous.hash())) {
            throw new LedgerCorrupted(
                    "block " + header.number() + " does not follow from the one before it");
        }
        if (!isSigned(block)) {
            throw new LedgerCorrupted(
                    "block " + header.number() + " is not signed by this ledger's block key");
        }
    }

    private void requireTransactions(Block block) {
        var transactions = tables.transactionsOf(block.header().number());
        if (!OrderedTransaction.root(transactions).equals(block.header().transactionsRoot())) {
            throw new LedgerCorrupted(
                    "the transactions of block " + block.header().number() + " were changed");
        }
    }
}
