-- What was stored, received or completed since an instant: batches that stand in the ledger as stored, and receipts of files.
-- `change` tells one from another, so that the overlap of two looks is judged once.
SELECT source, change, at, planned_at, records
FROM
(
    SELECT source, concat('batch/', partition, '/', toString(first)) AS change, stored_at AS at, planned_at, stored AS records
    FROM batches
    WHERE tenant = {tenant:String} AND state = 'stored' AND stored_at >= {since:DateTime64(3, 'UTC')}
        AND planned_at >= {since:DateTime64(3, 'UTC')} - INTERVAL 2 DAY
    UNION ALL
    SELECT source, concat('file/', sha256, '/', toString(received_at), '/', toString(version)) AS change, greatest(received_at, completed_at) AS at, received_at AS planned_at, toUInt64(0) AS records
    FROM files
    WHERE tenant = {tenant:String} AND state != 'reading'
        AND greatest(received_at, completed_at) >= {since:DateTime64(3, 'UTC')}
        AND received_at >= {since:DateTime64(3, 'UTC')} - INTERVAL 2 DAY
)
ORDER BY at
LIMIT 100000
