-- Ranges of topic partitions that retention removed before they were read, of the last day; for messages_lost.
SELECT source, partition, sum(last - first + 1) AS positions, min(planned_at) AS noticed
FROM batches
WHERE tenant = {tenant:String} AND state = 'lost' AND planned_at >= {since:DateTime64(3, 'UTC')}
GROUP BY source, partition
ORDER BY source, partition
