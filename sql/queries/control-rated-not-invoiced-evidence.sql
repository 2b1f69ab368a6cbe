-- Evidence of N02: what was rated for a service in a period, day by day, and the usage lines of the invoices of that period.
SELECT *
FROM
(
    SELECT 'rated' AS what, toString(toDate(hour)) AS day_or_invoice, sum(records) AS quantity, sum(charge) AS amount
    FROM usage_hour
    WHERE tenant = {tenant:String} AND leg = {leg:String} AND service = {service:String}
        AND hour >= parseDateTimeBestEffort({from:String}, 'UTC') AND hour < parseDateTimeBestEffort({to:String}, 'UTC')
    GROUP BY day_or_invoice
    UNION ALL
    SELECT 'invoiced' AS what, invoice_id AS day_or_invoice, toUInt64(count()) AS quantity, sum(amount) AS amount
    FROM invoice_lines
    WHERE tenant = {tenant:String} AND line_kind = 'usage' AND service = {service:String}
        AND period_start = parseDateTime64BestEffort({from:String}, 3, 'UTC') AND period_end = parseDateTime64BestEffort({to:String}, 3, 'UTC')
    GROUP BY invoice_id
)
ORDER BY what DESC, day_or_invoice
LIMIT 1000
