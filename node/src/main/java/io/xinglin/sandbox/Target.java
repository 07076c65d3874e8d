package io.xinglin.sandbox;

import io.xinglin.contracts.MemberId;
import java.util.Optional;

/// Something stored on the copy, of which one byte can be changed.
///
/// @param kind what it is
/// @param member whose it is; empty for the ledger, which is everyone's
/// @param number the record's or the entry's, or the block's
/// @param name the file, the column, or the state key
record Target(Kind kind, Optional<MemberId> member, long number, String name) {
    /// What can be changed, in the order it is offered.
    enum Kind {
        /// A sealed record in its owner's database.
        RECORD,
        /// A row of a log in its owner's database.
        ENTRY,
        /// A public file with the entries of a log.
        BUNDLE,
        /// A public file with the hashes of a log's tree.
        TILE,
        /// The public file with the signed size of a log.
        CHECKPOINT,
        /// A column of a block's header.
        BLOCK,
        /// A signed transaction in a block.
        TRANSACTION,
        /// A fact: what is valid now, after all blocks.
        FACT
    }

    /// @param number of the laboratory result
    static Target ofRecord(MemberId member, long number) {
        return new Target(Kind.RECORD, Optional.of(member), number, "");
    }

    static Target entry(MemberId member, long index) {
        return new Target(Kind.ENTRY, Optional.of(member), index, "");
    }

    static Target file(Kind kind, MemberId member, String name) {
        return new Target(kind, Optional.of(member), 0, name);
    }

    static Target ofLedger(Kind kind, long number, String name) {
        return new Target(kind, Optional.empty(), number, name);
    }

    /// Whether it is part of a log, or what an entry of it is about.
    boolean isInLog() {
        return member.isPresent();
    }
}
