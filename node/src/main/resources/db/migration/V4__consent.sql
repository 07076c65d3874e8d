create schema consent;

comment on schema consent is 'What patients permit. Who, to whom and what is sealed; the ledger holds a commitment to it.';

create table consent.consent (
    id        uuid primary key,
    custodian text not null,
    patient   bytea not null,
    reader    bytea not null,
    status    text not null check (status in ('PROPOSED', 'GRANTED', 'WITHDRAWN')),
    terms     bytea not null,
    created   timestamptz not null,
    withdrawn timestamptz,
    owed      boolean not null default false
);

comment on column consent.consent.patient is 'a keyed token of the patient';
comment on column consent.consent.reader is 'a keyed token of the patient and the organisation that may read';
comment on column consent.consent.terms is 'sealed: the salt and the statement that the ledger''s commitment is made of';
comment on column consent.consent.owed is 'withdrawn here, and the ledger does not know yet';

create index consent_patient on consent.consent (custodian, patient, created);
create index consent_reader on consent.consent (custodian, reader);
create index consent_unsettled on consent.consent (id) where status = 'PROPOSED' or owed;

create table consent.event (
    consent uuid not null references consent.consent,
    kind    text not null check (kind in ('GRANTED', 'WITHDRAWN')),
    entry   uuid not null,
    opening bytea not null,
    primary key (consent, kind)
);

comment on column consent.event.entry is 'the entry in the custodian''s log';
comment on column consent.event.opening is 'sealed: what the entry commits to';
