package io.xinglin.sim;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.ProviderMismatchException;
import java.nio.file.StandardOpenOption;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The files of a [Disk] as one run of a program sees them: what `java.nio.file` needs for the program's own code.
final class DiskFiles extends FileSystem {
    private final Disk disk;
    private final Edge edge;
    private final Provider provider = new Provider();

    /// What may happen at the edge between a program and its files.
    interface Edge {
        /// Something is about to be looked at.
        void read();

        /// Something is about to be changed or made durable: whoever is told of it may do it or not.
        void write(String what, Write write) throws IOException;
    }

    /// A change.
    interface Write {
        void run() throws IOException;
    }

    DiskFiles(Disk disk, Edge edge) {
        this.disk = disk;
        this.edge = edge;
    }

    private static List<String> names(Path path) {
        if (path instanceof DiskPath ours) {
            return ours.toAbsolutePath().normalize().names;
        }
        throw new ProviderMismatchException();
    }

    @Override
    public FileSystemProvider provider() {
        return provider;
    }

    @Override
    public void close() {}

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public boolean isReadOnly() {
        return false;
    }

    @Override
    public String getSeparator() {
        return "/";
    }

    @Override
    public Iterable<Path> getRootDirectories() {
        return List.of(getPath("/"));
    }

    @Override
    public Iterable<FileStore> getFileStores() {
        return List.of();
    }

    @Override
    public Set<String> supportedFileAttributeViews() {
        return Set.of("basic");
    }

    @Override
    public Path getPath(String first, String... more) {
        var text = String.join("/", Stream.concat(Stream.of(first), Stream.of(more)).toList());
        var names = Stream.of(text.split("/")).filter(name -> !name.isEmpty()).toList();
        return new DiskPath(this, text.startsWith("/"), names);
    }

    @Override
    public PathMatcher getPathMatcher(String syntaxAndPattern) {
        throw new UnsupportedOperationException();
    }

    @Override
    public UserPrincipalLookupService getUserPrincipalLookupService() {
        throw new UnsupportedOperationException();
    }

    @Override
    public WatchService newWatchService() {
        throw new UnsupportedOperationException();
    }

    /// A path; relative ones are relative to the root.
    private static final class DiskPath implements Path {
        private final DiskFiles files;
        private final boolean absolute;
        private final List<String> names;

        DiskPath(DiskFiles files, boolean absolute, List<String> names) {
            this.files = files;
            this.absolute = absolute;
            this.names = List.copyOf(names);
        }

        private DiskPath of(boolean isAbsolute, List<String> of) {
            return new DiskPath(files, isAbsolute, of);
        }

        private static DiskPath ours(Path path) {
            if (path instanceof DiskPath ours) {
                return ours;
            }
            throw new ProviderMismatchException();
        }

        @Override
        public FileSystem getFileSystem() {
            return files;
        }

        @Override
        public boolean isAbsolute() {
            return absolute;
        }

        @Override
        public @Nullable Path getRoot() {
            return absolute ? of(true, List.of()) : null;
        }

        @Override
        public @Nullable Path getFileName() {
            return names.isEmpty() ? null : of(false, List.of(names.getLast()));
        }

        @Override
        public @Nullable Path getParent() {
            return names.isEmpty() || (!absolute && names.size() == 1)
                    ? null
                    : of(absolute, names.subList(0, names.size() - 1));
        }

        @Override
        public int getNameCount() {
            return names.size();
        }

        @Override
        public Path getName(int index) {
            return of(false, List.of(names.get(index)));
        }

        @Override
        public Path subpath(int beginIndex, int endIndex) {
            return of(false, names.subList(beginIndex, endIndex));
        }

        @Override
        public boolean startsWith(Path other) {
            var that = ours(other);
            return absolute == that.absolute
                    && names.size() >= that.names.size()
                    && names.subList(0, that.names.size()).equals(that.names);
        }

