package io.xinglin.log;

/// What an entry of the log is evidence of. It is the only thing an entry says in clear.
public enum EntryKind {
    /// A version of a resource was stored.
    WRITE,
    /// Something was read.
    DISCLOSURE,
    /// A read was refused.
    REFUSAL,
    /// A consent was granted or withdrawn.
    CONSENT,
    /// Something became of a patient's wish to have their record erased.
    ERASURE
}
