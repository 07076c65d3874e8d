create schema ledger;

-- The chain. A block's hash is SHA-256 of its canonical header, which these columns make up.
create table ledger.block (
    number bigint primary key check (number >= 0),
    time_millis bigint not null,
    transactions int not null check (transactions > 0),
    previous_hash bytea not null check (length(previous_hash) = 32),
    transactions_root bytea not null check (length(transactions_root) = 32),
    state_digest bytea not null check (length(state_digest) = 32),
    signature text not null
);

-- Every ordered transaction, also those that lost (validity <> 0).
create table ledger.transaction (
    block bigint not null,
    index int not null,
    id bytea not null check (length(id) = 32),
    time_millis bigint not null,
    validity smallint not null,
    jws text not null,
    primary key (block, index)
);

-- What makes a transaction unrepeatable: this is where the state keys tx/{id} are.
create unique index transaction_burned on ledger.transaction (id) where validity = 0;
create index transaction_lost on ledger.transaction (id) where validity <> 0;

-- The current value of every other state key, and which transaction wrote it.
create table ledger.state (
    key text collate "C" primary key,
    value text not null check (value <> ''),
    block bigint not null,
    index int not null
);
