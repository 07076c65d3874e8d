-- By which version of the index a resource is filed. What was filed by an earlier one is filed again in the background.
alter table records.resource add column indexed smallint not null default 1;
create index on records.resource (key) where indexed < 2;

-- Beside identifiers, `records.identifier` now holds what patients are found by across records, shortened so that each token
-- stands for many values.
