-- What was read of each source and what became of it.
SELECT source, read, stored, rejected, dropped, in_flight, batches, in_tables, balanced, proved
FROM accounting
WHERE tenant = {tenant:String}
ORDER BY source
