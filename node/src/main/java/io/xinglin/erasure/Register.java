package io.xinglin.erasure;

import io.xinglin.contracts.MemberId;
import io.xinglin.identity.Identities;
import io.xinglin.platform.NodeProperties;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/// The list of all that was erased, in a file beside the database, so that it does not go back in time with a database that is
/// restored. A line is durable before the first key is destroyed.
///
/// It names nobody: a patient is a token under a secret of the organisation, which also signs each line, so that nobody has
/// something erased by writing here.
///
/// `xinglin-erasure/v1 <organisation> <id of the erasure> <token> <HMAC of the line so far>`
@Component
class Register {
    private static final Logger LOG = LoggerFactory.getLogger(Register.class);
    private static final String FORM = "xinglin-erasure/v1";
    private static final HexFormat HEX = HexFormat.of();

    private final Path file;
    private final Identities identities;

    Register(ErasureProperties properties, NodeProperties node, Identities identities) {
        this.file =
                properties.register().isBlank()
                        ? node.data().resolve("erasures")
                        : Path.of(properties.register());
        this.identities = identities;
    }

    /// A line.
    @SuppressWarnings("ArrayRecordComponent") // Read and looked up, never compared.
    record Line(MemberId custodian, UUID erasure, byte[] patient) {
        private String text() {
            return String.join(
                    " ", FORM, custodian.value(), erasure.toString(), HEX.formatHex(patient));
        }
    }

    /// Adds a line, unless it is there. When this returns a power cut does not take it away.
    synchronized void add(Line line) {
        if (lines().stream().anyMatch(other -> other.erasure.equals(line.erasure))) {
            return;
        }
        // A line that a crash cut off is ended, and ignored ever after.
        var text = (isCutOff() ? "\n" : "") + line.text() + " " + HEX.formatHex(mac(line)) + "\n";
        try (var channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.APPEND)) {
            for (var rest = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
                    rest.hasRemaining(); ) {
                channel.write(rest);
            }
            channel.force(true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try (var directory =
                FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            directory.force(true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// All lines of organisations of this node. One that is not as this node wrote it is told in the log of the program, and does nothing.
    List<Line> lines() {
        try {
            return Files.exists(file)
                    ? Files.readAllLines(file, StandardCharsets.ISO_8859_1).stream()
                            .filter(text -> !text.isBlank())
                            .flatMap(text -> parse(text).stream())
                            .filter(signed -> identities.hosts(signed.line.custodian))
                            .filter(this::isOurs)
                            .map(Signed::line)
                            .toList()
                    : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean isCutOff() {
        try {
            if (!Files.exists(file)) {
                return false;
            }
            var bytes = Files.readAllBytes(file);
            return bytes.length > 0 && bytes[bytes.length - 1] != '\n';
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] mac(Line line) {
        return identities.mac(
                line.custodian,
                "erasure/register",
                line.text().getBytes(StandardCharsets.US_ASCII));
    }

    @SuppressWarnings("ArrayRecordComponent") // Compared in constant time.
    private record Signed(Line line, byte[] mac) {}

    private boolean isOurs(Signed signed) {
        if (MessageDigest.isEqual(mac(signed.line), signed.mac)) {
            return true;
        }
        LOG.warn("a line of the register of erasures is not this node's: {}", signed.line.erasure);
        return false;
    }

    private static Optional<Signed> parse(String text) {
        var parts = text.split(" ", -1);
        try {
            if (parts.length == 5 && parts[0].equals(FORM)) {
                return Optional.of(
                        new Signed(
                                new Line(
                                        new MemberId(parts[1]),
                                        UUID.fromString(parts[2]),
                                        HEX.parseHex(parts[3])),
                                HEX.parseHex(parts[4])));
            }
        } catch (IllegalArgumentException _) {
            // Told below.
        }
        LOG.warn("a line of the register of erasures is not understood");
        return Optional.empty();
    }
}
