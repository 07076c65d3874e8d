-- Whether the newest version is a deletion. What was sealed says so too; this narrows searches.
alter table records.resource add column deleted boolean not null default false;

-- The history of a type or of everything goes by time, the newest first.
create index on records.version (written desc, resource desc, version desc);
