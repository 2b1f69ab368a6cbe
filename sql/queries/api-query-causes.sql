-- Why records break in the latest run of each window within a stretch, added up by cause, the most costly first.
SELECT
    control, comparison, cause, any(class) AS class, any(pattern) AS pattern, argMax(text, reconciliation_causes.window_from) AS text,
    toFloat64(sum(records)) AS records, avg(share) AS share, sum(more_a) / 1e6 AS more_a, sum(more_b) / 1e6 AS more_b,
    toFloat64(max(customers)) AS customers, toUnixTimestamp64Milli(min(began_at)) AS began_at, uniqExact(reconciliation_causes.window_from) AS windows
FROM reconciliation_causes
WHERE tenant = {tenant:String} AND (control, comparison, run) IN
(
    SELECT control, comparison, run
    FROM
    (
        SELECT control, comparison, run, window_from, window_to
        FROM reconciliations
        WHERE tenant = {tenant:String} AND window_from >= {from:DateTime64(3, 'UTC')} - toIntervalDay(1) AND window_from < {to:DateTime64(3, 'UTC')}
            AND window_to > {from:DateTime64(3, 'UTC')}
            AND (empty({controls:Array(String)}) OR control IN {controls:Array(String)})
            AND (empty({comparisons:Array(String)}) OR comparison IN {comparisons:Array(String)})
        ORDER BY run DESC
        LIMIT 1 BY control, comparison, window_from, window_to
    )
)
GROUP BY control, comparison, cause
ORDER BY abs(more_a) + abs(more_b) DESC, records DESC, cause
LIMIT {limit:UInt32}
