-- The latest runs of comparisons whose window lies within a stretch, by window; empty means any.
SELECT
    toUnixTimestamp64Milli(window_from) AS at, toUnixTimestamp64Milli(window_to) AS until, control, comparison, leg_a, leg_b, partner, state, note,
    toFloat64(records_a) AS records_a, toFloat64(records_b) AS records_b, toFloat64(exact + within_tolerance) AS agreed, toFloat64(settled) AS settled,
    toFloat64(mismatch) AS mismatch, toFloat64(a_only) AS a_only, toFloat64(b_only) AS b_only,
    charge_a / 1e6 AS charge_a, charge_b / 1e6 AS charge_b, currency, toUnixTimestamp64Milli(finished_at) AS finished_at
FROM reconciliations
WHERE tenant = {tenant:String} AND window_from >= {from:DateTime64(3, 'UTC')} - toIntervalDay(1) AND window_from < {to:DateTime64(3, 'UTC')}
    AND window_to > {from:DateTime64(3, 'UTC')}
    AND (empty({controls:Array(String)}) OR control IN {controls:Array(String)})
    AND (empty({comparisons:Array(String)}) OR comparison IN {comparisons:Array(String)})
ORDER BY run DESC
LIMIT 1 BY control, comparison, window_from, window_to
LIMIT 5000
