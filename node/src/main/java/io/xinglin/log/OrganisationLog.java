package io.xinglin.log;

import io.xinglin.contracts.MemberId;
import io.xinglin.tlog.Checkpoint;
import io.xinglin.tlog.ConsistencyProof;
import io.xinglin.tlog.GrowingTree;
import io.xinglin.tlog.MalformedLogData;
import io.xinglin.tlog.MissingTile;
import io.xinglin.tlog.NoteSigner;
import io.xinglin.tlog.SignedNote;
import io.xinglin.tlog.TilePath;
import io.xinglin.tlog.TileStore;
import io.xinglin.tlog.TileWriter;
import io.xinglin.tlog.TreeSize;
import io.xinglin.tlog.Verification;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The log of one organisation while it grows. Only the sequencer has one.
///
/// What has a place in the database is the log. The tree, its files and its checkpoints follow from that, so that whatever
/// a crash leaves undone is done again with the same result.
final class OrganisationLog {
    private static final Logger LOG = LoggerFactory.getLogger(OrganisationLog.class);
    private static final int READ_AT_ONCE = 10_000;

    private final MemberId organisation;
    private final LogTable table;
    private final TileStore files;
    private final NoteSigner signer;
    private final InstantSource clock;
    private final GrowingTree tree;
    private Optional<SignedHead> head;

    private OrganisationLog(
            MemberId organisation,
            LogTable table,
            TileStore files,
            NoteSigner signer,
            InstantSource clock,
            Optional<Checkpoint> anchored) {
        this.organisation = organisation;
        this.table = table;
        this.files = files;
        this.signer = signer;
        this.clock = clock;
        this.head = table.latest(organisation);
        refuseToTurnBack();
        refuseToForget(anchored);
        this.tree = resume().orElseGet(this::rebuild);
        refuseToContradict(anchored);
    }

    /// Opens the log where it was left.
    ///
    /// @param anchored what the ledger holds us to: the largest of our checkpoints on it
    /// @throws BrokenLog if what is stored contradicts what was signed
    static OrganisationLog open(
            MemberId organisation,
            LogTable table,
            TileStore files,
            NoteSigner signer,
            InstantSource clock,
            Optional<Checkpoint> anchored) {
        var log = new OrganisationLog(organisation, table, files, signer, clock, anchored);
        log.catchUp();
        log.head.ifPresent(head -> log.publish(head.note()));
        return log;
    }

    /// A database restored from an old copy would have us sign a second history: the published one is longer.
    private void refuseToTurnBack() {
        var published = files.checkpoint().flatMap(this::ours);
        if (published.filter(it -> it.size().value() > signedSize()).isPresent()) {
            throw new BrokenLog(
                    organisation,
                    "the published checkpoint is of size "
                            + published.get().size()
                            + ", the last one in the database of size "
                            + signedSize());
        }
        if (published.filter(it -> it.size().value() == signedSize() && isOther(it)).isPresent()) {
            throw new BrokenLog(
                    organisation,
                    "the published checkpoint of size "
                            + signedSize()
                            + " has another root than the one in the database");
        }
    }

    /// What the ledger knows we signed, we signed, whatever became of our own rows and files.
    private void refuseToForget(Optional<Checkpoint> anchored) {
        if (anchored.filter(it -> it.size().value() > signedSize()).isPresent()) {
            throw new BrokenLog(
                    organisation,
                    "the ledger has our checkpoint of size "
                            + anchored.get().size()
                            + ", the last one in the database is of size "
                            + signedSize());
        }
    }

    private void refuseToContradict(Optional<Checkpoint> anchored) {
        if (anchored.isEmpty() || head.isEmpty()) {
            return;
        }
        var now = head.get().checkpoint();
        var proof = ConsistencyProof.of(anchored.get().size(), now.size(), files);
        if (proof.verify(anchored.get().root(), now.root()) instanceof Verification.Invalid) {
            throw new BrokenLog(
                    organisation,
                    "what is stored does not begin with the tree of size "
                            + anchored.get().size()
                            + " whose checkpoint the ledger has");
        }
    }

    private Optional<Checkpoint> ours(String text) {
        try {
            var note = SignedNote.parse(text);
            return Checkpoint.verify(note, signer.verifier()) instanceof Verification.Valid
                    ? Optional.of(Checkpoint.parse(note.text()))
                    : Optional.empty();
        } catch (MalformedLogData _) {
            return Optional.empty();
        }
    }

    private boolean isOther(Checkpoint published) {
        return head.filter(it -> it.checkpoint().root().equals(published.root())).isEmpty();
    }

