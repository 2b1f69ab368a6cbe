-- Why records of each source were rejected: how many, how many of them wait for a replay, and one example.
SELECT source, reason, field, count() AS rejects,
    countIf(NOT truncated AND record_id NOT IN (SELECT record_id FROM replays WHERE tenant = {tenant:String})) AS waiting,
    max(ingest_time) AS last_at, any(detail) AS example
FROM rejects
WHERE tenant = {tenant:String}
GROUP BY source, reason, field
ORDER BY rejects DESC, source, reason, field
LIMIT 500
