package io.xinglin.web;

import io.xinglin.contracts.Member;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What the node sees at one moment, before it is put into words.
///
/// @param at the moment
/// @param height how many blocks the ledger has
/// @param standings one for each member, in the order they are shown
/// @param happenings newest first
record Snapshot(Instant at, long height, List<Standing> standings, List<Happening> happenings) {
    /// A member, and where its log stands if this node keeps it.
    record Standing(Member member, Optional<Log> log) {}

    /// A log.
    ///
    /// @param size how many entries it has
    /// @param signed when that was last signed
    record Log(long size, Instant signed) {}
}
