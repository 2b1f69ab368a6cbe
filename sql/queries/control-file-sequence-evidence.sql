-- Evidence of S01: the numbered files of a source around a gap, in order of number.
SELECT sequence, name, state, received_at, completed_at, stored, rejected, charge, sha256
FROM files
WHERE tenant = {tenant:String} AND source = {source:String} AND sequence IS NOT NULL
    AND received_at >= parseDateTimeBestEffort({since:String})
ORDER BY received_at, sequence, version
