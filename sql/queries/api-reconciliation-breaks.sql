-- Breaks of a run, the largest amount first, after a cursor; an empty class means any.
SELECT
    class, how, service, direction, toString(subscriber) AS subscriber, record_a, record_b, start_a, start_b, ms_a, ms_b, octets_a, octets_b, events_a, events_b,
    toDecimal64(charge_a / 1000000, 6) AS charge_a, toDecimal64(charge_b / 1000000, 6) AS charge_b, toDecimal64(breaks.money / 1000000, 6) AS difference,
    node, plan, prefix, zone, route,
    toInt64(abs(breaks.money)) AS rank, lower(hex(cityHash64(record_a, record_b))) AS id
FROM reconciliation_pairs AS breaks
WHERE tenant = {tenant:String} AND control = {control:String} AND comparison = {comparison:String} AND run = {run:UInt64}
    AND class IN ('mismatch', 'a_only', 'b_only') AND ({class:String} = '' OR class = {class:String})
    AND (rank, id) < ({after_rank:Int64}, {after_key:String})
ORDER BY rank DESC, id DESC
LIMIT {limit:UInt32}
