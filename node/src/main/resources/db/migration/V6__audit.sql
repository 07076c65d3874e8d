create schema audit;

-- Every read and every refusal. `patient` is the logical id of whose record it was, or '' if nobody's. `sealed` holds the
-- statement and salt of its entry in the organisation's log.
create table audit.access (
    id      uuid        not null primary key,
    org     text        not null,
    patient text        not null,
    at      timestamptz not null,
    entry   uuid        not null,
    sealed  bytea       not null
);
create index on audit.access (org, patient, at desc, id);
create unique index on audit.access (entry);
