-- Evidence of S19: the lines of a discount of two months, of subscriptions that have it more than once for a period first, with until when it was valid.
SELECT
    invoice_id, line, account, subscription, period_start, period_end, amount, reason, agent,
    count() OVER (PARTITION BY account, subscription, period_start) AS times,
    (SELECT max(if(toUnixTimestamp(valid_to) = 0, toDateTime64('2200-01-01 00:00:00', 3, 'UTC'), valid_to)) FROM tariffs WHERE tenant = {tenant:String} AND service = 'discount' AND tariff = {discount:String}) AS valid_until
FROM invoice_lines
WHERE tenant = {tenant:String} AND line_kind = 'discount' AND reason = {discount:String}
    AND period_end > parseDateTime64BestEffort({at:String}, 3, 'UTC') - INTERVAL 62 DAY AND period_end <= parseDateTime64BestEffort({at:String}, 3, 'UTC')
ORDER BY times DESC, period_end DESC, account, subscription
LIMIT 1000
