create schema identity;

comment on schema identity is 'Organisations, their people, and their keys. Private keys are sealed under the node''s master key.';

-- Tells a wrong or lost master key at start, before anything new is sealed under it.
create table identity.master_key (
    one     boolean primary key default true check (one),
    witness bytea not null
);

create table identity.organisation (
    member  text primary key,
    zh      text not null,
    en      text not null,
    roles   text[] not null,
    origin  text not null,
    root    bytea not null,
    created timestamptz not null
);

comment on column identity.organisation.origin is 'the origin of its log, fixed when it was created';
comment on column identity.organisation.root is 'sealed; every secret of the organisation is derived from it';

create table identity.key (
    kid        text primary key,
    member     text not null,
    holder     text not null,
    purpose    text not null check (purpose in ('SIGN', 'LOG', 'WRAP', 'TOKEN')),
    state      text not null check (state in ('PREPARED', 'CURRENT', 'RETIRED', 'REVOKED')),
    public_key text not null,
    sealed     bytea not null,
    created    timestamptz not null
);

-- One current key for each use, and at most one that waits to follow it.
create unique index key_in_use on identity.key (member, holder, purpose, state)
    where state in ('PREPARED', 'CURRENT');

-- The client assertions seen, kept until they expire: none is accepted twice, not even after a restart.
create table identity.assertion (
    digest  bytea primary key,
    expires timestamptz not null
);

create index assertion_expires on identity.assertion (expires);
