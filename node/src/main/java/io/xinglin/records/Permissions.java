package io.xinglin.records;

import io.xinglin.consent.AccessDecision;
import io.xinglin.consent.AccessDecision.DenialReason;
import io.xinglin.consent.AccessDecision.Deny;
import io.xinglin.consent.AccessDecision.Ground;
import io.xinglin.consent.AccessDecision.Permit;
import io.xinglin.consent.RecordCategory;
import io.xinglin.consent.SensitivityClass;
import io.xinglin.contracts.MemberId;
import io.xinglin.identity.Caller;
import io.xinglin.identity.PatientId;
import io.xinglin.records.AccessEvent.Interaction;
import io.xinglin.records.Compartment.Owner;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.stereotype.Component;

/// What a caller may see of an owner's resources. To be asked inside the transaction that reads; what is refused is recorded.
@Component
class Permissions {
    private final Disclosures disclosures;
    private final Shut shut;

    Permissions(Disclosures disclosures, Shut shut) {
        this.disclosures = disclosures;
        this.shut = shut;
    }

    /// Whether this record is only stored, and not to be shown to this caller, whatever else says that it may be.
    boolean isShut(Caller caller, Owner owner) {
        return shut.isFor(caller, owner);
    }

    static void guard(Caller caller, MemberId custodian) {
        if (!caller.custodian().equals(custodian)) {
            throw Outcomes.forbidden("This token is for another organisation.");
        }
    }

    static boolean isInsider(Caller caller) {
        return switch (caller) {
            case Caller.Staff _, Caller.Service _ -> true;
            case Caller.Patient _, Caller.Peer _ -> false;
        };
    }

    /// What may be read of an owner; empty if nothing, which is then recorded.
    Optional<Permit> of(
            Caller caller,
            Owner owner,
            Interaction interaction,
            String type,
            Set<RecordCategory> asked) {
        var patient = owner.patient();
        if (patient.isEmpty()) {
            if (isInsider(caller) || R4.isDirectory(type)) {
                return Optional.of(everything());
            }
            refused(caller, Optional.empty(), interaction, type);
            return Optional.empty();
        }
        if (isShut(caller, owner)) {
            disclosures.refused(caller, patient, interaction, type, DenialReason.RESTRICTED);
            return Optional.empty();
        }
        AccessDecision decision = disclosures.decide(caller, patient.get(), asked);
        return switch (decision) {
            case Permit permit -> Optional.of(permit);
            case Deny(var reason) -> {
                disclosures.refused(caller, patient, interaction, type, reason);
                yield Optional.empty();
            }
        };
    }

    /// The same of a patient whom nobody named: that a search through all records does not find theirs is no refusal.
    Optional<Permit> quietly(Caller caller, PatientId patient, Set<RecordCategory> asked) {
        return !isShut(caller, Owner.of(patient))
                        && disclosures.decide(caller, patient, asked) instanceof Permit permit
                ? Optional.of(permit)
                : Optional.empty();
    }

    static Permit everything() {
        return new Permit(
                List.of(
                        new Ground(
                                Set.of(RecordCategory.values()),
                                Set.of(SensitivityClass.values()),
                                Optional.empty())));
    }

    /// What the organisation says about itself is nobody's disclosure.
    ///
    /// @param versions their references
    void disclosed(
            Caller caller,
            Owner owner,
            Interaction interaction,
            String type,
            Permit permit,
            List<String> versions) {
        if (!R4.isDirectory(type)) {
            disclosures.disclosed(
                    caller,
                    owner.patient(),
                    interaction,
                    type,
                    permit.categories(),
                    versions,
                    permit.consents());
        }
    }

    /// There is nothing that the caller may know of.
    void refused(Caller caller, Optional<PatientId> patient, Interaction interaction, String type) {
        disclosures.refused(caller, patient, interaction, type, DenialReason.NO_CONSENT);
    }
}
