package io.xinglin.contracts;

import java.util.regex.Pattern;

/// The forms of the small strings on the ledger.
final class Patterns {
    /// A word of the protocol.
    static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    /// A UUID in lower case.
    static final Pattern UUID =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    /// An address of a web service, without query or fragment.
    static final Pattern URL =
            Pattern.compile("https?://[A-Za-z0-9.:\\[\\]-]{1,200}(/[A-Za-z0-9._~/-]{0,200})?");

    /// The origin of a log: an address without scheme.
    static final Pattern ORIGIN =
            Pattern.compile("[A-Za-z0-9.:-]{1,200}(/[A-Za-z0-9._~/-]{0,200})?");

    /// A note verifier key: name, key id, and algorithm byte with key.
    ///
    /// @spec https://c2sp.org/signed-note#verifier-keys signed-note, Verifier keys
    static final Pattern VKEY =
            Pattern.compile("[^\\s+\\p{Cntrl}]{1,400}\\+[0-9a-f]{8}\\+[A-Za-z0-9+/]{1,100}={0,2}");

    /// A name for people: one line.
    static final Pattern TITLE = Pattern.compile("[^\\p{Cntrl}]{1,100}");

    private Patterns() {}
}
