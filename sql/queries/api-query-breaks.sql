-- The breaks of the latest runs within a stretch, the most costly first: what one disputes.
SELECT
    control, comparison, toUnixTimestamp64Milli(window_from) AS at, class, how, service, direction, toString(record_a) AS record_a,
    toString(record_b) AS record_b, toUnixTimestamp64Milli(start_a) AS start_a, toUnixTimestamp64Milli(start_b) AS start_b, ms_a / 1000 AS seconds_a,
    ms_b / 1000 AS seconds_b, octets_a, octets_b, charge_a / 1e6 AS charge_a, charge_b / 1e6 AS charge_b, money / 1e6 AS money, node, route, plan, zone
FROM reconciliation_pairs
WHERE tenant = {tenant:String} AND class IN ('mismatch', 'a_only', 'b_only')
    AND (empty({classes:Array(String)}) OR class IN {classes:Array(String)})
    AND (control, comparison, run) IN
    (
        SELECT control, comparison, run
        FROM
        (
            SELECT control, comparison, run, window_from, window_to
            FROM reconciliations
            WHERE tenant = {tenant:String} AND window_from >= {from:DateTime64(3, 'UTC')} - toIntervalDay(1)
                AND window_from < {to:DateTime64(3, 'UTC')} AND window_to > {from:DateTime64(3, 'UTC')}
                AND (empty({controls:Array(String)}) OR control IN {controls:Array(String)})
                AND (empty({comparisons:Array(String)}) OR comparison IN {comparisons:Array(String)})
            ORDER BY run DESC
            LIMIT 1 BY control, comparison, window_from, window_to
        )
    )
ORDER BY abs(money) DESC, at, record_a, record_b
LIMIT {limit:UInt32}
