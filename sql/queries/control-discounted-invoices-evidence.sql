-- Evidence of S19: the lines of invoices whose discounts and credits exceed everything else on them.
SELECT invoice_id, line, line_kind, service, plan, quantity, unit, amount, currency, reason, agent, period_start, period_end
FROM invoice_lines
WHERE tenant = {tenant:String} AND period_end > parseDateTime64BestEffort({at:String}, 3, 'UTC') - INTERVAL 62 DAY AND invoice_id IN
(
    SELECT invoice_id
    FROM invoice_lines
    WHERE tenant = {tenant:String} AND period_end > parseDateTime64BestEffort({at:String}, 3, 'UTC') - INTERVAL 62 DAY
    GROUP BY invoice_id
    HAVING sumIf(abs(amount), line_kind IN ('discount', 'credit')) > sumIf(amount, line_kind NOT IN ('discount', 'credit', 'tax'))
)
ORDER BY invoice_id, line
LIMIT 2000
