package io.xinglin.tlog;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// The files of one log in a directory, laid out so that any web server can serve them.
///
/// A file is there whole or not at all. What was written survives a power cut once [#sync] returns, and a checkpoint once
/// [#publish] returns. One writer at a time, in one process; any number of readers.
///
/// @spec https://c2sp.org/tlog-tiles tlog-tiles
public final class TileStore implements TileReader, TileWriter {
    private static final String CHECKPOINT = "checkpoint";
    private static final String UNFINISHED = ".unfinished";

    private final Path directory;
    private final Set<Path> changed = new HashSet<>();
    private final Set<Path> entered = new HashSet<>();
    private final Set<Path> outgrown = new HashSet<>();

    /// The log in this directory, which is made when something is first written.
    public TileStore(Path directory) {
        this.directory = directory.toAbsolutePath().normalize();
    }

    /// Where the log is.
    public Path directory() {
        return directory;
    }

    /// Reads a part; a partial one that has been outgrown is taken from the full one.
    @Override
    public Optional<byte[]> read(TilePath path) {
        var exact = readFile(path.toString());
        return exact.isPresent() || !path.isPartial()
                ? exact
                : readFile(path.withWidth(TilePath.FULL).toString()).map(it -> narrow(path, it));
    }

    /// The first part that a log of this size has and that is not here.
    public Optional<TilePath> firstMissing(TreeSize size) {
        return TilePath.ofLog(size).filter(path -> !has(path)).findFirst();
    }

    private boolean has(TilePath path) {
        return Files.exists(fileOf(path)) || Files.exists(fileOf(path.withWidth(TilePath.FULL)));
    }

    private Path fileOf(TilePath path) {
        return directory.resolve(path.toString());
    }

    /// Makes durable that the parts of a log of this size are here: whoever put them here may not have waited for the disk.
    public void keep(TreeSize size) {
        TilePath.ofLog(size)
                .map(path -> Files.exists(fileOf(path)) ? path : path.withWidth(TilePath.FULL))
                .map(path -> parentOf(fileOf(path)))
                .distinct()
                .forEach(this::keepNames);
        sync();
    }

    private void keepNames(Path parent) {
        var at = parent;
        while (at.startsWith(parentOf(directory)) && changed.add(at)) {
            at = parentOf(at);
        }
    }

    /// What a narrower part than `path` has, given the content of a wider one at the same place.
    public static byte[] narrow(TilePath path, byte[] wider) {
        return switch (path) {
            case TilePath.Hashes tile -> Arrays.copyOf(wider, tile.width() * Hash.LENGTH);
            case TilePath.Entries bundle ->
                    EntryBundle.format(EntryBundle.parse(wider).subList(0, bundle.width()));
        };
    }

    /// The signed note that was last published; empty before the first.
    public Optional<String> checkpoint() {
        return readFile(CHECKPOINT).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }

    @Override
    public void write(TilePath path, byte[] content) {
        writeFile(path.toString(), content);
        if (!path.isPartial()) {
            outgrown.add(directory.resolve(path + ".p"));
        }
    }

    /// Makes durable what was written, then drops the partial tiles that full ones have replaced.
    public void sync() {
        try {
            for (var parent : changed) {
                force(parent);
            }
            changed.clear();
            for (var partials : outgrown) {
                deletePartials(partials);
            }
            outgrown.clear();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Makes everything durable, then this signed note the current checkpoint.
    public void publish(String note) {
        sync();
        writeFile(CHECKPOINT, note.getBytes(StandardCharsets.UTF_8));
        sync();
    }

    private Optional<byte[]> readFile(String name) {
        try {
            return Optional.of(Files.readAllBytes(directory.resolve(name)));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void writeFile(String name, byte[] content) {
        var file = directory.resolve(name);
        var unfinished = directory.resolve(UNFINISHED);
        try {
            makeDirectory(parentOf(file));
            try (var channel =
                    FileChannel.open(
                            unfinished,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.TRUNCATE_EXISTING,
                            StandardOpenOption.WRITE)) {
                for (var rest = ByteBuffer.wrap(content); rest.hasRemaining(); ) {
                    channel.write(rest);
                }
                channel.force(true);
            }
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
            changed.add(parentOf(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Makes a directory and those above it, remembering each whose list of names has changed, or may have: one that is there
    /// may have been made by a run that was killed before it synced.
    private void makeDirectory(Path wanted) throws IOException {
        if (!entered.add(wanted)) {
            return;
        }
        var isThere = Files.isDirectory(wanted);
        if (isThere && !wanted.startsWith(parentOf(directory))) {
            return;
        }
        makeDirectory(parentOf(wanted));
        if (!isThere) {
            Files.createDirectory(wanted);
        }
        changed.add(parentOf(wanted));
    }

    private static Path parentOf(Path path) {
        var parent = path.getParent();
        if (parent == null) {
            throw new IllegalStateException(path + " has no parent directory");
        }
        return parent;
    }

    private static void force(Path directory) throws IOException {
        try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private void deletePartials(Path partials) throws IOException {
        if (!Files.isDirectory(partials)) {
            return;
        }
        try (var files = Files.newDirectoryStream(partials)) {
            for (var file : files) {
                Files.deleteIfExists(file);
            }
        }
        Files.delete(partials);
        entered.remove(partials);
    }
}
