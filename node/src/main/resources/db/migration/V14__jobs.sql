-- Exports and imports, which go on in the background. `requester` is a keyed hash of who asked; `sealed` is what is to be done, for
-- whom, and the key of the job's file; `bytes` is how much of that file counts, `place` where the job goes on.
create table records.job (
    id        uuid        not null primary key,
    org       text        not null,
    kind      text        not null,
    state     text        not null,
    created   timestamptz not null,
    ended     timestamptz,
    requester bigint      not null,
    place     text,
    done      bigint      not null default 0,
    total     bigint      not null,
    bytes     bigint      not null,
    sealed    bytea       not null
);
create index on records.job (requester);

-- The texts in a job's file, by the resource type of their lines.
create table records.job_text (
    job    uuid    not null references records.job on delete cascade,
    number integer not null,
    type   text    not null,
    lines  bigint  not null,
    primary key (job, number)
);
