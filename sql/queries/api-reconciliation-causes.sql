-- Why the breaks of a run break, what explains most first.
SELECT
    cause, class, pattern, text, dimensions, value, records, share, customers, began_at, samples,
    toDecimal64(more_a / 1000000, 6) AS a_states_more, toDecimal64(more_b / 1000000, 6) AS b_states_more
FROM reconciliation_causes
WHERE tenant = {tenant:String} AND control = {control:String} AND comparison = {comparison:String} AND run = {run:UInt64}
ORDER BY records DESC, cause
LIMIT 200
