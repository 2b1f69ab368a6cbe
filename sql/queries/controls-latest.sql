-- Each control as it last judged: its worst state, cells, violations and their money.
SELECT
    control,
    multiIf(countIf(control_results_latest.state = 'violation') > 0, 'violation', countIf(control_results_latest.state = 'ok') > 0, 'ok', any(control_results_latest.state)) AS state,
    count() AS cells,
    countIf(control_results_latest.state = 'violation') AS violations,
    sumIf(control_results_latest.money, control_results_latest.state = 'violation') AS money,
    max(control_results_latest.currency) AS currency,
    max(control_results_latest.judged_at) AS judged_at,
    argMax(control_results_latest.note, control_results_latest.judged_at) AS note
FROM control_results_latest
WHERE tenant = {tenant:String} AND control_results_latest.judged_at >= now() - INTERVAL 2 DAY
GROUP BY control
