-- The original bytes of one reject, for an operator.
SELECT source, partition, position, file, reason, truncated, base64Encode(bytes) AS bytes_base64
FROM rejects
WHERE tenant = {tenant:String} AND record_id = {record_id:UUID}
ORDER BY ingest_time
LIMIT 1
