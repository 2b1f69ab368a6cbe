-- Evidence of S02: the latest arrivals of a source, files and batches.
SELECT *
FROM
(
    SELECT 'file' AS what, name, received_at AS at, event_to, stored, charge
    FROM files
    WHERE tenant = {tenant:String} AND source = {source:String}
    UNION ALL
    SELECT 'batch' AS what, partition AS name, stored_at AS at, event_to, stored, CAST(0, 'Decimal(18, 6)') AS charge
    FROM batches
    WHERE tenant = {tenant:String} AND source = {source:String} AND state = 'stored' AND NOT startsWith(partition, 'sha256:')
)
ORDER BY at DESC
LIMIT 50
