-- Evidence of messages_lost: the ranges of positions that are gone.
SELECT source, partition, first, last, last - first + 1 AS positions, planned_at AS noticed, owner
FROM batches
WHERE tenant = {tenant:String} AND source = {source:String} AND state = 'lost'
ORDER BY planned_at DESC
LIMIT 1000
