package io.xinglin.web;

import io.xinglin.contracts.MemberId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/// What the node sees at one moment, before it is put into words.
///
/// @param at the moment
/// @param height how many blocks the ledger has
/// @param members in the order they are shown
/// @param blocks the newest, newest first
record Snapshot(Instant at, long height, List<Organisation> members, List<Block> blocks) {
    /// A member.
    ///
    /// @param roles as the ledger spells them
    /// @param log its log, if this node keeps it
    record Organisation(
            MemberId id,
            String zh,
            String en,
            List<String> roles,
            String fhir,
            String logUrl,
            Optional<Log> log) {}

    /// Where a log stands.
    ///
    /// @param size how many entries it has
    /// @param signed when its size was last signed; empty if never
    record Log(long size, Optional<Instant> signed) {}

    /// A block.
    ///
    /// @param facts how often each contract function is in it, such as `consent.grant`
    /// @param refused how many of its transactions are marked invalid
    record Block(long number, Instant time, SortedMap<String, Integer> facts, int refused) {}
}
