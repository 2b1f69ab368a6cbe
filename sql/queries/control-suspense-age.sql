-- The stock of rejected records that were not sent through again with success, by source and reason: how many, how old; for S12.
SELECT source, reason, count() AS stock, quantileExact(0.5)(dateDiff('second', ingest_time, {instant:DateTime64(3, 'UTC')})) AS median_seconds, min(ingest_time) AS oldest
FROM rejects
LEFT ANTI JOIN
(
    SELECT record_id FROM replays WHERE tenant = {tenant:String} AND outcome != 'rejected'
) AS replayed USING (record_id)
WHERE tenant = {tenant:String} AND ingest_time >= {since:DateTime64(3, 'UTC')}
GROUP BY source, reason
ORDER BY source, reason
