package io.xinglin.contracts;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/// A signed note, as far as a ledger must read it: is it signed by this log?
///
/// @spec https://c2sp.org/signed-note C2SP signed-note
final class LogNote {
    private static final byte ED25519 = 1;
    private static final int KEY_ID_LENGTH = 4;
    private static final int KEY_LENGTH = 32;
    private static final int SIGNATURE_LENGTH = 64;

    private LogNote() {}

    /// Whether one of the note's signatures is by this Ed25519 key.
    ///
    /// @param vkey the key, `name+id+key`
    static boolean isSignedBy(String vkey, String note, SignatureVerifier signatures) {
        var name = vkey.substring(0, vkey.indexOf('+'));
        var rest = vkey.substring(name.length() + 1);
        var key = decode(rest.substring(rest.indexOf('+') + 1));
        if (key.length != 1 + KEY_LENGTH || key[0] != ED25519) {
            return false;
        }
        var keyId = keyId(name, key);
        if (!HexFormat.of().formatHex(keyId).equals(rest.substring(0, rest.indexOf('+')))) {
            return false;
        }
        var jwk = new PublicJwk.Ed25519(Base64Url.encode(Arrays.copyOfRange(key, 1, key.length)));
        var end = note.lastIndexOf("\n\n") + 1;
        var text = note.substring(0, end).getBytes(StandardCharsets.UTF_8);
        var begin = "\u2014 " + name + " ";
        return note.substring(end)
                .lines()
                .filter(line -> line.startsWith(begin))
                .map(line -> decode(line.substring(begin.length())))
                .filter(bytes -> bytes.length == KEY_ID_LENGTH + SIGNATURE_LENGTH)
                .filter(bytes -> Arrays.equals(Arrays.copyOf(bytes, KEY_ID_LENGTH), keyId))
                .map(bytes -> Arrays.copyOfRange(bytes, KEY_ID_LENGTH, bytes.length))
                .anyMatch(signature -> signatures.verify(jwk, text, signature));
    }

    private static byte[] keyId(String name, byte[] key) {
        var named = (name + "\n").getBytes(StandardCharsets.UTF_8);
        var bytes = Arrays.copyOf(named, named.length + key.length);
        System.arraycopy(key, 0, bytes, named.length, key.length);
        return Arrays.copyOf(Sha256.of(bytes), KEY_ID_LENGTH);
    }

    private static byte[] decode(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }
}
