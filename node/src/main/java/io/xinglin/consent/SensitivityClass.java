package io.xinglin.consent;

/// How sensitive a part of a record is; each class of a patient is sealed under keys of its own.
public enum SensitivityClass {
    /// Everything without a more specific label.
    GENERAL,
    /// Mental health (label `PSY`).
    MENTAL_HEALTH,
    /// Sexual and reproductive health, HIV (labels `SEX`, `HIV`, `STD`).
    SEXUAL_HEALTH,
    /// Genetics (label `GDIS`).
    GENETICS,
    /// Addiction (labels `ETH`, `SUD`, `ALC`, `OPIOIDUD`).
    ADDICTION,
    /// Labelled restricted (`R`, `V`), or with a label that is not known here.
    RESTRICTED
}
