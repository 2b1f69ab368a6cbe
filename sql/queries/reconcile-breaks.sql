-- The breaks of a run for the explainer: at most `most` of each class, picked by a hash of the record, the same each time.
SELECT
    class, service, toString(subscriber) AS subscriber, toString(if(class = 'b_only', record_b, record_a)) AS record,
    toUnixTimestamp64Milli(pairs.start_a) AS start_a, toUnixTimestamp64Milli(pairs.start_b) AS start_b,
    ms_a, ms_b, octets_a, octets_b, events_a, events_b, charge_a, charge_b, money, node, plan, prefix, zone, route
FROM reconciliation_pairs AS pairs
WHERE tenant = {tenant:String} AND control = {control:String} AND comparison = {comparison:String} AND run = {run:UInt64}
    AND class IN ('mismatch', 'a_only', 'b_only')
ORDER BY class, cityHash64(if(class = 'b_only', record_b, record_a))
LIMIT {most:UInt32} BY class
