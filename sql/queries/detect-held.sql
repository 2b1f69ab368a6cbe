-- Violating cells of a control that still count, in their latest version, oldest judgement first.
SELECT
    labels AS cell,
    min(window_from) AS since,
    max(window_to) AS until,
    argMax(observed, version) AS value,
    argMax(expected, version) AS awaited,
    argMax(money, version) AS amount,
    argMax(currency, version) AS coin,
    argMax(note, version) AS text,
    max(judged_at) AS last_at
FROM
(
    SELECT toJSONString(cell) AS labels, window_from, window_to, observed, expected, money, currency, note, judged_at, version, state
    FROM control_results
    WHERE tenant = {tenant:String} AND control = {control:String} AND judged_at >= {since:DateTime64(3, 'UTC')}
)
GROUP BY labels
HAVING argMax(state, version) = 'violation'
ORDER BY last_at
