package io.xinglin.records;

import io.xinglin.consent.AccessDecision.Permit;
import io.xinglin.identity.Aead;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/// A file of sealed frames, each a piece of one of the texts that a job keeps, in one go for the disk.
///
/// ```
/// frame   = length (4) | text (4) | IV, ciphertext, tag of AES-256-GCM
/// content = owner length (2) | owner | labels (2) | (category, classes) each (1, 1) | length (4) | lines, deflated
/// ```
/// Bound beside it: the text's number, and where in the file the frame begins. What was written after the last length that the
/// database knows is not there: a killed node left it.
final class SealedFrames implements Closeable {
    private static final int HEAD = 8;
    private static final int FRAME_MAX = 256 << 20;

    private final FileChannel channel;
    private final Aead aead;
    private long at;

    private SealedFrames(FileChannel channel, Aead aead, long at) {
        this.channel = channel;
        this.aead = aead;
        this.at = at;
    }

    /// To go on writing after so many bytes; what comes after them is cut off.
    static SealedFrames append(Path file, Aead aead, long bytes) throws IOException {
        Files.createDirectories(file.getParent());
        var channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
        if (channel.size() < bytes) {
            channel.close();
            throw new IOException("a file of a job is shorter than it was");
        }
        channel.truncate(bytes);
        return new SealedFrames(channel, aead, bytes);
    }

    /// To read so many bytes.
    static SealedFrames read(Path file, Aead aead) throws IOException {
        return new SealedFrames(FileChannel.open(file, StandardOpenOption.READ), aead, 0);
    }

    /// A label of what is in a frame: who reads it needs consent to that.
    record Label(int category, int classes) {
        boolean isCoveredBy(Permit permit) {
            return permit.covers(Categories.category(category), Categories.classes(classes));
        }
    }

    /// @param owner whose it is; empty if nobody's
    /// @param lines not copied
    @SuppressWarnings("ArrayRecordComponent") // Written or sent at once, never compared.
    record Frame(String owner, Set<Label> labels, byte[] lines) {
        @Override
        public String toString() {
            return "Frame[redacted]";
        }
    }

    void write(int text, Frame frame) throws IOException {
        var sealed = aead.seal(encoded(frame), place(text, at));
        var whole = ByteBuffer.allocate(HEAD + sealed.length);
        whole.putInt(sealed.length).putInt(text).put(sealed).flip();
        var position = at;
        while (whole.hasRemaining()) {
            position += channel.write(whole, position);
        }
        at = position;
    }

    /// How long the file is; all of that is on the disk when this returns.
    long durable() throws IOException {
        channel.force(false);
        return at;
    }

    /// What takes frames.
    interface Taker {
        void take(Frame frame) throws IOException;
    }

    /// Hands on the frames of one text.
    ///
    /// @param bytes how long the file is
    void each(int text, long bytes, Taker taker) throws IOException {
        for (var next = next(text, 0, bytes); next.isPresent(); ) {
            taker.take(next.get().frame());
            next = next(text, next.get().end(), bytes);
        }
    }

    /// A frame, and where the next one begins.
    record Next(Frame frame, long end) {}

    /// The first frame of a text at this place or after it.
    ///
    /// @param bytes how long the file is
    Optional<Next> next(int text, long from, long bytes) throws IOException {
        var head = ByteBuffer.allocate(HEAD);
        for (var begin = from; begin < bytes; ) {
            fill(head.clear(), begin);
            var length = length(head, begin, bytes);
            var of = head.getInt();
            var end = begin + HEAD + length;
            if (of == text) {
                return Optional.of(new Next(frame(text, begin, length), end));
            }
            begin = end;
        }
        return Optional.empty();
    }

    private static int length(ByteBuffer head, long begin, long bytes) throws IOException {
        var length = head.getInt();
        if (length < 0 || length > FRAME_MAX || begin + HEAD + length > bytes) {
            throw new IOException("a file of a job is not as it was written");
        }
        return length;
    }

    private Frame frame(int text, long begin, int length) throws IOException {
        var sealed = ByteBuffer.allocate(length);
        fill(sealed, begin + HEAD);
        return decoded(aead.open(sealed.array(), place(text, begin)));
    }

    private void fill(ByteBuffer buffer, long from) throws IOException {
        for (var position = from; buffer.hasRemaining(); ) {
            var read = channel.read(buffer, position);
            if (read < 0) {
                throw new IOException("a file of a job ends early");
            }
            position += read;
        }
        buffer.flip();
    }

    private static byte[][] place(int text, long begin) {
        return new byte[][] {
            ByteBuffer.allocate(Integer.BYTES + Long.BYTES).putInt(text).putLong(begin).array()
        };
    }

    private static byte[] encoded(Frame frame) {
        var owner = frame.owner().getBytes(StandardCharsets.UTF_8);
        var lines = deflate(frame.lines());
        var content =
                ByteBuffer.allocate(
                        2 + owner.length + 2 + 2 * frame.labels().size() + 4 + lines.length);
        content.putShort((short) owner.length).put(owner).putShort((short) frame.labels().size());
        frame.labels()
                .forEach(label -> content.put((byte) label.category()).put((byte) label.classes()));
        return content.putInt(frame.lines().length).put(lines).array();
    }

    private static Frame decoded(byte[] bytes) throws IOException {
        var content = ByteBuffer.wrap(bytes);
        var owner = new byte[content.getShort()];
        content.get(owner);
        var labels = new HashSet<Label>();
        for (var left = content.getShort(); left > 0; left--) {
            labels.add(new Label(content.get(), content.get()));
        }
        return new Frame(new String(owner, StandardCharsets.UTF_8), labels, inflate(content));
    }

    private static byte[] deflate(byte[] lines) {
        try (var deflater = new Deflater(Deflater.BEST_SPEED, true)) {
            deflater.setInput(lines);
            deflater.finish();
            var out = new ByteArrayOutputStream(lines.length / 4 + 64);
            var buffer = new byte[8192];
            while (!deflater.finished()) {
                out.write(buffer, 0, deflater.deflate(buffer));
            }
            return out.toByteArray();
        }
    }

    private static byte[] inflate(ByteBuffer content) throws IOException {
        try (var inflater = new Inflater(true)) {
            var lines = new byte[content.getInt()];
            inflater.setInput(content);
            for (var read = 0; read < lines.length; ) {
                var count = inflater.inflate(lines, read, lines.length - read);
                if (count == 0) {
                    throw new IOException("a frame ends early");
                }
                read += count;
            }
            return lines;
        } catch (DataFormatException e) {
            throw new IOException("a frame is not as it was written", e);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
