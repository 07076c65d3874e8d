package io.xinglin.log;

/// What a commitment in the log commits to: a secret salt and the statement it hides.
///
/// The log holds `HMAC-SHA-256(salt, statement)`. Whoever is shown the opening can check it; whoever is not learns nothing.
/// Destroying the salt makes the entry meaningless for ever.
public final class Opening {
    private final byte[] salt;
    private final byte[] statement;

    private Opening(byte[] salt, byte[] statement) {
        this.salt = salt;
        this.statement = statement;
    }

    /// An opening with these 32 random bytes and this statement.
    public static Opening of(byte[] salt, byte[] statement) {
        if (salt.length != 32) {
            throw new IllegalArgumentException("a salt is 32 bytes");
        }
        return new Opening(salt.clone(), statement.clone());
    }

    /// The salt; whoever stores it seals it.
    public byte[] salt() {
        return salt.clone();
    }

    /// The statement, UTF-8 JSON.
    public byte[] statement() {
        return statement.clone();
    }

    @Override
    public String toString() {
        return "Opening[redacted]";
    }
}
