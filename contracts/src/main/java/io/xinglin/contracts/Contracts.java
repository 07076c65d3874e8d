package io.xinglin.contracts;

import java.time.Duration;
import java.util.function.Function;

/// Runs transactions: the one place where a signature becomes a permission.
///
/// In this order: the transaction is for this ledger, in time, not seen before, for the version of its contract that the
/// ledger runs, signed by a key that is active on this ledger and not of a suspended organisation (or, for three functions,
/// by the key it brings along); then its contract decides. The first rule broken is thrown as a
/// [ContractViolation]; then nothing that was written counts.
public final class Contracts {
    /// How far away a transaction's not-after may be, so that ids need not be remembered for ever.
    public static final Duration LIFETIME_MAX = Duration.ofDays(1);

    private final SignatureVerifier signatures;
    private final Function<String, RegisteredKey> keyReader;

    /// The rules, with this way of checking signatures.
    public Contracts(SignatureVerifier signatures) {
        this(signatures, RegisteredKey::parse);
    }

    /// The rules, for those who remember the keys they read.
    ///
    /// @param keyReader gives what [RegisteredKey#parse] gives
    public Contracts(SignatureVerifier signatures, Function<String, RegisteredKey> keyReader) {
        this.signatures = signatures;
        this.keyReader = keyReader;
    }

    /// Applies a transaction to the state that `context` shows.
    public void apply(SignedTransaction transaction, ContractContext context) {
        requireInPlace(transaction, context);
        requireInTime(transaction, context);
        burn(transaction, context);
        ContractVersions.requireInForce(transaction, context);
        switch (transaction.command()) {
            case MembershipCommand.Found command -> {
                requireSignature(transaction, command.key());
                MembershipContract.found(command, context);
            }
            case MembershipCommand.Join command -> {
                requireSignature(transaction, command.key());
                MembershipContract.join(command, transaction.version(), context);
            }
            case MembershipCommand.Update command ->
                    MembershipContract.update(
                            command, transaction.version(), signer(transaction, context), context);
            case KeysCommand.Register command -> {
                requireSignature(transaction, command.key());
                keys().register(command, context);
            }
            case KeysCommand.Rotate command ->
                    keys().rotate(command, signer(transaction, context), context);
            case KeysCommand.Revoke command ->
                    keys().revoke(command, signer(transaction, context), context);
            case ConsentCommand.Grant command ->
                    ConsentContract.grant(command, signer(transaction, context), context);
            case ConsentCommand.Withdraw command ->
                    ConsentContract.withdraw(command, signer(transaction, context), context);
            case AnchorCommand.Checkpoint command ->
                    new AnchorContract(signatures)
                            .checkpoint(
                                    command,
                                    transaction.version(),
                                    signer(transaction, context),
                                    context);
            case GovernanceCommand.Propose command ->
                    GovernanceContract.propose(
                            command, transaction.version(), signer(transaction, context), context);
            case GovernanceCommand.Vote command ->
                    GovernanceContract.vote(command, signer(transaction, context), context);
            case GovernanceCommand.Decide command ->
                    GovernanceContract.decide(command, signer(transaction, context), context);
        }
    }

    private KeysContract keys() {
        return new KeysContract(signatures);
    }

    private static void requireInPlace(SignedTransaction transaction, ContractContext context) {
        if (!transaction.ledger().equals(context.ledger())) {
            throw new ContractViolation(
                    ViolationCode.WRONG_LEDGER, "This ledger is " + context.ledger() + ".");
        }
        if (!transaction.id().equals(context.txId())) {
            throw new IllegalArgumentException("the context is for another transaction");
        }
    }

    private static void requireInTime(SignedTransaction transaction, ContractContext context) {
        if (context.txTime().isAfter(transaction.notAfter())) {
            throw new ContractViolation(ViolationCode.EXPIRED, "The not-after has passed.");
        }
        if (transaction.notAfter().isAfter(context.txTime().plus(LIFETIME_MAX))) {
            throw new ContractViolation(
                    ViolationCode.LIFETIME_TOO_LONG, "The not-after is more than a day away.");
        }
    }

    private static void burn(SignedTransaction transaction, ContractContext context) {
        var key = StateKeys.transaction(transaction.id());
        if (!context.isNew(key)) {
            throw new ContractViolation(
                    ViolationCode.REPLAYED, "This transaction is on the ledger already.");
        }
        context.put(
                key, JsonObject.with("notAfter", transaction.notAfter().getEpochSecond()).text());
    }

    /// The signer is never stated, it is whoever's registered key made the signature.
    private RegisteredKey signer(SignedTransaction transaction, ContractContext context) {
        var key = Keys.requireActive(transaction.signer(), context, keyReader);
        requireSignature(transaction, key.jwk());
        if (key.kind() != KeyKind.PATIENT) {
            MembershipContract.requireNotSuspended(key.member(), context);
        }
        return key;
    }

    private void requireSignature(SignedTransaction transaction, PublicJwk key) {
        if (!transaction.isSignedBy(key, signatures)) {
            throw new ContractViolation(
                    ViolationCode.BAD_SIGNATURE, "The signature is not by the key it names.");
        }
    }
}
