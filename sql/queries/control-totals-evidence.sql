-- Evidence of S03: the declared totals of files beside what was read from them.
SELECT name, received_at, declared_records, read, stored, rejected, dropped, declared_seconds, seconds, declared_octets, octets, declared_charge, charge, sha256
FROM files
WHERE tenant = {tenant:String} AND source = {source:String} AND name IN {names:Array(String)}
ORDER BY received_at, version
