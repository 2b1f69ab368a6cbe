-- Exact figures of the breaks of a run by class, where the explainer sees a part of them.
SELECT class, count() AS records, sum(greatest(money, 0)) AS more_a, sum(greatest(-money, 0)) AS more_b, uniqExactIf(subscriber, subscriber != 0) AS customers
FROM reconciliation_pairs
WHERE tenant = {tenant:String} AND control = {control:String} AND comparison = {comparison:String} AND run = {run:UInt64}
    AND class IN ('mismatch', 'a_only', 'b_only')
GROUP BY class
