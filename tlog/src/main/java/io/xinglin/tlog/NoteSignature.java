package io.xinglin.tlog;

import java.nio.ByteBuffer;

/// One signature line of a note.
///
/// @spec https://c2sp.org/signed-note#signatures signed-note, Signatures
/// @param name whose key made it, as the line says
/// @param signature the base64 of the key id and the signature itself
public record NoteSignature(String name, String signature) {
    private static final String DASH = "\u2014 ";

    public NoteSignature {
        NoteName.checked(name);
        if (StrictBase64.decode(signature).length <= Integer.BYTES) {
            throw new MalformedLogData("a signature line lacks its signature");
        }
    }

    static NoteSignature of(String name, int keyId, byte[] signature) {
        var line = ByteBuffer.allocate(Integer.BYTES + signature.length);
        line.putInt(keyId).put(signature);
        return new NoteSignature(name, StrictBase64.encode(line.array()));
    }

    /// Reads a line, without its end.
    public static NoteSignature parse(String line) {
        var space = line.indexOf(' ', DASH.length());
        if (!line.startsWith(DASH) || space < 0) {
            throw new MalformedLogData("not a signature line");
        }
        return new NoteSignature(line.substring(DASH.length(), space), line.substring(space + 1));
    }

    /// Whether the line says that the key of this name and id made it.
    boolean claims(String key, int keyId) {
        return name.equals(key) && bytes().getInt() == keyId;
    }

    /// What stands behind the key id.
    byte[] payload() {
        var bytes = bytes().position(Integer.BYTES);
        var payload = new byte[bytes.remaining()];
        bytes.get(payload);
        return payload;
    }

    private ByteBuffer bytes() {
        return ByteBuffer.wrap(StrictBase64.decode(signature));
    }

    /// The line, without its end.
    @Override
    public String toString() {
        return DASH + name + " " + signature;
    }
}
