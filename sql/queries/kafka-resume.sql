-- The newest ranges of a topic partition, each in its latest state: where a consumer that takes it over goes on.
SELECT first, last, state, file, toUnixTimestamp64Milli(planned_at) AS planned_ms, epoch
FROM batches
WHERE tenant = {tenant:String} AND source = {source:String} AND partition = {partition:String}
ORDER BY first DESC, batches.state != 'planned' DESC, planned_at DESC
LIMIT 1 BY first
LIMIT 2
