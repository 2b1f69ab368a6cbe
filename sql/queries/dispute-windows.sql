-- Days of a period that a comparison has been reconciled for, in order, with the counts of the latest run.
SELECT
    toString(toDate(window_from)) AS day, toUnixTimestamp64Milli(window_from) AS from_ms, toUnixTimestamp64Milli(window_to) AS to_ms,
    state, note, leg_a, leg_b, currency, records_a, records_b, mismatch, a_only, b_only, toUnixTimestamp64Milli(finished_at) AS finished_ms
FROM reconciliations_latest
WHERE tenant = {tenant:String} AND control = {control:String} AND comparison = {comparison:String}
    AND window_from >= parseDateTime64BestEffort({from:String}, 3, 'UTC') AND window_from < parseDateTime64BestEffort({to:String}, 3, 'UTC')
ORDER BY window_from
