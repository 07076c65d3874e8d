package io.xinglin.contracts;

import java.util.UUID;

/// Where facts are on the ledger: one key a fact.
public final class StateKeys {
    /// That the ledger was founded.
    public static final String FOUNDING = "founding";

    /// What all members begin with.
    public static final String MEMBERS = "member/";

    /// What all transaction ids begin with.
    public static final String TRANSACTIONS = "tx/";

    private static final int SIZE_DIGITS = 16;

    private StateKeys() {}

    /// What kind of fact a key or prefix is about: its first word, which tells nothing about anyone.
    public static String kind(String key) {
        var end = key.indexOf('/');
        return end < 0 ? key : key.substring(0, end);
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
        return "admitted/" + id;
    }

    /// A [Member].
    public static String member(MemberId id) {
        return MEMBERS + id;
    }

    /// A [RegisteredKey].
    public static String key(KeyId id) {
        return "key/" + id;
    }

    /// A [ConsentFact].
    public static String consent(UUID id) {
        return "consent/" + id;
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
