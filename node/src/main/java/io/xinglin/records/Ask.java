package io.xinglin.records;

import java.util.Optional;

/// What an entry of a bundle asks for.
sealed interface Ask permits Change, Ask.Get {

    /// What to call it in an error: `entry 3`.
    String where();

    /// To read something, once all changes are made.
    ///
    /// @param url what, relative to the organisation's base
    /// @param withBody whether the resource is wanted, or only what is said of it
    /// @param ifNoneMatch the versions that need not be sent again
    record Get(String where, String url, boolean withBody, Optional<String> ifNoneMatch)
            implements Ask {}

    /// A sentence about it.
    default String says(String what) {
        return Character.toUpperCase(where().charAt(0)) + where().substring(1) + " " + what;
    }
}
