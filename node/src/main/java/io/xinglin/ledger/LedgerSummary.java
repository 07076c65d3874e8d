package io.xinglin.ledger;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import java.util.Map;
import java.util.Optional;

/// The ledger as `/ledger` shows it.
///
/// @param contracts the version of each contract that transactions must be made for
/// @param parameters what the members have agreed on
/// @param blockKey the JWK that checks the signatures of blocks
@JsonInclude(JsonInclude.Include.NON_ABSENT)
record LedgerSummary(
        String name,
        long height,
        Optional<LedgerStatus.LastBlock> lastBlock,
        long transactions,
        long members,
        Map<String, Long> contracts,
        Map<String, Long> parameters,
        @JsonRawValue String blockKey) {}
