package io.xinglin.contracts;

import java.util.Arrays;
import java.util.Optional;

/// Why a transaction is refused: stable words that callers may rely on.
public enum ViolationCode {
    /// The bytes are not a transaction: not a compact JWS, not JSON, not in its one permitted form.
    MALFORMED("malformed"),
    /// Larger than a transaction may be.
    TOO_LARGE("too-large"),
    /// The JWS header holds something other than exactly `alg`, `kid` and `typ`, or a wrong one of them.
    BAD_HEADER("bad-header"),
    /// There is no such contract, function or version.
    UNKNOWN_FUNCTION("unknown-function"),
    /// An argument is missing, unknown or not in its form.
    BAD_ARGUMENTS("bad-arguments"),
    /// Made for another ledger.
    WRONG_LEDGER("wrong-ledger"),
    /// Its not-after has passed.
    EXPIRED("expired"),
    /// Its not-after is too far away.
    LIFETIME_TOO_LONG("lifetime-too-long"),
    /// This very transaction is on the ledger already.
    REPLAYED("replayed"),
    /// No key of this id is on the ledger.
    UNKNOWN_KEY("unknown-key"),
    /// The key was revoked, or rotated away.
    INACTIVE_KEY("inactive-key"),
    /// The signature is not by the key it names, or its algorithm is not the key's.
    BAD_SIGNATURE("bad-signature"),
    /// Made for another version of the contract than the ledger runs.
    WRONG_VERSION("wrong-version"),
    /// The members suspended the organisation that signs.
    SUSPENDED_MEMBER("suspended-member"),
    /// The signer may not do this.
    NOT_PERMITTED("not-permitted"),
    /// The ledger was founded already.
    ALREADY_FOUNDED("already-founded"),
    /// No member of this id is on the ledger.
    UNKNOWN_MEMBER("unknown-member"),
    /// The organisation is not suspended.
    NOT_SUSPENDED("not-suspended"),
    /// The organisation was not admitted, or not with this key.
    NOT_ADMITTED("not-admitted"),
    /// What is to be added is there already.
    ALREADY_EXISTS("already-exists"),
    /// Another member's log or witness has this key, or its log this origin.
    VERIFIER_KEY_TAKEN("verifier-key-taken"),
    /// No consent of this id is on the ledger.
    UNKNOWN_CONSENT("unknown-consent"),
    /// The consent was withdrawn before.
    CONSENT_WITHDRAWN("consent-withdrawn"),
    /// The voucher or proof inside is not by the right key, or about something else.
    BAD_VOUCHER("bad-voucher"),
    /// No proposal of this id is on the ledger.
    UNKNOWN_PROPOSAL("unknown-proposal"),
    /// The proposal has expired or is decided.
    PROPOSAL_CLOSED("proposal-closed"),
    /// Too few members have voted to say what became of the proposal.
    UNDECIDED("undecided"),
    /// Another root is anchored for this size: the log shows two histories.
    CONFLICTING_ROOT("conflicting-root");

    private final String word;

    ViolationCode(String word) {
        this.word = word;
    }

    /// The code with this word.
    public static Optional<ViolationCode> find(String word) {
        return Arrays.stream(values()).filter(code -> code.word.equals(word)).findFirst();
    }

    /// The word used in answers and problems.
    public String word() {
        return word;
    }
}
