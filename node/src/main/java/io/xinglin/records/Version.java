package io.xinglin.records;

import io.xinglin.log.Opening;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import tools.jackson.databind.json.JsonMapper;

/// One version of a resource in clear: its JSON exactly as it is answered, who wrote it, and the salt of its commitment. A
/// deletion is a version too, without JSON.
///
/// It exists in memory only, between sealing and answering.
final class Version {
    static final int SALT_BYTES = 32;

    private final VersionId id;
    private final Instant written;
    private final String author;
    private final byte[] salt;
    private final byte[] json;

    /// @param author who wrote it: `Practitioner/12`, `system sample-loader`
    /// @param json not copied; nobody changes it
    Version(VersionId id, Instant written, String author, byte[] salt, byte[] json) {
        this.id = id;
        this.written = written;
        this.author = author;
        this.salt = salt;
        this.json = json;
    }

    VersionId id() {
        return id;
    }

    Instant written() {
        return written;
    }

    String author() {
        return author;
    }

    byte[] salt() {
        return salt;
    }

    /// Whether the resource was deleted by it: then there is no content.
    boolean isDeletion() {
        return json.length == 0;
    }

    /// The resource, UTF-8. Not copied; nobody changes it.
    byte[] json() {
        return json;
    }

    /// What the log commits to for this version.
    Opening opening() {
        var statement = new LinkedHashMap<String, String>();
        statement.put("kind", "write");
        statement.put("org", id.resource().custodian().value());
        statement.put("resource", id.resource().reference());
        statement.put("version", Integer.toString(id.number()));
        statement.put("time", written.toString());
        statement.put("author", author);
        if (isDeletion()) {
            statement.put("action", "deleted");
        } else {
            statement.put("sha256", Base64.getEncoder().encodeToString(sha256(json)));
        }
        return Opening.of(
                salt,
                JsonMapper.shared().writeValueAsString(statement).getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 does not work here", e);
        }
    }

    @Override
    public String toString() {
        return "Version[" + id + ", redacted]";
    }
}
