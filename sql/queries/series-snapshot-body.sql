-- Some pieces of one snapshot, in order.
SELECT body
FROM series_snapshots
WHERE tenant = {tenant:String} AND part = {part:String} AND judged_to = {judged_to:DateTime64(3, 'UTC')} AND taken_at = {taken_at:DateTime64(3, 'UTC')}
    AND chunk >= {first:UInt32} AND chunk < {end:UInt32}
ORDER BY chunk
LIMIT 1 BY chunk
