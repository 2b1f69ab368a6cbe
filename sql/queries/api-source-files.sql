-- How many files each source brought, by state, and when the last one came.
SELECT source, countIf(state = 'stored') AS stored, countIf(state = 'replay') AS replay, countIf(state = 'rejected') AS rejected,
    countIf(state = 'reading') AS reading, countIf(state = 'empty') AS empty, max(received_at) AS last_received_at
FROM files_latest
WHERE tenant = {tenant:String}
GROUP BY source
ORDER BY source
