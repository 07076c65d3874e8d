create schema records;

-- A key, wrapped for those who may unwrap it. `owner` is the logical id of the patient, or '' for what is about no patient.
-- `class` 0 is the owner's index key; others are sensitivity classes.
create table records.compartment (
    key            bigint generated always as identity primary key,
    org            text     not null,
    owner          text     not null,
    class          smallint not null,
    epoch          integer  not null,
    custodian_wrap text     not null,
    patient_wrap   text,
    unique (org, owner, class, epoch)
);

-- A resource as it is now. `tokens` are the blind index: keyed hashes of what it can be found by.
create table records.resource (
    key      bigint   not null primary key,
    org      text     not null,
    type     text     not null,
    id       text     not null,
    owner    text     not null,
    class    smallint not null,
    category smallint not null,
    version  integer  not null,
    tokens   bigint[] not null,
    unique (org, type, id)
);
create index on records.resource (org, owner, type, id);
create sequence records.resource_key owned by records.resource.key;

-- Every version, sealed. `entry` is its entry in the organisation's log.
create table records.version (
    resource    bigint      not null references records.resource,
    version     integer     not null,
    compartment bigint      not null references records.compartment,
    category    smallint    not null,
    written     timestamptz not null,
    entry       uuid        not null,
    sealed      bytea       not null,
    primary key (resource, version)
);
create unique index on records.version (entry);
-- Compressed before it was sealed; trying again costs time and gains nothing.
alter table records.version alter column sealed set storage external;

-- Identifiers across patients, as tokens under a key of the organisation.
create table records.identifier (
    org      text   not null,
    token    bigint not null,
    resource bigint not null references records.resource,
    primary key (org, token, resource)
);
create index on records.identifier (resource);
