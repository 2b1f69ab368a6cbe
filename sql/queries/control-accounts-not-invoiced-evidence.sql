-- Evidence of N02: accounts with an active subscription in billing all through a period and no invoice that touches it; pseudonyms.
SELECT latest.1 AS account, count() AS subscriptions, groupUniqArray(latest.5) AS plans, min(latest.3) AS active_since
FROM
(
    SELECT subscription, argMax((account, status, valid_from, valid_to, plan), (valid_from, ingest_time, position)) AS latest
    FROM subscriptions
    WHERE tenant = {tenant:String} AND system = 'billing' AND account != 0
    GROUP BY subscription
)
WHERE latest.2 = 'active' AND latest.3 <= parseDateTime64BestEffort({from:String}, 3, 'UTC')
    AND (toUnixTimestamp(latest.4) = 0 OR latest.4 >= parseDateTime64BestEffort({to:String}, 3, 'UTC'))
    AND latest.1 NOT IN
    (
        SELECT account FROM invoices
        WHERE tenant = {tenant:String} AND invoice_kind != 'wholesale' AND period_start < parseDateTime64BestEffort({to:String}, 3, 'UTC')
            AND period_end > parseDateTime64BestEffort({from:String}, 3, 'UTC')
    )
GROUP BY account
ORDER BY active_since
LIMIT 1000
