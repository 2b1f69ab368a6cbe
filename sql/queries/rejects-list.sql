-- Rejected records of a source or reason, newest first, with their bytes as far as they are text.
SELECT source, file, position, reason, field, detail, ingest_time, toValidUTF8(bytes) AS bytes
FROM rejects
WHERE tenant = {tenant:String} AND ({source:String} = '' OR source = {source:String}) AND ({reason:String} = '' OR reason = {reason:String})
ORDER BY ingest_time DESC, partition, position
LIMIT {limit:UInt32}
