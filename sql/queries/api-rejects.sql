-- Rejected records without their bytes, the latest first, after a cursor; empty means any.
SELECT toString(record_id) AS id, source, partition, position, file, reason, field, detail, kind, truncated, ingest_time,
    record_id IN (SELECT record_id FROM replays WHERE tenant = {tenant:String}) AS replayed
FROM rejects
WHERE tenant = {tenant:String}
  AND ({source:String} = '' OR source = {source:String})
  AND ({reason:String} = '' OR reason = {reason:String})
  AND ingest_time >= {since:DateTime64(3, 'UTC')}
  AND (ingest_time, toString(record_id)) < ({after_at:DateTime64(3, 'UTC')}, {after_id:String})
ORDER BY ingest_time DESC, id DESC
LIMIT {limit:UInt32}
