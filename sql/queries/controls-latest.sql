-- Each control as it last judged: its worst state, cells, violations and their money.
SELECT
    control,
    multiIf(countIf(state = 'violation') > 0, 'violation', countIf(state = 'ok') > 0, 'ok', any(state)) AS state,
    count() AS cells,
    countIf(control_results_latest.state = 'violation') AS violations,
    sumIf(money, control_results_latest.state = 'violation') AS money,
    max(currency) AS currency,
    max(judged_at) AS judged_at,
    argMax(note, judged_at) AS note
FROM control_results_latest
WHERE tenant = {tenant:String} AND judged_at >= now() - INTERVAL 2 DAY
GROUP BY control
