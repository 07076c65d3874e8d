package io.xinglin.log;

import io.xinglin.contracts.MemberId;
import io.xinglin.tlog.CosignatureVerifier;
import io.xinglin.tlog.NoteVerifier;
import io.xinglin.tlog.SignedNote;
import java.util.List;
import java.util.Optional;

/// The members of the consortium as keepers of logs and as witnesses, as the ledger knows them.
interface Members {
    /// A member's log.
    ///
    /// @param member whose it is
    /// @param url where its checkpoint and tiles are
    /// @param key its name and its key
    record KnownLog(MemberId member, String url, NoteVerifier key) {
        String origin() {
            return key.name();
        }
    }

    /// A member as a witness.
    ///
    /// @param member who it is
    /// @param url where checkpoints are submitted
    /// @param key its name and its key
    record KnownWitness(MemberId member, String url, CosignatureVerifier key) {}

    /// All logs, by member.
    List<KnownLog> logs();

    /// All witnesses, by member, each key once.
    List<KnownWitness> witnesses();

    /// The checkpoint that a member anchored at this size, as it was submitted.
    Optional<SignedNote> anchored(MemberId member, long size);

    /// The largest checkpoint that a member anchored, as it was submitted.
    Optional<SignedNote> lastAnchored(MemberId member);

    /// The witnesses of a member's log: nobody witnesses their own.
    default List<KnownWitness> witnessesOf(MemberId log) {
        return witnesses().stream().filter(it -> !it.member().equals(log)).toList();
    }

    /// The log with this origin.
    default Optional<KnownLog> log(String origin) {
        return logs().stream().filter(it -> it.origin().equals(origin)).findFirst();
    }
}
