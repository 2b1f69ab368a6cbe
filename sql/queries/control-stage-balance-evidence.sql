-- Evidence of S06: what a stage says of itself around an instant, statement by statement, with what is left unexplained.
SELECT
    event_time, stage, node, service, stage_file, records_in, records_out, filtered, suspended, duplicates, merged,
    toInt64(records_in) - records_out - filtered - suspended - duplicates - merged AS imbalance, source, ingest_time
FROM stage_counters
WHERE tenant = {tenant:String} AND stage = {stage:String} AND node = {node:String}
    AND event_time >= parseDateTime64BestEffort({at:String}, 3, 'UTC') - INTERVAL 1 DAY
    AND event_time <= parseDateTime64BestEffort({at:String}, 3, 'UTC') + INTERVAL 1 DAY
ORDER BY abs(imbalance) DESC, event_time
LIMIT 1000
