-- Comparisons that were ever reconciled.
SELECT DISTINCT comparison AS value FROM reconciliations WHERE tenant = {tenant:String} ORDER BY value LIMIT 1000
