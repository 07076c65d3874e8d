package io.xinglin.fabric;

import java.util.List;

/// A block as the orderers made it and the peer judged it.
///
/// @param number the first block is 0
/// @param transactions those that called the rules of the ledger, in order; a block about the channel itself has none
public record AgreedBlock(long number, List<AgreedTransaction> transactions) {
    public AgreedBlock {
        transactions = List.copyOf(transactions);
    }
}
