-- What a ledger that was restored from a snapshot begins with; both are empty where it began with its founding.
create table ledger.base (
    number bigint primary key,
    statement text not null,
    signature text not null
);

-- The state at the block of the base, kept as it was so that later blocks can be run again.
create table ledger.base_state (
    key text collate "C" primary key,
    value text not null,
    block bigint not null,
    index int not null
);
