-- The newest whole snapshot of a part of a detector that had judged no further than an instant.
SELECT judged_to, taken_at, any(chunks) AS pieces
FROM series_snapshots
WHERE tenant = {tenant:String} AND part = {part:String} AND judged_to <= {before:DateTime64(3, 'UTC')}
GROUP BY judged_to, taken_at
HAVING uniqExact(chunk) = pieces
ORDER BY judged_to DESC, taken_at DESC
LIMIT 1
