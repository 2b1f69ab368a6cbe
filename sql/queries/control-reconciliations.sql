-- The latest runs of record-level reconciliation that were done since `since`, whatever their day, with their causes, for S08 and S09; a run without breaks has one row with
-- an empty cause. Rows of `run` 0 name causes that an earlier run had: what is not among those of a latest run is over.
-- Amounts in micro-units of the currency.
WITH latest AS
(
    SELECT * FROM reconciliations_latest
    WHERE tenant = {tenant:String} AND finished_at >= {since:DateTime64(3, 'UTC')}
)
SELECT
    latest.control AS control, latest.comparison AS comparison, latest.run AS run, leg_a, leg_b, latest.window_from AS window_from, window_to,
    latest.state AS state, latest.note AS note, records_a, records_b, exact, within_tolerance + settled AS agreed, charge_a, charge_b, currency,
    cause, class, text, records, share, more_a, more_b, customers,
    if(cause = '', latest.window_from, began_at) AS began_at, samples, mapKeys(dimensions) AS names, mapValues(dimensions) AS places
FROM latest
LEFT JOIN
(
    SELECT * FROM reconciliation_causes
    WHERE tenant = {tenant:String} AND finished_at >= {since:DateTime64(3, 'UTC')} AND run IN (SELECT run FROM latest)
) AS causes ON causes.control = latest.control AND causes.comparison = latest.comparison AND causes.run = latest.run
UNION ALL
SELECT DISTINCT
    control, comparison, toUInt64(0), '', '', {since:DateTime64(3, 'UTC')}, {since:DateTime64(3, 'UTC')}, 'over', '', 0, 0, 0, 0, 0, 0, '',
    cause, '', '', 0, 0, 0, 0, 0, {since:DateTime64(3, 'UTC')}, CAST([], 'Array(String)'), CAST([], 'Array(String)'), CAST([], 'Array(String)')
FROM reconciliation_causes
WHERE tenant = {tenant:String} AND finished_at >= {since:DateTime64(3, 'UTC')} - INTERVAL 35 DAY
ORDER BY control, comparison, window_from, cause
