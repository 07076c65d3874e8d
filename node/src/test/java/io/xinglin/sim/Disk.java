package io.xinglin.sim;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A disk with one tree of files, as a journalling file system keeps it.
///
/// What is written to a file survives a power cut once the file was synced, and a change of names (a new file or directory, a
/// rename, a deletion) once a directory that it touches was synced; of what was not, anything may have survived or not. A
/// rename is done whole or not at all.
final class Disk {
    private final List<Changed> changes = new ArrayList<>();
    private Directory now = new Directory();
    private Directory durable = new Directory();
    private boolean ignoresDirectorySync;

    /// From now on it says that names are durable when they are not.
    void ignoreDirectorySync() {
        ignoresDirectorySync = true;
    }

    /// The content of a file.
    private static final class Content {
        private byte[] now = new byte[0];
        private Optional<byte[]> synced = Optional.empty();
        private boolean dirty = true;
    }

    private static final class Directory {
        private final Map<String, Object> entries = new TreeMap<>();

        @Nullable Object find(List<String> path) {
            Object found = this;
            for (var name : path) {
                if (!(found instanceof Directory directory)) {
                    return null;
                }
                found = directory.entries.get(name);
                if (found == null) {
                    return null;
                }
            }
            return found;
        }

        Optional<Directory> parentOf(List<String> path) {
            return find(path.subList(0, path.size() - 1)) instanceof Directory directory
                    ? Optional.of(directory)
                    : Optional.empty();
        }
    }

    /// A change of names.
    private interface Change {
        /// Whether the names in this directory change.
        boolean touches(List<String> directory);

        /// Does it, as far as the directories are there.
        void in(Directory root);
    }

    /// A change since the last power cut, and whether it was made durable. If so, it is there if its directory is.
    private static final class Changed {
        private final Change change;
        private boolean synced;

        Changed(Change change) {
            this.change = change;
        }
    }

    private record Link(List<String> path, Content content) implements Change {
        @Override
        public boolean touches(List<String> directory) {
            return parent(path).equals(directory);
        }

        @Override
        public void in(Directory root) {
            root.parentOf(path).ifPresent(it -> it.entries.put(path.getLast(), content));
        }
    }

    private record MakeDirectory(List<String> path) implements Change {
        @Override
        public boolean touches(List<String> directory) {
            return parent(path).equals(directory);
        }

        @Override
        public void in(Directory root) {
            root.parentOf(path)
                    .ifPresent(it -> it.entries.putIfAbsent(path.getLast(), new Directory()));
        }
    }

    private record Remove(List<String> path) implements Change {
        @Override
        public boolean touches(List<String> directory) {
            return parent(path).equals(directory);
        }

        @Override
        public void in(Directory root) {
            root.parentOf(path).ifPresent(it -> it.entries.remove(path.getLast()));
        }
    }

    private record Rename(List<String> from, List<String> to, Content content) implements Change {
        @Override
        public boolean touches(List<String> directory) {
            return parent(from).equals(directory) || parent(to).equals(directory);
        }

        @Override
        public void in(Directory root) {
            var target = root.parentOf(to);
            if (target.isPresent()) {
                root.parentOf(from).ifPresent(it -> it.entries.remove(from.getLast(), content));
                target.get().entries.put(to.getLast(), content);
            }
        }
    }

    private static List<String> parent(List<String> path) {
        return path.subList(0, path.size() - 1);
    }

    private void change(Change change) {
        change.in(now);
        changes.add(new Changed(change));
    }

    boolean isDirectory(List<String> path) {
        return now.find(path) instanceof Directory;
    }

    boolean isFile(List<String> path) {
        return now.find(path) instanceof Content;
    }

    List<String> list(List<String> path) throws IOException {
        if (now.find(path) instanceof Directory directory) {
            return List.copyOf(directory.entries.keySet());
        }
        throw new NoSuchFileException(name(path));
    }

    byte[] read(List<String> path) throws IOException {
        return content(path).now;
    }

    private Content content(List<String> path) throws IOException {
        if (now.find(path) instanceof Content content) {
            return content;
        }
        throw new NoSuchFileException(name(path));
    }

    /// Opens a file for writing, made or emptied.
    void truncate(List<String> path) throws IOException {
        if (now.find(path) instanceof Content content) {
            content.now = new byte[0];
            content.dirty = true;
        } else if (now.parentOf(path).isPresent()) {
            change(new Link(path, new Content()));
        } else {
            throw new NoSuchFileException(name(path));
        }
    }

    void append(List<String> path, byte[] more) throws IOException {
        var content = content(path);
        var longer = Arrays.copyOf(content.now, content.now.length + more.length);
        System.arraycopy(more, 0, longer, content.now.length, more.length);
        content.now = longer;
        content.dirty = true;
    }

