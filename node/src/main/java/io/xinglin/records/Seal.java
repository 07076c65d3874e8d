package io.xinglin.records;

import io.xinglin.consent.RecordCategory;
import io.xinglin.identity.Aead;
import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/// Seals versions of resources.
///
/// ```
/// sealed  = 1 (format) | IV, ciphertext, tag of AES-256-GCM
/// content = salt (32) | author length (2) | author | JSON length (4) | JSON, deflated
/// ```
/// The key is derived from the compartment's for this one version. Bound beside it: format, organisation, type, id, version,
/// owner, class, epoch, category. Whoever changes a byte, or moves a row to another place, patient or category, makes
/// [#open] fail. That a row was put back to what it once was is for the log to find.
final class Seal {
    private static final byte FORMAT = 1;
    private static final int JSON_BYTES_MAX = 256 << 20;

    private final SecureRandom random;

    Seal(SecureRandom random) {
        this.random = random;
    }

    byte[] seal(CompartmentKey key, RecordCategory category, Version version) {
        var author = version.author().getBytes(StandardCharsets.UTF_8);
        var json = deflate(version.json());
        var content =
                ByteBuffer.allocate(Version.SALT_BYTES + 2 + author.length + 4 + json.length)
                        .put(version.salt())
                        .putShort((short) author.length)
                        .put(author)
                        .putInt(version.json().length)
                        .put(json);
        var sealed =
                key.aead(version.id(), random)
                        .seal(content.array(), place(key.compartment(), category, version.id()));
        return ByteBuffer.allocate(1 + sealed.length).put(FORMAT).put(sealed).array();
    }

    /// @throws Aead.Tampered if it is not what was sealed for this place
    /// @throws UnknownFormat if it begins with another format
    Version open(
            CompartmentKey key,
            RecordCategory category,
            VersionId id,
            Instant written,
            byte[] sealed) {
        if (sealed.length == 0 || sealed[0] != FORMAT) {
            throw new UnknownFormat();
        }
        var content =
                ByteBuffer.wrap(
                        key.aead(id, random)
                                .open(
                                        Arrays.copyOfRange(sealed, 1, sealed.length),
                                        place(key.compartment(), category, id)));
        try {
            var salt = new byte[Version.SALT_BYTES];
            content.get(salt);
            var author = new byte[Short.toUnsignedInt(content.getShort())];
            content.get(author);
            return new Version(
                    id,
                    written,
                    new String(author, StandardCharsets.UTF_8),
                    salt,
                    inflate(content));
        } catch (BufferUnderflowException | DataFormatException e) {
            throw new IllegalStateException("what was sealed as " + id + " is not a version", e);
        }
    }

    private static byte[][] place(Compartment compartment, RecordCategory category, VersionId id) {
        return new byte[][] {
            {FORMAT},
            utf8(id.resource().custodian().value()),
            utf8(id.resource().type()),
            utf8(id.resource().id()),
            utf8(Integer.toString(id.number())),
            utf8(compartment.owner().id()),
            utf8(Integer.toString(compartment.purpose())),
            utf8(Integer.toString(compartment.epoch())),
            utf8(Integer.toString(Categories.code(category)))
        };
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] deflate(byte[] bytes) {
        try (var deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true)) {
            deflater.setInput(bytes);
            deflater.finish();
            var out = new ByteArrayOutputStream(bytes.length / 3 + 64);
            var buffer = new byte[8192];
            while (!deflater.finished()) {
                out.write(buffer, 0, deflater.deflate(buffer));
            }
            return out.toByteArray();
        }
    }

    private static byte[] inflate(ByteBuffer content) throws DataFormatException {
        var length = content.getInt();
        if (length < 0 || length > JSON_BYTES_MAX) {
            throw new DataFormatException("a resource of " + length + " bytes");
        }
        try (var inflater = new Inflater(true)) {
            inflater.setInput(content);
            var json = new byte[length];
            var read = 0;
            while (read < length) {
                var count = inflater.inflate(json, read, length - read);
                if (count == 0) {
                    throw new DataFormatException("the compressed JSON ends early");
                }
                read += count;
            }
            return json;
        }
    }

    /// The row was written by a later version of this program, or its first byte was changed.
    static final class UnknownFormat extends RuntimeException {
        private static final long serialVersionUID = 1;

        UnknownFormat() {
            super("sealed in a format this program does not know");
        }
    }
}
