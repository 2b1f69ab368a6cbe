-- Runs of a comparison and window that a later run replaces, or that never ended: their pairs and open rows can go.
SELECT DISTINCT run
FROM
(
    SELECT run FROM reconciliation_pairs
    WHERE tenant = {tenant:String} AND control = {control:String} AND comparison = {comparison:String} AND window_from = {from:DateTime64(3, 'UTC')}
    UNION ALL
    SELECT run FROM reconciliation_open
    WHERE tenant = {tenant:String} AND control = {control:String} AND comparison = {comparison:String} AND window_from = {from:DateTime64(3, 'UTC')}
)
WHERE run < {run:UInt64}