    private Optional<GrowingTree> resume() {
        var size = new TreeSize(signedSize());
        try {
            files.firstMissing(size).ifPresent(OrganisationLog::miss);
            files.keep(size);
            var resumed = GrowingTree.resume(files, size, files);
            if (head.isEmpty() || resumed.root().equals(head.get().checkpoint().root())) {
                return Optional.of(resumed);
            }
            LOG.error("log {}: the last tiles do not give the signed root", organisation);
        } catch (MissingTile | MalformedLogData e) {
            LOG.error("log {}: {}", organisation, e.getMessage());
        }
        return Optional.empty();
    }

    private static void miss(TilePath path) {
        throw new MissingTile(path);
    }

    /// Makes the files again from the entries, which must give the signed root.
    private GrowingTree rebuild() {
        LOG.warn("log {}: making its files again from the database", organisation);
        requireSignedRoot(grown((_, _) -> {}));
        var rebuilt = GrowingTree.empty(this::replace);
        for (var size : edges()) {
            append(rebuilt, size);
            rebuilt.writeEdge();
        }
        requireSignedRoot(rebuilt);
        files.sync();
        return GrowingTree.resume(files, new TreeSize(signedSize()), files);
    }

    /// The sizes of the tree at which it had partial tiles that no full ones have replaced: a log keeps the tiles of every
    /// tree that it signed.
    private SortedSet<Long> edges() {
        var end = signedSize();
        var edges = new TreeSet<>(List.of(end));
        table.checkpoints(organisation, end - end % TilePath.FULL, TilePath.FULL)
                .forEach(kept -> edges.add(kept.size()));
        for (long step = TilePath.FULL; step <= end; step *= TilePath.FULL) {
            for (var size = end - end % step; size % (step * TilePath.FULL) > 0; size -= step) {
                if (hasCheckpoint(size, size + step)) {
                    edges.add(size);
                }
            }
        }
        return edges;
    }

    private boolean hasCheckpoint(long from, long to) {
        return table.checkpoints(organisation, from - 1, 1).stream()
                .anyMatch(kept -> kept.size() < to);
    }

    private GrowingTree grown(TileWriter tiles) {
        var grown = GrowingTree.empty(tiles);
        append(grown, signedSize());
        return grown;
    }

    /// Asked before a file is touched: files that are right are the evidence against rows that are not.
    private void requireSignedRoot(GrowingTree grown) {
        if (head.isPresent() && !grown.root().equals(head.get().checkpoint().root())) {
            throw new BrokenLog(
                    organisation,
                    "the entries in the database do not give the root signed for size "
                            + signedSize());
        }
    }

    private void replace(TilePath path, byte[] content) {
        var found = files.read(path);
        if (found.isPresent() && !Arrays.equals(found.get(), content)) {
            LOG.error("log {}: {} was wrong and is replaced", organisation, path);
        }
        files.write(path, content);
    }

    /// Takes in what has had its place in the database already.
    private void catchUp() {
        append(tree, Long.MAX_VALUE);
    }

    private void append(GrowingTree grown, long size) {
        while (grown.size().value() < size) {
            var wanted = (int) Math.min(READ_AT_ONCE, size - grown.size().value());
            var entries = table.entries(organisation, grown.size().value(), wanted);
            if (entries.isEmpty()) {
                return;
            }
            append(grown, entries);
        }
    }

    private void append(GrowingTree grown, List<LogTable.Placed> entries) {
        for (var placed : entries) {
            if (placed.index() != grown.size().value()) {
                throw new BrokenLog(
                        organisation, "entry " + grown.size() + " is missing in the database");
            }
            grown.append(placed.entry().bytes());
        }
    }

    /// Takes in entries that have just got their places.
    void append(List<LogTable.Placed> entries) {
        append(tree, entries);
    }

    /// Whether there is something that no checkpoint covers; before the first one, there is.
    boolean hasNews() {
        return head.isEmpty() || tree.size().value() > head.get().size();
    }

    /// Signs the tree as it is and shows it to everyone.
    ///
    /// The files come first, so that the checkpoint promises nothing that is not there; then the database, so that we know
    /// what we signed; only then the world.
    void sign() {
        tree.writeEdge();
        files.sync();
        var checkpoint = new Checkpoint(signer.name(), tree.size(), tree.root());
        var note = checkpoint.sign(signer).toString();
        var signed = new SignedHead(checkpoint, note, clock.instant());
        table.keep(organisation, signed);
        head = Optional.of(signed);
        publish(note);
    }

    /// The checkpoint that was signed last.
    Optional<SignedHead> head() {
        return head;
    }

    private void publish(String note) {
        if (!files.checkpoint().equals(Optional.of(note))) {
            files.publish(note);
        }
    }

    private long signedSize() {
        return head.map(SignedHead::size).orElse(0L);
    }
}