        @Override
        public boolean endsWith(Path other) {
            var that = ours(other).names;
            return names.size() >= that.size()
                    && names.subList(names.size() - that.size(), names.size()).equals(that);
        }

        @Override
        public DiskPath normalize() {
            var normal = new ArrayList<String>();
            for (var name : names) {
                if (name.equals("..") && !normal.isEmpty()) {
                    normal.removeLast();
                } else if (!name.equals(".")) {
                    normal.add(name);
                }
            }
            return of(absolute, normal);
        }

        @Override
        public Path resolve(Path other) {
            var that = ours(other);
            return that.absolute
                    ? that
                    : of(absolute, Stream.concat(names.stream(), that.names.stream()).toList());
        }

        @Override
        public Path relativize(Path other) {
            if (!other.startsWith(this)) {
                throw new IllegalArgumentException(other + " is not below " + this);
            }
            return of(false, ours(other).names.subList(names.size(), other.getNameCount()));
        }

        @Override
        public URI toUri() {
            return URI.create("disk:/" + String.join("/", names));
        }

        @Override
        public DiskPath toAbsolutePath() {
            return of(true, names);
        }

        @Override
        public Path toRealPath(LinkOption... options) {
            return toAbsolutePath().normalize();
        }

        @Override
        public WatchKey register(
                WatchService watcher,
                WatchEvent.Kind<?>[] events,
                WatchEvent.Modifier... modifiers) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int compareTo(Path other) {
            return toString().compareTo(other.toString());
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof DiskPath that
                    && files == that.files
                    && absolute == that.absolute
                    && names.equals(that.names);
        }

        @Override
        public int hashCode() {
            return names.hashCode();
        }

        @Override
        public String toString() {
            return (absolute ? "/" : "") + String.join("/", names);
        }
    }

    private final class Provider extends FileSystemProvider {
        @Override
        public String getScheme() {
            return "disk";
        }

