-- What a control judged within a stretch, by the end of the window (one that looks back ends when it was judged), the latest word on each; `cell` holds none of these labels with another value.
SELECT toUnixTimestamp64Milli(least(window_to, judged_at)) AS at, observed, expected, toFloat64(money) AS money, currency, state, toString(mapSort(cell)) AS cell
FROM control_results
WHERE tenant = {tenant:String} AND control = {control:String}
    AND window_to >= {from:DateTime64(3, 'UTC')} AND window_from < {to:DateTime64(3, 'UTC')}
    AND arrayAll((key, value) -> NOT mapContains(control_results.cell, key) OR control_results.cell[key] = value, {keys:Array(String)}, {values:Array(String)})
ORDER BY window_to, version DESC
LIMIT 1 BY window_from, window_to, cell
LIMIT 5000
