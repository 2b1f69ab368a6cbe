-- Evidence of S08 and S09: the breaks of a comparison that a cause holds, the dearest first. Empty dimension = any.
SELECT class, service, start_a, start_b, ms_a, ms_b, octets_a, octets_b, charge_a / 1000000 AS charge_a, charge_b / 1000000 AS charge_b,
    money / 1000000 AS money, node, plan, prefix, zone, route, subscriber, record_a, record_b
FROM reconciliation_breaks
WHERE tenant = {tenant:String} AND control = {control:String} AND comparison = {comparison:String} AND class = {class:String}
    AND window_from >= parseDateTime64BestEffort({from:String}, 3, 'UTC') AND window_from < parseDateTime64BestEffort({to:String}, 3, 'UTC')
    AND (empty({node:String}) OR node = {node:String}) AND (empty({plan:String}) OR plan = {plan:String})
    AND (empty({prefix:String}) OR prefix = {prefix:String}) AND (empty({zone:String}) OR zone = {zone:String})
    AND (empty({route:String}) OR route = {route:String})
ORDER BY abs(money) DESC, record_a, record_b
LIMIT 1000
