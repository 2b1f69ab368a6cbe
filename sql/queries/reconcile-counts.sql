-- What became of the records of a run, by class.
SELECT
    countIf(class = 'exact') AS exact,
    countIf(class = 'within_tolerance' AND how != 'daily_sum') AS within_tolerance,
    countIf(how = 'daily_sum') AS settled,
    countIf(class = 'mismatch') AS mismatch,
    countIf(class = 'a_only') AS a_only,
    countIf(class = 'b_only') AS b_only
FROM reconciliation_pairs
WHERE tenant = {tenant:String} AND control = {control:String} AND comparison = {comparison:String} AND run = {run:UInt64}
