package io.xinglin.contracts;

import java.util.UUID;

/// Where facts are on the ledger: one key a fact.
public final class StateKeys {
    /// That the ledger was founded.
    public static final String FOUNDING = "founding";

    /// What all members begin with.
    public static final String MEMBERS = "member/";

    /// What all keys begin with.
    public static final String KEYS = "key/";

    /// What all consents begin with.
    public static final String CONSENTS = "consent/";

    /// What all transaction ids begin with.
    public static final String TRANSACTIONS = "tx/";

    /// What all proposals begin with.
    public static final String PROPOSALS = "proposal/";

    /// What the ids of all organisations that may join, or have joined, begin with.
    public static final String ADMISSIONS = "admitted/";

    /// What the ids of all suspended organisations begin with.
    public static final String SUSPENSIONS = "suspension/";

    /// What all parameters that were ever changed begin with.
    public static final String PARAMETERS = "parameter/";

    private static final int SIZE_DIGITS = 16;

    private StateKeys() {}

    /// What kind of fact a key or prefix is about: its first word, which tells nothing about anyone.
    public static String kind(String key) {
        var end = key.indexOf('/');
        return end < 0 ? key : key.substring(0, end);
    }

    /// Whether a key holds a rule that transactions are checked against whatever they are about; most such keys are absent.
    public static boolean isRule(String key) {
        return switch (kind(key)) {
            case "contract", "parameter", "suspension" -> true;
            default -> false;
        };
    }

    /// That a transaction is on the ledger.
    public static String transaction(TransactionId id) {
        return TRANSACTIONS + id;
    }

    /// The transaction that a key of [#TRANSACTIONS] is about.
    public static TransactionId transaction(String key) {
        return new TransactionId(key.substring(TRANSACTIONS.length()));
    }

    /// That an organisation may join.
    public static String admitted(MemberId id) {
        return ADMISSIONS + id;
    }

    /// That an organisation is suspended, while it is.
    public static String suspension(MemberId id) {
        return SUSPENSIONS + id;
    }

    /// A [Member].
    public static String member(MemberId id) {
        return MEMBERS + id;
    }

    /// Whose the log of this origin is.
    public static String log(String origin) {
        return "log/" + origin;
    }

    /// Whose log or witness the key of this SHA-256 is.
    public static String verifier(String sha256) {
        return "verifier/" + sha256;
    }

    /// A [RegisteredKey].
    public static String key(KeyId id) {
        return KEYS + id;
    }

    /// A [ConsentFact].
    public static String consent(UUID id) {
        return CONSENTS + id;
    }

    /// A [Proposal].
    public static String proposal(UUID id) {
        return PROPOSALS + id;
    }

    /// What all votes on a proposal begin with.
    public static String votes(UUID proposal) {
        return "vote/" + proposal + "/";
    }

    /// A [Ballot].
    public static String vote(UUID proposal, MemberId member) {
        return votes(proposal) + member;
    }

    /// A [Decision].
    public static String decision(UUID proposal) {
        return "decision/" + proposal;
    }

    /// The version a contract is run in, if not the first; see [ContractVersions].
    public static String contractVersion(String contract) {
        return "contract/" + contract;
    }

    /// The value of a [Parameter], if it was ever changed.
    public static String parameter(Parameter parameter) {
        return PARAMETERS + parameter.word();
    }

    /// What all anchors of an organisation begin with.
    public static String anchors(MemberId member) {
        return "anchor/" + member + "/";
    }

    /// An [Anchor]; sizes sort as text.
    public static String anchor(MemberId member, long size) {
        var digits = Long.toString(size);
        return anchors(member) + "0".repeat(SIZE_DIGITS - digits.length()) + digits;
    }
}
