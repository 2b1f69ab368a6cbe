-- Every receipt of a source as it stands, oldest first: what was taken before, and what was not finished.
SELECT name, sha256, bytes, toUnixTimestamp64Milli(modified_at) AS modified_ms, toUnixTimestamp64Milli(received_at) AS received_ms, state
FROM files_latest
WHERE tenant = {tenant:String} AND source = {source:String}
ORDER BY received_at, name
