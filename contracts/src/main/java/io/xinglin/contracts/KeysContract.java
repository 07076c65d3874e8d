package io.xinglin.contracts;

/// Register, rotate, revoke.
final class KeysContract {
    private final SignatureVerifier signatures;

    KeysContract(SignatureVerifier signatures) {
        this.signatures = signatures;
    }

    void register(KeysCommand.Register command, ContractContext context) {
        var kid = command.key().keyId();
        var voucher = voucher(command, context);
        if (!voucher.kid().equals(kid) || !voucher.ledger().equals(context.ledger())) {
            throw badVoucher("The voucher is for another key or another ledger.");
        }
        Keys.requireNew(kid, context);
        Keys.put(RegisteredKey.first(command.key(), voucher.member(), voucher.kind()), context);
    }

    private Voucher voucher(KeysCommand.Register command, ContractContext context) {
        var jws = CompactJws.parse(command.voucher(), Voucher.TYPE, Voucher.LENGTH_MAX);
        var voucher = Voucher.of(jws);
        var voucherKey = Keys.requireActive(jws.signer(), context);
        MembershipContract.requireNotSuspended(voucherKey.member(), context);
        if (!voucherKey.isOf(voucher.member()) || !jws.isSignedBy(voucherKey.jwk(), signatures)) {
            throw badVoucher("The voucher is not signed by the member it names.");
        }
        return voucher;
    }

    void rotate(KeysCommand.Rotate command, RegisteredKey signer, ContractContext context) {
        var jws = CompactJws.parse(command.proof(), RotationProof.TYPE, RotationProof.LENGTH_MAX);
        if (!jws.isSignedBy(command.key(), signatures)) {
            throw badVoucher("The proof is not signed by the new key.");
        }
        if (!RotationProof.of(jws).equals(new RotationProof(context.ledger(), signer.id()))) {
            throw badVoucher("The proof is for another key or another ledger.");
        }
        Keys.requireNew(command.key().keyId(), context);
        Keys.put(signer.with(KeyStatus.ROTATED), context);
        Keys.put(signer.succeededBy(command.key()), context);
    }

    void revoke(KeysCommand.Revoke command, RegisteredKey signer, ContractContext context) {
        var key = Keys.require(command.kid(), context);
        if (!key.subject().equals(signer.subject()) && !signer.isOf(key.member())) {
            throw new ContractViolation(
                    ViolationCode.NOT_PERMITTED,
                    "Only its owner or its organisation may revoke a key.");
        }
        if (key.status() == KeyStatus.REVOKED) {
            throw new ContractViolation(ViolationCode.INACTIVE_KEY, "The key is revoked already.");
        }
        Keys.put(key.with(KeyStatus.REVOKED), context);
    }

    private static ContractViolation badVoucher(String message) {
        return new ContractViolation(ViolationCode.BAD_VOUCHER, message);
    }
}
