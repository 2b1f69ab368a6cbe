-- Each control as it stands: the latest judgement of each cell of the last two days, what is firing, and its money by class.
SELECT
    control,
    multiIf(firing > 0, 'violation', ok > 0, 'ok', waiting > 0, 'waiting', lacking > 0, 'not_applicable', 'ok') AS state,
    cells,
    firing AS violations,
    leakage, over_charge, risk, currency, judged_at,
    multiIf(state = 'violation', firing_note, state = 'ok', ok_note, state = 'waiting', waiting_note, lacking_note) AS note
FROM
(
    SELECT
        control,
        count() AS cells,
        countIf(last_state = 'ok') AS ok,
        countIf(last_state = 'waiting') AS waiting,
        countIf(last_state = 'not_applicable') AS lacking,
        argMaxIf(last_note, last_at, last_state = 'ok') AS ok_note,
        argMaxIf(last_note, last_at, last_state = 'waiting') AS waiting_note,
        argMaxIf(last_note, last_at, last_state = 'not_applicable') AS lacking_note,
        max(last_at) AS judged_at
    FROM
    (
        SELECT control, argMax(control_results.state, version) AS last_state, argMax(note, version) AS last_note, max(control_results.judged_at) AS last_at
        FROM control_results
        WHERE tenant = {tenant:String} AND control_results.judged_at >= now() - INTERVAL 2 DAY
        GROUP BY control, toString(mapSort(cell))
    )
    GROUP BY control
) AS judged
FULL OUTER JOIN
(
    SELECT
        detector AS control,
        count() AS firing,
        sumIf(findings_latest.money, money_class = 'leakage') AS leakage,
        sumIf(findings_latest.money, money_class = 'over_charge') AS over_charge,
        sumIf(findings_latest.money, money_class = 'risk') AS risk,
        max(findings_latest.currency) AS currency,
        argMax(summary, (findings_latest.money, detected_at)) AS firing_note
    FROM findings_latest
    WHERE tenant = {tenant:String} AND findings_latest.state = 'firing'
    GROUP BY detector
) AS said USING (control)
