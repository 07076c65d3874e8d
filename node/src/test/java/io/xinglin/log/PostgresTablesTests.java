package io.xinglin.log;

import org.junit.jupiter.api.BeforeEach;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class PostgresTablesTests extends TablesBehaviour {
    private JdbcTemplate jdbc;

    @BeforeEach
    void open() {
        jdbc = new JdbcTemplate(TestDatabase.empty());
    }

    @Override
    LogTable logs() {
        return new PostgresLogTable(jdbc);
    }

    @Override
    WitnessTable witnesses() {
        return new PostgresWitnessTable(JdbcClient.create(jdbc));
    }

    @Override
    EvidenceTable evidence() {
        return new PostgresEvidenceTable(JdbcClient.create(jdbc));
    }

    @Override
    TransactionTemplate transaction() {
        return new TransactionTemplate(new JdbcTransactionManager(TestDatabase.pool()));
    }
}
