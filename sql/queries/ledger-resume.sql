-- Ranges of one partition of a source in their latest state, in order: where to go on after a stop or a crash.
SELECT
    first,
    argMax(last, (state = 'stored', planned_at)) AS last,
    if(countIf(state = 'stored') > 0, 'stored', 'planned') AS state,
    maxIf(read, state = 'stored') AS read,
    maxIf(stored, state = 'stored') AS stored,
    maxIf(rejected, state = 'stored') AS rejected,
    maxIf(dropped, state = 'stored') AS dropped,
    any(file) AS file,
    toUnixTimestamp64Milli(argMax(planned_at, (state = 'stored', planned_at))) AS planned_ms
FROM batches
WHERE tenant = {tenant:String} AND source = {source:String} AND partition = {partition:String}
GROUP BY first
ORDER BY first
