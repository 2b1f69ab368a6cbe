-- The accounting of a tenant by source.
SELECT source, read, stored, rejected, dropped, in_flight, in_tables, balanced, proved
FROM accounting
WHERE tenant = {tenant:String}
ORDER BY source
