package io.xinglin.identity;

/// This node keeps no key of this organisation, patient or practitioner.
public final class UnknownKeyHolder extends RuntimeException {
    private static final long serialVersionUID = 1;

    UnknownKeyHolder(KeyHolder holder) {
        super("this node keeps no key of a " + kind(holder) + " of " + holder.member());
    }

    // Not the id of a patient: messages end up in logs.
    private static String kind(KeyHolder holder) {
        return switch (holder) {
            case KeyHolder.Organisation _ -> "member";
            case KeyHolder.Patient _ -> "patient";
            case KeyHolder.Practitioner _ -> "practitioner";
        };
    }
}
