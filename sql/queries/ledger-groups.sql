-- Ranges that were planned as part of a group of small files and are not stored: the group is sent again as it was.
SELECT token, partition, first, last, toUnixTimestamp64Milli(planned_at) AS planned_ms
FROM batches
WHERE tenant = {tenant:String} AND source = {source:String} AND position(token, '/group:') > 0
GROUP BY token, partition, first, last, planned_at
HAVING countIf(state = 'stored') = 0
ORDER BY token, partition
