create schema log;

-- Entries that are promised and have no place in their log yet. A row moves to log.entry and is never otherwise deleted.
create table log.pending (
    position bigint generated always as identity primary key,
    org text not null,
    id uuid not null,
    entry bytea not null,
    unique (org, id)
);

-- Rows come and go all the time: without this, the dead ones would be walked through by every look at the first.
alter table log.pending set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000);

create index pending_in_order on log.pending (org, position);

-- The logs themselves: what is here decides; the files beside the database can be made again from it.
create table log.entry (
    org text not null,
    leaf_index bigint not null check (leaf_index >= 0),
    id uuid not null,
    entry bytea not null,
    primary key (org, leaf_index),
    unique (org, id)
);

-- Every checkpoint that was ever signed, kept before anyone is shown it.
create table log.checkpoint (
    org text not null,
    size bigint not null check (size >= 0),
    note text not null,
    signed_at timestamptz not null,
    primary key (org, size)
);
