-- Receipts of the files of one source, the latest first, after a cursor.
SELECT name, sha256, bytes, state, sequence, received_at, completed_at, declared_records, read, stored, rejected, dropped,
    seconds, octets, charge, event_from, event_to, error
FROM files_latest
WHERE tenant = {tenant:String} AND source = {source:String}
  AND ({state:String} = '' OR state = {state:String})
  AND (received_at, sha256) < ({after_at:DateTime64(3, 'UTC')}, {after_id:String})
ORDER BY received_at DESC, sha256 DESC
LIMIT {limit:UInt32}
