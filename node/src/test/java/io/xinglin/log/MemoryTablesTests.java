package io.xinglin.log;

import io.xinglin.sim.MemoryDatabase;
import org.springframework.transaction.support.TransactionTemplate;

class MemoryTablesTests extends TablesBehaviour {
    private final MemoryDatabase.Session session =
            new MemoryDatabase().new Session(new PatientEdge());

    /// Whoever is blocked tries again.
    private static final class PatientEdge implements MemoryDatabase.Edge {
        @Override
        public void statement(String what) {}

        @Override
        public void commit(Runnable commit) {
            commit.run();
        }

        @Override
        public void blocked(String by) {
            Thread.onSpinWait();
        }
    }

    @Override
    LogTable logs() {
        return new MemoryLogTable(session);
    }

    @Override
    WitnessTable witnesses() {
        return new MemoryWitnessTable(session);
    }

    @Override
    EvidenceTable evidence() {
        return new MemoryEvidenceTable(session);
    }

    @Override
    TransactionTemplate transaction() {
        return new TransactionTemplate(session.transactions());
    }
}
