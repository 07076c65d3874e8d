package io.xinglin.contracts;

import com.nimbusds.jose.JWSSigner;
import java.time.Instant;
import java.util.regex.Pattern;

/// A transaction: a [Command] signed by whoever acts, for one ledger, once, until a time.
///
/// It is well formed, that is all: whether the signature is right and the command permitted, [Contracts] decides with the
/// keys on the ledger. Two transactions are equal when their ids are, whatever their signatures.
public final class SignedTransaction {
    /// The `typ` of its JWS.
    public static final String TYPE = "xinglin-tx+jws";

    /// How long a transaction may be, in characters.
    public static final int LENGTH_MAX = 64 * 1024;

    static final Pattern LEDGER = Pattern.compile("[a-z0-9][a-z0-9.-]{0,62}");
    private static final int NONCE_LENGTH = 16;

    private final CompactJws jws;
    private final TransactionId id;
    private final String ledger;
    private final Command command;
    private final long version;
    private final Instant notAfter;

    private SignedTransaction(CompactJws jws) {
        var payload =
                jws.payload()
                        .only(
                                "ledger",
                                "contract",
                                "function",
                                "version",
                                "arguments",
                                "nonce",
                                "notAfter");
        Forms.bytes(payload, "nonce", NONCE_LENGTH);
        this.jws = jws;
        this.id = TransactionId.of(jws.signingInput());
        this.ledger = payload.string("ledger", LEDGER);
        this.notAfter = Forms.time(payload, "notAfter");
        this.command =
                Commands.read(
                        payload.string("contract", Patterns.NAME),
                        payload.string("function", Patterns.NAME),
                        payload.object("arguments"));
        this.version = payload.whole("version");
        ContractVersions.requireKnown(command.contract(), version);
    }

    /// Reads a transaction, throwing [ContractViolation] when it is not one.
    public static SignedTransaction parse(String jws) {
        return new SignedTransaction(CompactJws.parse(jws, TYPE, LENGTH_MAX));
    }

    /// Signs a command for the first version of its contract.
    public static SignedTransaction sign(
            String ledger,
            Command command,
            KeyId signer,
            JWSSigner jwsSigner,
            byte[] nonce,
            Instant notAfter) {
        return sign(ledger, command, 1, signer, jwsSigner, nonce, notAfter);
    }

    /// Signs a command.
    ///
    /// @param ledger the name of the ledger
    /// @param version the version of the contract
    /// @param signer the id of the signing key
    /// @param nonce 16 random bytes
    /// @param notAfter until when it may be ordered; less than a day away
    public static SignedTransaction sign(
            String ledger,
            Command command,
            long version,
            KeyId signer,
            JWSSigner jwsSigner,
            byte[] nonce,
            Instant notAfter) {
        var payload =
                JsonObject.with("ledger", ledger)
                        .with("contract", command.contract())
                        .with("function", command.function())
                        .with("version", version)
                        .with("arguments", JsonReader.object(command.argumentsJson()))
                        .with("nonce", Base64Url.encode(nonce))
                        .with("notAfter", notAfter.getEpochSecond())
                        .build();
        return new SignedTransaction(CompactJws.sign(payload, TYPE, signer, jwsSigner));
    }

    /// The compact JWS.
    public String jws() {
        return jws.text();
    }

    /// Its id.
    public TransactionId id() {
        return id;
    }

    /// The ledger it is for.
    public String ledger() {
        return ledger;
    }

    /// The key it says it is signed by.
    public KeyId signer() {
        return jws.signer();
    }

    /// What it asks for.
    public Command command() {
        return command;
    }

    /// The version of the contract it is made for.
    public long version() {
        return version;
    }

    /// Until when it may be ordered.
    public Instant notAfter() {
        return notAfter;
    }

    /// Whether `key` signed it, under the name it gives itself. Whether it may sign is another question.
    public boolean isSignedBy(PublicJwk key, SignatureVerifier signatures) {
        return jws.isSignedBy(key, signatures);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SignedTransaction transaction && id.equals(transaction.id);
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }

    @Override
    public String toString() {
        return command.contract() + "." + command.function() + " " + id;
    }
}
