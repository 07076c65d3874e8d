package io.xinglin.ledger;

import io.xinglin.ledger.LedgerStatus.Engine;
import io.xinglin.platform.CannotStart;
import java.util.Optional;

/// Tells by the first block who orders a ledger, so that no node goes on alone with what the members order, or the other way round.
///
/// On a channel the first block is about the channel itself and holds no transaction. A ledger that a node orders alone has no block
/// without one.
final class FirstBlock {
    private FirstBlock() {}

    /// Refuses to go on with a ledger that was begun on the other engine.
    ///
    /// @throws CannotStart if it was; what is stored is left as it is
    static void requireBegunOn(Engine engine, LedgerTables tables) {
        begunOn(tables)
                .filter(it -> it != engine)
                .ifPresent(
                        begun -> {
                            throw new CannotStart(
                                    switch (begun) {
                                        case FABRIC ->
                                                "This ledger is a copy of a channel that the members order. Name their"
                                                        + " peers again (xinglin.fabric.peers), or start with another"
                                                        + " data directory.";
                                        case EMBEDDED ->
                                                "This ledger was begun by a node alone and cannot become a copy of a"
                                                        + " channel. Leave out xinglin.fabric.peers, or start with"
                                                        + " another data directory.";
                                    });
                        });
    }

    /// Empty where nothing tells: before the first block, or on a ledger that began with a snapshot.
    static Optional<Engine> begunOn(LedgerTables tables) {
        return tables.block(0)
                .map(first -> first.header().transactions() == 0 ? Engine.FABRIC : Engine.EMBEDDED);
    }
}
