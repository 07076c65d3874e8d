package io.xinglin.log;

import io.xinglin.contracts.MemberId;
import io.xinglin.sim.MemoryDatabase;
import io.xinglin.tlog.SignedNote;
import java.time.Instant;

/// What keeps what was cosigned, built wrong on purpose.
public final class PlantedTables {
    private PlantedTables() {}

    /// Keeps what was cosigned when something else is cosigned.
    public static Object late(MemoryDatabase.Session session) {
        return new MemoryWitnessTable(session) {
            private Runnable last = () -> {};

            @Override
            public void keepWitnessed(
                    MemberId witness, String origin, long size, SignedNote note, Instant at) {
                last.run();
                last = () -> super.keepWitnessed(witness, origin, size, note, at);
            }
        };
    }
}
