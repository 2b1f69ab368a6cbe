-- Evidence of fetch: the last runs of a source at a place, with their rows, columns and failures.
SELECT due_at, next_due_at, started_at, finished_at, state, code, error, files, rows, added, changed, removed, columns, clock_ahead_ms
FROM fetches
WHERE tenant = {tenant:String} AND source = {source:String} AND place = {place:String}
ORDER BY started_at DESC
LIMIT 100
