package io.xinglin.log;

import io.xinglin.contracts.MemberId;
import io.xinglin.fsck.Report;
import io.xinglin.platform.Ticker;
import io.xinglin.tlog.Checkpoint;
import io.xinglin.tlog.EntryBundle;
import io.xinglin.tlog.GrowingTree;
import io.xinglin.tlog.MalformedLogData;
import io.xinglin.tlog.NoteVerifier;
import io.xinglin.tlog.SignedNote;
import io.xinglin.tlog.TilePath;
import io.xinglin.tlog.TileStore;
import io.xinglin.tlog.Verification;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Queue;

/// Grows one log's tree again from the entries in the database, and compares on the way every file, every signed
/// checkpoint and the anchor.
///
/// It goes as far as the last checkpoint signed before it began, so that it may run beside a log that grows.
final class Recomputation {
    private static final int READ_AT_ONCE = 10_000;
    private static final Duration PUBLICATION_MAX = Duration.ofSeconds(1);

    private final MemberId organisation;
    private final LogTable table;
    private final TileStore files;
    private final NoteVerifier key;
    private final Optional<Checkpoint> anchor;
    private final Ticker ticker;
    private final Report report;

    private final Queue<LogTable.Kept> signed = new ArrayDeque<>();
    private final GrowingTree tree = GrowingTree.empty(this::compare);
    private long lastRead = -1;
    private boolean rootsAgree = true;

    Recomputation(
            MemberId organisation,
            LogTable table,
            TileStore files,
            NoteVerifier key,
            Optional<Checkpoint> anchor,
            Ticker ticker,
            Report report) {
        this.organisation = organisation;
        this.table = table;
        this.files = files;
        this.key = key;
        this.anchor = anchor;
        this.ticker = ticker;
        this.report = report;
    }

    void run() {
        var end = table.latestSize(organisation);
        checkHeads();
        while (tree.size().value() < end) {
            if (!readOn(end)) {
                break;
            }
        }
        tree.writeEdge();
        checkWhatIsBeyond(end);
        checkNames();
        checkPublished(end);
    }

    private boolean readOn(long end) {
        var from = tree.size().value();
        var entries = table.entries(organisation, from, (int) Math.min(READ_AT_ONCE, end - from));
        for (var placed : entries) {
            if (placed.index() != tree.size().value()) {
                return false;
            }
            tree.append(placed.entry().bytes());
            checkHeads();
        }
        report.checked(entries.size());
        return !entries.isEmpty();
    }

    /// The checkpoints and the anchor of exactly the size that the tree has now.
    private void checkHeads() {
        while (nextSigned().filter(it -> it.size() == tree.size().value()).isPresent()) {
            checkSigned(signed.remove());
        }
        anchor.filter(it -> it.size().equals(tree.size()))
                .filter(it -> !it.root().equals(tree.root()))
                .ifPresent(
                        it ->
                                find(
                                        "anchor " + it.size(),
                                        "the ledger holds another root than the entries give"));
    }

    private Optional<LogTable.Kept> nextSigned() {
        if (signed.isEmpty()) {
            signed.addAll(table.checkpoints(organisation, lastRead, READ_AT_ONCE));
            lastRead = signed.isEmpty() ? Long.MAX_VALUE : lastSize();
        }
        return Optional.ofNullable(signed.peek());
    }

    private long lastSize() {
        return signed.stream().mapToLong(LogTable.Kept::size).max().orElseThrow();
    }

    private void checkSigned(LogTable.Kept kept) {
        report.checked(1);
        var where = "checkpoint " + kept.size();
        var wrong = wrongWith(kept.note());
        if (wrong.isPresent()) {
            find(where, wrong.get());
            return;
        }
        var said = Checkpoint.parse(SignedNote.parse(kept.note()).text());
        if (said.size().value() != kept.size()) {
            find(where, "the signed note is of size " + said.size());
        } else if (!said.root().equals(tree.root()) && rootsAgree) {
            // One changed entry spoils every root after it: say it once, where it begins.
            rootsAgree = false;
            find(where, "the entries in the database do not give the root that was signed");
        }
    }

    private Optional<String> wrongWith(String note) {
        try {
            return switch (Checkpoint.verify(SignedNote.parse(note), key)) {
                case Verification.Valid() -> Optional.empty();
                case Verification.Invalid(var where) -> Optional.of(where);
            };
        } catch (MalformedLogData e) {
            return Optional.of(e.getMessage() == null ? "malformed" : e.getMessage());
        }
    }

    private void checkWhatIsBeyond(long end) {
        if (tree.size().value() < end) {
            find(
                    "entry " + tree.size(),
                    "is missing in the database, though a checkpoint covers it");
        }
        anchor.filter(it -> it.size().value() > end)
                .ifPresent(
                        it ->
                                find(
                                        "anchor " + it.size(),
                                        "the ledger holds a larger tree than the last one signed here, "
                                                + end));
    }

