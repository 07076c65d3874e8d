-- Binds a compartment's wrapped keys to whose they are, under a secret of the organisation. A row without it is not believed.
alter table records.compartment add column mac bytea not null default '';
alter table records.compartment alter column mac drop default;
