-- Rated usage of closed billing periods beside the usage lines of their invoices, and accounts without an invoice, for N02. A period is closed when
-- two days have passed since its last invoice was issued, or ten since its end; the latest two of the last 100 days are judged.
-- `check` service: rated charges of the leg that charges most against the lines of the service; `alone`: share of the invoices of the time that have
-- this very period, since usage is not told apart by billing cycle. `check` account: accounts with an active subscription in billing all through the
-- period and no invoice that touches it, with the mean amount of the invoices there are.
WITH
    {instant:DateTime64(3, 'UTC')} AS now_at,
    retail AS
    (
        SELECT
            invoice_id, argMax((account, period_start, period_end, issued_at, amount), (ingest_time, position)) AS latest,
            latest.1 AS holder, latest.2 AS starts, latest.3 AS ends, latest.4 AS issued, if(any(currency) = {currency:String}, latest.5, toDecimal64(0, 6)) AS total
        FROM invoices
        WHERE tenant = {tenant:String} AND invoice_kind != 'wholesale' AND period_end > now_at - INTERVAL 100 DAY AND period_end <= now_at
        GROUP BY invoice_id
    ),
    closed AS
    (
        SELECT starts, ends, count() AS closed_count, avg(toFloat64(total)) AS closed_mean
        FROM retail
        GROUP BY starts, ends
        HAVING ends <= now_at - INTERVAL 2 DAY AND (max(issued) <= now_at - INTERVAL 2 DAY OR ends <= now_at - INTERVAL 10 DAY)
        ORDER BY closed_count >= (SELECT count() / 20 FROM retail) DESC, ends DESC
        LIMIT 2
    ),
    periods AS
    (
        SELECT closed.starts AS starts, closed.ends AS ends, any(closed_count) AS invoiced, any(closed_mean) AS mean_total, any(closed_count) / count() AS alone
        FROM closed
        CROSS JOIN retail
        WHERE retail.starts < closed.ends AND retail.ends > closed.starts
        GROUP BY starts, ends
    ),
    billed AS
    (
        SELECT retail.starts AS starts, retail.ends AS ends, line_service AS service, sum(line_amount) AS on_lines
        FROM
        (
            SELECT invoice_id, line, argMax(service, (ingest_time, position)) AS line_service, argMax(amount, (ingest_time, position)) AS line_amount
            FROM invoice_lines
            WHERE tenant = {tenant:String} AND line_kind = 'usage' AND currency = {currency:String} AND invoice_id IN (SELECT invoice_id FROM retail)
            GROUP BY invoice_id, line
        ) AS stated
        INNER JOIN retail USING (invoice_id)
        GROUP BY starts, ends, service
    ),
    charged AS
    (
        SELECT starts, ends, leg, service, sum(charge) AS amount, sum(records) AS n
        FROM usage_hour
        CROSS JOIN periods
        WHERE tenant = {tenant:String} AND leg IN ('rating', 'billing', 'ocs') AND currency = {currency:String} AND hour >= starts AND hour < ends
            AND hour >= (SELECT min(starts) FROM periods) AND hour < (SELECT max(ends) FROM periods)
        GROUP BY starts, ends, leg, service
    ),
    telling AS
    (
        SELECT starts, ends, argMax(leg, total) AS teller, min(first_hour) AS usage_from
        FROM
        (
            SELECT starts, ends, leg, sum(amount) AS total, (SELECT min(hour) FROM usage_hour WHERE tenant = {tenant:String} AND leg IN ('rating', 'billing', 'ocs')) AS first_hour
            FROM charged
            GROUP BY starts, ends, leg
        )
        GROUP BY starts, ends
    ),
    holders AS
    (
        SELECT subscription, argMax((account, status, valid_from, valid_to), (valid_from, ingest_time, position)) AS latest
        FROM subscriptions
        WHERE tenant = {tenant:String} AND system = 'billing' AND account != 0
        GROUP BY subscription
    )
SELECT *
FROM
(
    SELECT
        'service' AS check, charged.starts AS starts, charged.ends AS ends, charged.service AS service, charged.leg AS leg, charged.amount AS rated,
        billed.on_lines AS billed, alone, toUInt64(0) AS missing, invoiced AS accounts, toUInt8(usage_from <= charged.starts + INTERVAL 1 HOUR) AS covered, mean_total
    FROM charged
    INNER JOIN telling ON telling.starts = charged.starts AND telling.ends = charged.ends AND telling.teller = charged.leg
    INNER JOIN periods ON periods.starts = charged.starts AND periods.ends = charged.ends
    LEFT JOIN billed ON billed.starts = charged.starts AND billed.ends = charged.ends AND billed.service = charged.service
    UNION ALL
    SELECT
        'account' AS check, periods.starts AS starts, periods.ends AS ends, '' AS service, '' AS leg, toDecimal128(0, 6) AS rated, toDecimal128(0, 6) AS billed, alone,
        uniqExactIf(latest.1, (periods.starts, latest.1) NOT IN (SELECT closed.starts, retail.holder FROM closed CROSS JOIN retail WHERE retail.starts < closed.ends AND retail.ends > closed.starts)) AS missing,
        uniqExact(latest.1) AS accounts, toUInt8(1) AS covered, mean_total
    FROM periods
    CROSS JOIN holders
    WHERE latest.2 = 'active' AND latest.3 <= periods.starts AND (toUnixTimestamp(latest.4) = 0 OR latest.4 >= periods.ends)
    GROUP BY starts, ends, alone, mean_total
)
ORDER BY starts, check, service
