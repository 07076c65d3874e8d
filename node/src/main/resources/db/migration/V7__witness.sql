-- A witness has a key of its own: what it signs can never pass for a checkpoint of its organisation's log.
alter table identity.key drop constraint key_purpose_check;
alter table identity.key add constraint key_purpose_check
    check (purpose in ('SIGN', 'LOG', 'WRAP', 'TOKEN', 'WITNESS'));

-- What each witness of this node last cosigned of each log: it never goes back behind it.
create table log.witnessed (
    witness text not null,
    origin text not null,
    size bigint not null check (size >= 0),
    note text not null,
    cosigned_at timestamptz not null,
    primary key (witness, origin)
);

comment on column log.witnessed.note is 'the checkpoint with the signature of the log and the cosignature';

-- Cosignatures of our own checkpoints, from the last one that has enough of them on.
create table log.cosignature (
    org text not null,
    size bigint not null,
    witness text not null,
    line text not null,
    primary key (org, size, witness),
    foreign key (org, size) references log.checkpoint
);

-- Two signed checkpoints of one log that should not both be.
create table log.evidence (
    id uuid primary key,
    member text not null,
    vkey text not null,
    proved boolean not null,
    first_size bigint not null,
    first_root text not null,
    first_note text not null,
    second_size bigint not null,
    second_root text not null,
    second_note text not null,
    found_at timestamptz not null,
    found_by text not null,
    unique (vkey, first_size, first_root, second_size, second_root)
);

create index evidence_in_time on log.evidence (found_at);
