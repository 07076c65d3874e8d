package io.xinglin.identity;

/// Why someone reads.
///
/// @spec https://terminology.hl7.org/ValueSet-v3-PurposeOfUse.html HL7 v3 PurposeOfUse
public enum PurposeOfUse {
    /// Treatment.
    TREAT,
    /// Emergency treatment.
    ETREAT,
    /// Healthcare payment.
    HPAYMT,
    /// Healthcare operations.
    HOPERAT,
    /// Healthcare research.
    HRESCH,
    /// At the patient's own request.
    PATRQT
}
