-- Records that are only stored: nobody but the patient and the privacy officer reads them, nobody writes.
create table records.shut (
    org text not null,
    owner text not null,
    primary key (org, owner)
);

-- The log's entries of versions that were erased, and by which erasure.
create table records.erased (
    entry uuid not null primary key,
    erasure uuid not null
);
create index on records.erased (erasure);

-- Those whose record was erased, as keyed tokens: their ids are given to nobody again.
create table records.erased_patient (
    org text not null,
    patient bytea not null,
    primary key (org, patient)
);

-- A private key that was destroyed: what is left is its public half, under nobody's name.
alter table identity.key drop constraint key_state_check;
alter table identity.key add constraint key_state_check
    check (state in ('PREPARED', 'CURRENT', 'RETIRED', 'REVOKED', 'DESTROYED'));

create schema erasure;

comment on schema erasure is 'Patients'' wishes to have their record erased, and what became of them.';

-- `patient` is a keyed token; `owner` is whose record it is, until it is erased. `code` is the digest of what the patient was
-- given to ask with, when they can no longer sign in. `certificate` is sealed.
create table erasure.request (
    id uuid not null primary key,
    org text not null,
    patient bytea not null,
    owner text,
    code bytea not null,
    status text not null
        check (status in ('REQUESTED', 'REFUSED', 'RESTRICTED', 'ERASING', 'ERASED', 'WITHDRAWN')),
    requested timestamptz not null,
    officer text,
    reason text,
    certificate bytea,
    check (owner is not null or status in ('ERASED', 'WITHDRAWN'))
);
create unique index on erasure.request (org, patient) where status in ('REQUESTED', 'RESTRICTED', 'ERASING');
create index on erasure.request (org, status, requested);

-- What happened, each with its entry in the organisation's log; `opening` is sealed.
create table erasure.event (
    entry uuid not null primary key,
    request uuid not null references erasure.request,
    opening bytea not null
);
create index on erasure.event (request);
