-- Ranges of one partition of a source in their latest state, in order: where to go on after a stop or a crash. What was published counts
-- as stored: the answer to a post that comes again is the one of before.
SELECT first, last, state, read, stored + dropped_by['published'] AS stored, rejected, dropped - dropped_by['published'] AS dropped, file, toUnixTimestamp64Milli(planned_at) AS planned_ms,
  toUnixTimestamp64Milli(event_from) AS event_from_ms, toUnixTimestamp64Milli(event_to) AS event_to_ms
FROM batches
WHERE tenant = {tenant:String} AND source = {source:String} AND partition = {partition:String}
ORDER BY first, batches.state = 'stored' DESC, planned_at DESC
LIMIT 1 BY first
