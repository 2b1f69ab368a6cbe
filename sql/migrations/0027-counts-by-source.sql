-- How many rows each source brought, kept with the parts of the two largest tables: the accounting sets it against the ledger whenever somebody looks, and counted all
-- rows each time. A projection is written into the part with its rows, or not at all: it is as much a count of the table as counting is.

ALTER TABLE weir.usage{local} {on_cluster} ADD PROJECTION IF NOT EXISTS by_source (SELECT tenant, source, count() GROUP BY tenant, source);

ALTER TABLE weir.measurements{local} {on_cluster} ADD PROJECTION IF NOT EXISTS by_source (SELECT tenant, source, count() GROUP BY tenant, source);

ALTER TABLE weir.usage{local} {on_cluster} MATERIALIZE PROJECTION IF EXISTS by_source;

ALTER TABLE weir.measurements{local} {on_cluster} MATERIALIZE PROJECTION IF EXISTS by_source;