    /// Called by the tree with what a file must hold.
    private void compare(TilePath path, byte[] content) {
        report.checked(path.width());
        try {
            var found = files.read(path);
            if (found.isEmpty()) {
                find(path.toString(), "is missing");
            } else if (!Arrays.equals(found.get(), content)) {
                find(
                        path.toString(),
                        "is not what the entries give" + place(path, found.get(), content));
            }
        } catch (MalformedLogData e) {
            find(path.toString(), "cannot be read: " + e.getMessage());
        }
        narrower(path).forEach(it -> compareNarrower(it, content));
    }

    /// The partial files at the place of a part that are narrower than it: left by earlier checkpoints.
    private List<TilePath> narrower(TilePath path) {
        var directory = files.directory().resolve(path.withWidth(TilePath.FULL) + ".p");
        try (var names = Files.list(directory)) {
            return names.map(this::parse)
                    .flatMap(Optional::stream)
                    .filter(it -> it.width() < path.width())
                    .toList();
        } catch (NoSuchFileException _) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void compareNarrower(TilePath path, byte[] wider) {
        // It may go while we look: a full one has replaced it.
        var found = files.read(path);
        if (found.isPresent() && !Arrays.equals(found.get(), TileStore.narrow(path, wider))) {
            find(path.toString(), "is not what the entries give");
        }
    }

    private static String place(TilePath path, byte[] found, byte[] expected) {
        var first = path.index() * TilePath.FULL;
        return switch (path) {
            case TilePath.Hashes _ -> ": hash " + Arrays.mismatch(found, expected) / 32;
            case TilePath.Entries _ -> ": entry " + (first + differing(found, expected));
        };
    }

    private static int differing(byte[] found, byte[] expected) {
        var right = EntryBundle.parse(expected);
        var wrong = EntryBundle.parse(found);
        for (var i = 0; i < Math.min(right.size(), wrong.size()); i++) {
            if (!Arrays.equals(right.get(i), wrong.get(i))) {
                return i;
            }
        }
        return Math.min(right.size(), wrong.size());
    }

    /// Every file is one that a log of this size has.
    private void checkNames() {
        if (!Files.isDirectory(files.directory())) {
            return;
        }
        try {
            var names = new Names();
            Files.walkFileTree(files.directory(), names);
            var size = table.size(organisation);
            for (var name : names.found) {
                if (!belongs(name, size)) {
                    find(relative(name), "does not belong to a log of " + size + " entries");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The files of a log that grows: a directory of partial tiles may go while we look.
    private static final class Names extends SimpleFileVisitor<Path> {
        private final List<Path> found = new ArrayList<>();

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile()) {
                found.add(file);
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE;
            }
            throw e;
        }
    }

    private boolean belongs(Path name, long size) {
        return relative(name).equals("checkpoint")
                || relative(name).equals(".unfinished")
                || parse(name).filter(path -> isWithin(path, size)).isPresent();
    }

    private static boolean isWithin(TilePath path, long size) {
        var below = path instanceof TilePath.Hashes(var level, _, _) ? level * 8 : 0;
        return below < Long.SIZE - 1
                && path.index() * TilePath.FULL + path.width() <= size >> below;
    }

    private Optional<TilePath> parse(Path file) {
        return TilePath.parse(relative(file));
    }

    private String relative(Path file) {
        return files.directory().relativize(file).toString();
    }

    /// The checkpoint that everyone is shown is one that we know to have signed, and none that is out of date.
    private void checkPublished(long end) {
        var published = files.checkpoint();
        if (published.isEmpty()) {
            if (end > 0) {
                find("checkpoint", "the published checkpoint is missing");
            }
            return;
        }
        var wrong = wrongWith(published.get());
        if (wrong.isPresent()) {
            find("checkpoint", "the published checkpoint: " + wrong.get());
        } else if (!isKept(published.get())) {
            find("checkpoint", "the published checkpoint is not in the database");
        } else if (sizeOf(published.get()) < end && !isPublishedSoon(end)) {
            find("checkpoint", "the published checkpoint is not the last one signed, " + end);
        }
    }

    /// A running node shows a checkpoint a moment after it has kept it.
    private boolean isPublishedSoon(long end) {
        ticker.pause(PUBLICATION_MAX);
        return files.checkpoint().filter(note -> sizeOf(note) >= end).isPresent();
    }

    private static long sizeOf(String note) {
        return Checkpoint.parse(SignedNote.parse(note).text()).size().value();
    }

    private boolean isKept(String note) {
        return table.checkpoints(organisation, sizeOf(note) - 1, 1).stream()
                .anyMatch(kept -> kept.note().equals(note));
    }

    private void find(String what, String wrong) {
        report.finding("log " + organisation + " " + what, wrong);
    }
}
