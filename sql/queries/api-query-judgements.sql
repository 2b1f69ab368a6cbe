-- What a control judged within a stretch, by the end of the window, the latest word on each; `cell` holds at least these labels.
SELECT toUnixTimestamp64Milli(window_to) AS at, observed, expected, toFloat64(money) AS money, currency, state, toString(mapSort(cell)) AS cell
FROM control_results
WHERE tenant = {tenant:String} AND control = {control:String}
    AND window_to >= {from:DateTime64(3, 'UTC')} AND window_from < {to:DateTime64(3, 'UTC')}
    AND arrayAll((key, value) -> control_results.cell[key] = value, {keys:Array(String)}, {values:Array(String)})
ORDER BY window_to, version DESC
LIMIT 1 BY window_from, window_to, cell
LIMIT 5000
