package io.xinglin.log;

import io.xinglin.contracts.MemberId;
import io.xinglin.tlog.Contradiction;
import io.xinglin.tlog.Contradiction.Judgement;
import java.time.Instant;
import java.util.UUID;

/// Two signed checkpoints of one log that should not both be.
///
/// Anyone can judge for themselves: `pair.judge` with the log's key needs nothing of ours.
///
/// @param id of the evidence, on this node
/// @param member whose log it is
/// @param vkey the log's key when it was found
/// @param judgement proved, or unproved
/// @param pair the two checkpoints, the smaller first
/// @param foundAt when, by this node's clock
/// @param foundBy `monitor`, or `witness` and an organisation of this node
public record Evidence(
        UUID id,
        MemberId member,
        String vkey,
        Judgement judgement,
        Contradiction pair,
        Instant foundAt,
        String foundBy) {}
