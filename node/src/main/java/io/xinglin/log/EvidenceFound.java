package io.xinglin.log;

import io.xinglin.contracts.MemberId;
import java.util.UUID;

/// A log was found to contradict itself, or not to be able to prove that it does not.
///
/// @param evidence which evidence
/// @param member whose log
/// @param proved whether the two checkpoints alone prove it
public record EvidenceFound(UUID evidence, MemberId member, boolean proved) {}
