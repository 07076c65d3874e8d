-- Under which generation of the master key something is sealed.
alter table identity.key add column generation integer not null default 1;
alter table identity.organisation add column generation integer not null default 1;
alter table identity.master_key add column generation integer not null default 1;
create index on identity.key (generation);

-- When a compartment's epoch began, and whether it is over: what is stored from then on is sealed in the next one. Which key of the
-- custodian its key is wrapped for, which the wrap itself says too.
alter table records.compartment add column created timestamptz not null default now();
alter table records.compartment add column closed boolean not null default false;
alter table records.compartment add column custodian_key text not null default '';
create index on records.compartment (org, custodian_key);

-- When a consent ends by itself, which the ledger says too; and whether its end was acted upon.
alter table consent.consent add column ends timestamptz;
alter table consent.consent add column over boolean not null default false;
create index consent_ending on consent.consent (ends) where status = 'GRANTED' and not over;
