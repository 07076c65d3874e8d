package io.xinglin.contracts;

import java.time.Instant;
import java.util.UUID;

/// Reads the small values of the ledger out of JSON.
final class Forms {
    private Forms() {}

    static MemberId member(JsonObject object, String name) {
        try {
            return new MemberId(object.string(name));
        } catch (IllegalArgumentException e) {
            throw JsonObject.bad(name, "is not a member id");
        }
    }

    static KeyId key(JsonObject object, String name) {
        try {
            return new KeyId(object.string(name));
        } catch (IllegalArgumentException e) {
            throw JsonObject.bad(name, "is not a key id");
        }
    }

    static UUID uuid(JsonObject object, String name) {
        return UUID.fromString(object.string(name, Patterns.UUID));
    }

    /// Seconds since 1970, up to the year 9999.
    static Instant time(JsonObject object, String name) {
        var seconds = object.whole(name);
        if (seconds < 0 || seconds > 253_402_300_799L) {
            throw JsonObject.bad(name, "is not a time in seconds since 1970");
        }
        return Instant.ofEpochSecond(seconds);
    }

    /// Bytes of exactly this length, base64url.
    static String bytes(JsonObject object, String name, int length) {
        var text = object.string(name);
        if (Base64Url.decode(text).filter(bytes -> bytes.length == length).isEmpty()) {
            throw JsonObject.bad(name, "is not " + length + " bytes in base64url");
        }
        return text;
    }
}
