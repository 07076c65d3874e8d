package io.xinglin.contracts;

/// Grant, withdraw.
final class ConsentContract {
    private ConsentContract() {}

    static void grant(ConsentCommand.Grant command, RegisteredKey signer, ContractContext context) {
        requirePatient(signer);
        if (!signer.member().equals(command.custodian())) {
            throw new ContractViolation(
                    ViolationCode.NOT_PERMITTED, "The key is not registered at this custodian.");
        }
        if (!command.notAfter().isAfter(context.txTime())) {
            throw new ContractViolation(
                    ViolationCode.BAD_ARGUMENTS, "The consent would be over already.");
        }
        var key = StateKeys.consent(command.consent());
        if (!context.isNew(key)) {
            throw new ContractViolation(
                    ViolationCode.ALREADY_EXISTS, "A consent of this id is on the ledger already.");
        }
        var consent =
                new ConsentFact(
                        command.consent(),
                        command.custodian(),
                        signer.subject(),
                        command.commitment(),
                        command.notAfter(),
                        false);
        context.put(key, consent.toJson());
    }

    static void withdraw(
            ConsentCommand.Withdraw command, RegisteredKey signer, ContractContext context) {
        requirePatient(signer);
        var key = StateKeys.consent(command.consent());
        var consent =
                context.get(key)
                        .map(ConsentFact::parse)
                        .orElseThrow(
                                () ->
                                        new ContractViolation(
                                                ViolationCode.UNKNOWN_CONSENT,
                                                "No consent of this id is on the ledger."));
        if (!consent.subject().equals(signer.subject())) {
            throw new ContractViolation(
                    ViolationCode.NOT_PERMITTED, "Only the patient who granted it may withdraw.");
        }
        if (consent.withdrawn()) {
            throw new ContractViolation(
                    ViolationCode.CONSENT_WITHDRAWN, "The consent was withdrawn before.");
        }
        context.put(key, consent.withdraw().toJson());
    }

    private static void requirePatient(RegisteredKey signer) {
        if (signer.kind() != KeyKind.PATIENT) {
            throw new ContractViolation(
                    ViolationCode.NOT_PERMITTED, "Only a patient's own key may do this.");
        }
    }
}