    void makeDirectory(List<String> path) throws IOException {
        if (now.find(path) != null) {
            throw new FileAlreadyExistsException(name(path));
        }
        if (now.parentOf(path).isEmpty()) {
            throw new NoSuchFileException(name(path));
        }
        change(new MakeDirectory(path));
    }

    void delete(List<String> path) throws IOException {
        var found = now.find(path);
        if (found == null) {
            throw new NoSuchFileException(name(path));
        }
        if (found instanceof Directory directory && !directory.entries.isEmpty()) {
            throw new DirectoryNotEmptyException(name(path));
        }
        change(new Remove(path));
    }

    void rename(List<String> from, List<String> to) throws IOException {
        var content = content(from);
        if (now.parentOf(to).isEmpty()) {
            throw new NoSuchFileException(name(to));
        }
        change(new Rename(from, to, content));
    }

    /// Makes what is in a file durable, or the names in a directory.
    void sync(List<String> path) throws IOException {
        if (now.find(path) instanceof Directory) {
            if (ignoresDirectorySync) {
                return;
            }
            changes.stream().filter(it -> it.change.touches(path)).forEach(it -> it.synced = true);
            return;
        }
        var content = content(path);
        content.synced = Optional.of(content.now);
        content.dirty = false;
    }

    /// The power goes and comes back.
    ///
    /// @return how many changes of names and contents of files were lost or torn
    int cutPower(RandomGenerator random) {
        var lost = 0;
        for (var changed : changes) {
            if (changed.synced || random.nextBoolean()) {
                changed.change.in(durable);
            } else {
                lost++;
            }
        }
        changes.clear();
        lost += tear(durable, random);
        now = copy(durable);
        return lost;
    }

    private static int tear(Directory directory, RandomGenerator random) {
        var torn = 0;
        for (var entry : directory.entries.values()) {
            if (entry instanceof Directory below) {
                torn += tear(below, random);
            } else if (entry instanceof Content content && content.dirty) {
                content.now = remains(content, random);
                content.synced = Optional.of(content.now);
                content.dirty = false;
                torn++;
            }
        }
        return torn;
    }

    /// All of it, what was synced before, the beginning, or the right length of something else.
    private static byte[] remains(Content content, RandomGenerator random) {
        return switch (random.nextInt(4)) {
            case 0 -> content.now;
            case 1 -> content.synced.orElse(new byte[0]);
            case 2 -> Arrays.copyOf(content.now, random.nextInt(content.now.length + 1));
            default -> {
                var garbage = new byte[content.now.length];
                if (random.nextBoolean()) {
                    random.nextBytes(garbage);
                }
                yield garbage;
            }
        };
    }

    /// All files, by name.
    List<List<String>> files() {
        var files = new ArrayList<List<String>>();
        collect(now, List.of(), files);
        return files;
    }

    private static void collect(Directory directory, List<String> path, List<List<String>> files) {
        directory.entries.forEach(
                (name, entry) -> {
                    var full = new ArrayList<>(path);
                    full.add(name);
                    if (entry instanceof Directory below) {
                        collect(below, full, files);
                    } else {
                        files.add(full);
                    }
                });
    }

    /// Changes a file as a disk does that goes bad.
    void spoil(List<String> path, byte[] content) {
        if (now.find(path) instanceof Content found) {
            found.now = content;
            found.synced = Optional.of(content);
        }
    }

    /// Deletes files and directories for good, as an operator does.
    void wipe(List<String> path) {
        new Remove(path).in(now);
        settle();
    }

    /// Makes everything durable as it is.
    void settle() {
        changes.clear();
        durable = copy(now);
        syncAll(durable);
    }

    private static void syncAll(Directory directory) {
        for (var entry : directory.entries.values()) {
            if (entry instanceof Directory below) {
                syncAll(below);
            } else if (entry instanceof Content content) {
                content.synced = Optional.of(content.now);
                content.dirty = false;
            }
        }
    }

    private static Directory copy(Directory directory) {
        var copy = new Directory();
        directory.entries.forEach(
                (name, entry) ->
                        copy.entries.put(
                                name, entry instanceof Directory below ? copy(below) : entry));
        return copy;
    }

    /// All files with what is in them, to be put back later.
    Map<String, byte[]> copy() {
        var copy = new TreeMap<String, byte[]>();
        for (var path : files()) {
            if (now.find(path) instanceof Content content) {
                copy.put(name(path), content.now);
            }
        }
        return copy;
    }

    /// Puts a copy in the place of what is here.
    void restore(Map<String, byte[]> copy) {
        now = new Directory();
        copy.forEach(
                (name, bytes) -> {
                    var directory = now;
                    var path = List.of(name.split("/"));
                    for (var part : parent(path)) {
                        var below = directory.entries.computeIfAbsent(part, _ -> new Directory());
                        directory = (Directory) below;
                    }
                    var content = new Content();
                    content.now = bytes;
                    directory.entries.put(path.getLast(), content);
                });
        settle();
    }

    private static String name(List<String> path) {
        return String.join("/", path);
    }
}
