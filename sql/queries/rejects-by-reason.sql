-- Rejected records by source, reason and field, and how many of them were replayed.
SELECT source, reason, field, count() AS records, countIf(record_id IN (SELECT record_id FROM replays WHERE tenant = {tenant:String})) AS replayed, max(ingest_time) AS last_at
FROM rejects
WHERE tenant = {tenant:String}
GROUP BY source, reason, field
ORDER BY source, records DESC
