package io.xinglin.erasure;

/// What has become of a patient's wish to have their record erased.
enum Status {
    /// The privacy officer is to decide.
    REQUESTED,
    /// The officer said no, and why.
    REFUSED,
    /// The law demands that the record is kept; it is only stored.
    RESTRICTED,
    /// It is decided, and being done: nothing takes it back.
    ERASING,
    ERASED,
    /// The patient took it back.
    WITHDRAWN;

    /// Whether it may be decided on.
    boolean isOpen() {
        return this == REQUESTED || this == RESTRICTED;
    }
}
