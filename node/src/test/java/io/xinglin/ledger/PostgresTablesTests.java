package io.xinglin.ledger;

import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.api.AfterEach;
import org.springframework.jdbc.core.JdbcTemplate;

class PostgresTablesTests extends TablesBehaviour {
    private final HikariDataSource database = TestDatabase.fresh();
    private final BlockStore store = new PostgresBlockStore(database);

    @AfterEach
    void close() {
        store.close();
        database.close();
    }

    @Override
    LedgerTables tables() {
        return new PostgresLedgerTables(new JdbcTemplate(database), LEDGER);
    }

    @Override
    BlockStore store() {
        return store;
    }
}
