-- The latest judgement of each control, window and cell, the latest first, after a cursor; empty means any.
SELECT control, window_from, window_to, cell, observed, expected, statistic, p, money, currency, watermarks, state, note, judged_at,
    toString(cityHash64(control, window_from, window_to, toString(mapSort(cell)))) AS id
FROM
(
    SELECT control, window_from, window_to, cell, observed, expected, statistic, p, money, currency, watermarks, state, note, judged_at
    FROM control_results
    WHERE tenant = {tenant:String} AND ({control:String} = '' OR control = {control:String})
    ORDER BY version DESC, judged_at DESC
    LIMIT 1 BY control, window_from, window_to, toString(mapSort(cell))
)
WHERE ({state:String} = '' OR state = {state:String})
  AND judged_at >= {since:DateTime64(3, 'UTC')}
  AND (judged_at, id) < ({after_at:DateTime64(3, 'UTC')}, {after_id:String})
ORDER BY judged_at DESC, id DESC
LIMIT {limit:UInt32}
