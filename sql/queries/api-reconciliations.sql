-- Reconciled windows with the counts of their latest run and what their breaks come to, the latest window first, after a cursor; empty means any.
WITH
    windows AS
    (
        SELECT *, concat(control, '|', comparison) AS id
        FROM reconciliations_latest
        WHERE tenant = {tenant:String}
            AND ({control:String} = '' OR control = {control:String}) AND ({comparison:String} = '' OR comparison = {comparison:String})
            AND (window_from, id) < ({after_at:DateTime64(3, 'UTC')}, {after_id:String})
        ORDER BY window_from DESC, id DESC
        LIMIT {limit:UInt32}
    )
SELECT
    windows.id AS id, windows.control AS control, windows.comparison AS comparison, windows.run AS run, windows.window_from AS window_from, window_to,
    leg_a, leg_b, partner, state, note, records_a, records_b, exact, within_tolerance, settled, mismatch, a_only, b_only, currency, finished_at, took_ms,
    toDecimal64(more_a / 1000000, 6) AS a_states_more, toDecimal64(more_b / 1000000, 6) AS b_states_more
FROM windows
LEFT JOIN
(
    SELECT control, comparison, run, window_from, sum(more_a) AS more_a, sum(more_b) AS more_b
    FROM reconciliation_causes
    WHERE tenant = {tenant:String} AND (control, comparison, run) IN (SELECT control, comparison, run FROM windows)
    GROUP BY control, comparison, run, window_from
) AS causes
    ON causes.control = windows.control AND causes.comparison = windows.comparison AND causes.run = windows.run AND causes.window_from = windows.window_from
ORDER BY windows.window_from DESC, id DESC
