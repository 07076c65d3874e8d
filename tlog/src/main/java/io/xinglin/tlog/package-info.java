/// A transparency log that anyone can check: an RFC 6962 Merkle tree kept as C2SP tiles, signed as checkpoints.
///
/// To write one, start at [GrowingTree] and [TileStore]; to prove, at [InclusionProof] and [ConsistencyProof]; to check a
/// receipt with nothing but the log's public key, at [TlogProof]. To witness the logs of others, at [WitnessRules]; to ask for
/// their cosignatures, at [AddCheckpoint] and [WitnessPolicy]; to say whom one believes, at [TrustPolicy]. The library knows neither threads nor clocks nor Spring.
@NullMarked
package io.xinglin.tlog;

import org.jspecify.annotations.NullMarked;
