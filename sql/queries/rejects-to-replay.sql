-- Rejects of a source that were not replayed yet and are kept whole, oldest first. Rejects of a replay are replayed like any other.
SELECT partition, position, record_id, header, base64Encode(bytes) AS bytes_base64
FROM rejects
WHERE tenant = {tenant:String} AND source = {source:String} AND ({reason:String} = '' OR reason = {reason:String}) AND NOT truncated
  AND record_id NOT IN (SELECT record_id FROM replays WHERE tenant = {tenant:String} AND source = {source:String})
  AND ingest_time < {before:DateTime64(3, 'UTC')}
ORDER BY ingest_time, partition, position
LIMIT {limit:UInt32}
