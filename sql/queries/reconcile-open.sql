-- How many rows of a run are open, by the pass that left them so; `several` are noted keys by the start of their slice in ms.
SELECT pass, class, if(class = 'several', ms_a, 0) AS slice, count() AS records
FROM reconciliation_open
WHERE tenant = {tenant:String} AND run = {run:UInt64}
GROUP BY pass, class, slice
ORDER BY pass, class, slice
