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

    static NoteSignature of(NoteSigner signer, byte[] text) {
        var signature = signer.sign(text);
        var line = ByteBuffer.allocate(Integer.BYTES + signature.length);
        line.putInt(signer.keyId()).put(signature);
        return new NoteSignature(signer.name(), StrictBase64.encode(line.array()));
    }

    static NoteSignature parse(String line) {
        var space = line.indexOf(' ', DASH.length());
        if (!line.startsWith(DASH) || space < 0) {
            throw new MalformedLogData("not a signature line");
        }
        return new NoteSignature(line.substring(DASH.length(), space), line.substring(space + 1));
    }

    /// Whether the line says that this key made it.
    boolean claims(NoteVerifier key) {
        return name.equals(key.name()) && bytes().getInt() == key.keyId();
    }

    /// Whether this key did make it.
    boolean isBy(NoteVerifier key, byte[] text) {
        var bytes = bytes().position(Integer.BYTES);
        var rest = new byte[bytes.remaining()];
        bytes.get(rest);
        return key.accepts(text, rest);
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
