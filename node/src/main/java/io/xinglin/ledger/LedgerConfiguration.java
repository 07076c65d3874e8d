package io.xinglin.ledger;

import io.xinglin.contracts.Contracts;
import io.xinglin.contracts.RegisteredKey;
import io.xinglin.platform.BoundedCache;
import io.xinglin.platform.NodeProperties;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

/// Puts the ledger together.
@Configuration
class LedgerConfiguration {
    private static final Logger LOG = LoggerFactory.getLogger(LedgerConfiguration.class);
    private static final String BLOCK_KEY = "ledger-block.key";
    private static final int KEYS_MAX = 10_000;
    private static final Duration CLOCK_DOUBTFUL = Duration.ofSeconds(10);

    @Bean
    Cryptography ledgerCryptography() {
        return new Cryptography();
    }

    @Bean
    LedgerTables ledgerTables(JdbcTemplate jdbc, NodeProperties node) {
        return new PostgresLedgerTables(jdbc, node.ledger());
    }

    @Bean
    BlockSigner blockSigner(LedgerTables tables, NodeProperties node) {
        var file = node.data().resolve(BLOCK_KEY);
        if (node.readOnly() && !Files.exists(file)) {
            throw new LedgerCorrupted("the block key " + file + " is missing: restore it");
        }
        return blockSigner(tables, file);
    }

    @Bean
    HeadFile headFile(NodeProperties node) {
        return new HeadFile(node.data());
    }

    @Bean
    Chain chain(
            LedgerTables tables, BlockSigner signer, Cryptography signatures, NodeProperties node) {
        return new Chain(node.ledger(), tables, signer.publicKey(), signatures);
    }

    /// The ledger of a node that only looks must not stop at what `fsck` is there to find.
    @Bean
    Ledger ledger(
            LedgerTables tables,
            Chain chain,
            BlockSigner signer,
            HeadFile headFile,
            Cryptography signatures,
            DataSource dataSource,
            NodeProperties node,
            InstantSource clock,
            SecureRandom random) {
        var head = node.readOnly() ? chain.head() : verifiedHead(chain, headFile, tables, clock);
        var state = new WorldState(tables, head.height());
        var store = new PostgresBlockStore(dataSource);
        var writer =
                new WriterThread(
                        new BlockWriter(chain, head, state, store, signer, headFile, clock));
        if (node.readOnly()) {
            writer.close();
        } else {
            writer.start();
        }
        return new Ledger(
                node.ledger(),
                tables,
                state,
                writer,
                contracts(signatures),
                Later.ON_THREADS,
                clock,
                random);
    }

    /// To read a key, with the proof that it is a point of its curve, costs a third of what a signature does.
    private static Contracts contracts(Cryptography signatures) {
        var keys = new BoundedCache<String, RegisteredKey>(KEYS_MAX);
        return new Contracts(signatures, value -> keys.get(value, RegisteredKey::parse));
    }

    static BlockHeader verifiedHead(
            Chain chain, HeadFile headFile, LedgerTables tables, InstantSource clock) {
        headFile.contradiction(tables)
                .ifPresent(
                        why -> {
                            throw new LedgerCorrupted(why);
                        });
        var head = chain.verifiedHead();
        var ahead = Duration.ofMillis(head.timeMillis() - clock.millis());
        if (ahead.compareTo(CLOCK_DOUBTFUL) > 0) {
            LOG.warn(
                    "the last block is {} s in the future: the clock of this machine was or is wrong",
                    ahead.toSeconds());
        }
        return head;
    }

    /// A ledger without blocks gets a new key; one with blocks must have kept its own.
    static BlockSigner blockSigner(LedgerTables tables, Path file) {
        if (Files.exists(file)) {
            return BlockKeyFile.read(file);
        }
        if (tables.head().isPresent()) {
            throw new LedgerCorrupted(
                    "the block key "
                            + file
                            + " is missing; the ledger cannot go on without it: restore it");
        }
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return BlockKeyFile.create(file);
    }
}
