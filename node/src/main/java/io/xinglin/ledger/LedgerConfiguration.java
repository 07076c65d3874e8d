package io.xinglin.ledger;

import io.xinglin.contracts.Contracts;
import io.xinglin.contracts.RegisteredKey;
import io.xinglin.fabric.FabricChannel;
import io.xinglin.fabric.GatewayChannel;
import io.xinglin.ledger.LedgerStatus.Engine;
import io.xinglin.platform.BoundedCache;
import io.xinglin.platform.CannotStart;
import io.xinglin.platform.NodeProperties;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/// Puts the ledger together.
@Configuration
@EnableConfigurationProperties(FabricProperties.class)
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

    @Bean
    WorldState worldState(
            LedgerTables tables,
            Chain chain,
            HeadFile headFile,
            NodeProperties node,
            InstantSource clock) {
        // A node that only looks must not stop at what `fsck` is there to find.
        var head = node.readOnly() ? chain.head() : verifiedHead(chain, headFile, tables, clock);
        return new WorldState(tables, head.height());
    }

    @Bean(destroyMethod = "")
    BlockWriter blockWriter(
            Chain chain,
            WorldState state,
            BlockSigner signer,
            HeadFile headFile,
            DataSource dataSource,
            InstantSource clock) {
        var store = new PostgresBlockStore(dataSource);
        return new BlockWriter(chain, chain.head(), state, store, signer, headFile, clock);
    }

    @Bean
    Simulator simulator(WorldState state, Cryptography signatures, NodeProperties node) {
        return new Simulator(node.ledger(), state, contracts(signatures));
    }

    @Bean(destroyMethod = "")
    @Conditional(PeersAreNamed.class)
    FabricOrdering fabricOrdering(
            FabricProperties fabric,
            LedgerTables tables,
            WorldState state,
            Simulator simulator,
            BlockWriter writer,
            JdbcTemplate jdbc,
            TransactionTemplate transaction,
            NodeProperties node,
            InstantSource clock) {
        var channel = channel(fabric, node);
        return new FabricOrdering(
                channel,
                new Outbox(jdbc, transaction),
                new BlockMirror(state, simulator, writer),
                state,
                simulator,
                new PeerStates(channel, tables, state),
                clock);
    }

    @Bean
    Ledger ledger(
            LedgerTables tables,
            WorldState state,
            Simulator simulator,
            BlockWriter writer,
            Optional<FabricOrdering> fabric,
            NodeProperties node,
            InstantSource clock,
            SecureRandom random) {
        return new Ledger(
                node.ledger(),
                tables,
                state,
                ordering(tables, writer, fabric, node),
                simulator,
                Later.ON_THREADS,
                clock,
                random);
    }

    private static Ordering ordering(
            LedgerTables tables,
            BlockWriter writer,
            Optional<FabricOrdering> fabric,
            NodeProperties node) {
        if (!node.readOnly()) {
            FirstBlock.requireBegunOn(fabric.isPresent() ? Engine.FABRIC : Engine.EMBEDDED, tables);
        }
        if (fabric.isPresent()) {
            if (!node.readOnly()) {
                fabric.get().start();
            }
            return fabric.get();
        }
        var embedded = new WriterThread(writer);
        if (node.readOnly()) {
            embedded.close();
        } else {
            embedded.start();
        }
        return embedded;
    }

    private static FabricChannel channel(FabricProperties fabric, NodeProperties node) {
        try {
            return GatewayChannel.connect(fabric.settings(node.ledger()));
        } catch (IOException | IllegalArgumentException e) {
            throw new CannotStart(
                    "The channel "
                            + node.ledger()
                            + " cannot be used: "
                            + e.getMessage()
                            + ". Look at the settings under xinglin.fabric.");
        }
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
