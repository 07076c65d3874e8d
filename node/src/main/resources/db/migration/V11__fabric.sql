-- On a ledger that Hyperledger Fabric orders, a block about the channel itself holds no transaction.
alter table ledger.block drop constraint block_transactions_check;
alter table ledger.block add check (transactions >= 0);

-- Transactions that were accepted here and are not known to be on the ledger yet.
create table ledger.outbox (
    id bytea primary key check (length(id) = 32),
    jws text not null,
    submission text,
    since timestamptz not null default now()
);

-- What was endorsed: handed to the orderers, again and again, until a block says what became of it.
create table ledger.submission (
    id text primary key,
    envelope bytea not null,
    since timestamptz not null default now()
);