        @Override
        public FileSystem newFileSystem(URI uri, Map<String, ?> env) {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileSystem getFileSystem(URI uri) {
            return DiskFiles.this;
        }

        @Override
        public Path getPath(URI uri) {
            return DiskFiles.this.getPath(uri.getPath());
        }

        @Override
        public SeekableByteChannel newByteChannel(
                Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
                throws IOException {
            return newFileChannel(path, options, attributes);
        }

        @Override
        public FileChannel newFileChannel(
                Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
                throws IOException {
            var names = names(path);
            if (options.contains(StandardOpenOption.WRITE)) {
                if (!options.contains(StandardOpenOption.TRUNCATE_EXISTING)
                        || !options.contains(StandardOpenOption.CREATE)) {
                    throw new UnsupportedOperationException();
                }
                edge.write("open " + path, () -> disk.truncate(names));
            } else {
                edge.read();
                if (!disk.isDirectory(names) && !disk.isFile(names)) {
                    throw new NoSuchFileException(path.toString());
                }
            }
            return new DiskChannel(names);
        }

        @Override
        public DirectoryStream<Path> newDirectoryStream(
                Path path, DirectoryStream.Filter<? super Path> filter) throws IOException {
            edge.read();
            var found = new ArrayList<Path>();
            for (var name : disk.list(names(path))) {
                var entry = path.resolve(name);
                if (filter.accept(entry)) {
                    found.add(entry);
                }
            }
            return new DirectoryStream<>() {
                @Override
                public Iterator<Path> iterator() {
                    return found.iterator();
                }

                @Override
                public void close() {}
            };
        }

        @Override
        public void createDirectory(Path path, FileAttribute<?>... attributes) throws IOException {
            edge.write("mkdir " + path, () -> disk.makeDirectory(names(path)));
        }

        @Override
        public void delete(Path path) throws IOException {
            edge.write("delete " + path, () -> disk.delete(names(path)));
        }

        @Override
        public void copy(Path source, Path target, CopyOption... options) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void move(Path source, Path target, CopyOption... options) throws IOException {
            edge.write("rename to " + target, () -> disk.rename(names(source), names(target)));
        }

        @Override
        public boolean isSameFile(Path path, Path other) {
            return names(path).equals(names(other));
        }

        @Override
        public boolean isHidden(Path path) {
            return false;
        }

        @Override
        public FileStore getFileStore(Path path) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void checkAccess(Path path, AccessMode... modes) throws IOException {
            edge.read();
            if (!disk.isDirectory(names(path)) && !disk.isFile(names(path))) {
                throw new NoSuchFileException(path.toString());
            }
        }

        @Override
        public <V extends FileAttributeView> @Nullable V getFileAttributeView(
                Path path, Class<V> type, LinkOption... options) {
            return null;
        }

        @Override
        public <A extends BasicFileAttributes> A readAttributes(
                Path path, Class<A> type, LinkOption... options) throws IOException {
            checkAccess(path);
            return type.cast(new Attributes(disk.isDirectory(names(path))));
        }

        @Override
        public Map<String, Object> readAttributes(
                Path path, String attributes, LinkOption... options) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void setAttribute(Path path, String attribute, Object value, LinkOption... options) {
            throw new UnsupportedOperationException();
        }
    }

    private record Attributes(boolean isDirectory) implements BasicFileAttributes {
        private static final FileTime TIME = FileTime.fromMillis(0);

        @Override
        public FileTime lastModifiedTime() {
            return TIME;
        }

        @Override
        public FileTime lastAccessTime() {
            return TIME;
        }

        @Override
        public FileTime creationTime() {
            return TIME;
        }

        @Override
        public boolean isRegularFile() {
            return !isDirectory;
        }

        @Override
        public boolean isSymbolicLink() {
            return false;
        }

        @Override
        public boolean isOther() {
            return false;
        }

        @Override
        public long size() {
            return 0;
        }

        @Override
        public @Nullable Object fileKey() {
            return null;
        }
    }

    /// Reads from the start, or writes at the end.
    private final class DiskChannel extends FileChannel {
        private final List<String> names;
        private int position;

        DiskChannel(List<String> names) {
            this.names = names;
        }

        @Override
        public int read(ByteBuffer target) throws IOException {
            var content = disk.read(names);
            if (position >= content.length) {
                return -1;
            }
            var length = Math.min(target.remaining(), content.length - position);
            target.put(content, position, length);
            position += length;
            return length;
        }

        @Override
        public int write(ByteBuffer source) throws IOException {
            var bytes = new byte[source.remaining()];
            source.get(bytes);
            edge.write("write", () -> disk.append(names, bytes));
            position += bytes.length;
            return bytes.length;
        }

        @Override
        public void force(boolean metaData) throws IOException {
            edge.write("sync /" + String.join("/", names), () -> disk.sync(names));
        }

        @Override
        public long size() throws IOException {
            return disk.read(names).length;
        }

        @Override
        public long position() {
            return position;
        }

        @Override
        public FileChannel position(long newPosition) {
            position = Math.toIntExact(newPosition);
            return this;
        }

        @Override
        protected void implCloseChannel() {}

        @Override
        public long read(ByteBuffer[] targets, int offset, int length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long write(ByteBuffer[] sources, int offset, int length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileChannel truncate(long size) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long transferTo(long from, long count, WritableByteChannel target) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long transferFrom(ReadableByteChannel source, long to, long count) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int read(ByteBuffer target, long from) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int write(ByteBuffer source, long to) {
            throw new UnsupportedOperationException();
        }

        @Override
        public MappedByteBuffer map(MapMode mode, long from, long size) {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileLock lock(long from, long size, boolean shared) {
            throw new UnsupportedOperationException();
        }

        @Override
        public @Nullable FileLock tryLock(long from, long size, boolean shared) {
            return null;
        }
    }
}
