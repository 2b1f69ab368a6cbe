-- Evidence of S09: the lines of a wholesale invoice, and what the usage files of the host charge in its period, day by day and service by service.
SELECT 'line' AS what, toString(line) AS item, service, zone, quantity, unit, toString(amount) AS amount
FROM invoice_lines
WHERE tenant = {tenant:String} AND invoice_id = {invoice:String}
ORDER BY service, line
LIMIT 1000
UNION ALL
SELECT 'usage' AS what, toString(toDate(hour)) AS item, service, '' AS zone,
    multiIf(service = 'voice', sum(billable_seconds) / 60, service = 'data', toFloat64(sum(octets_up) + sum(octets_down)) / 1048576, toFloat64(sum(events))) AS quantity,
    multiIf(service = 'voice', 'minute', service = 'data', 'mib', 'event') AS unit, toString(sum(wholesale_charge)) AS amount
FROM usage_hour
WHERE tenant = {tenant:String} AND leg = 'mno_wholesale' AND hour >= parseDateTime64BestEffort({from:String}, 3, 'UTC') AND hour < parseDateTime64BestEffort({to:String}, 3, 'UTC')
GROUP BY item, service
ORDER BY item, service
LIMIT 1000
