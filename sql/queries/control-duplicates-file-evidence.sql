-- Evidence of S10: the receipts of a file that came again.
SELECT name, state, sequence, received_at, completed_at, bytes, stored, sha256
FROM files
WHERE tenant = {tenant:String} AND source = {source:String} AND sha256 = {sha256:String}
ORDER BY received_at, version
