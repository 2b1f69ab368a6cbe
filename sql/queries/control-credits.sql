-- Credits of the thirty days up to now by agent, for S19: how many and how much, how many without approval lie just below the amount from which others
-- were approved (`approval_limit`, the 5th percentile of approved amounts), and how many repeat one of the same account, amount and reason within
-- a day. A second kind of row (`kind` invoice): invoices of that time whose discounts and credits exceed everything else on them.
WITH
    {instant:DateTime64(3, 'UTC')} AS now_at,
    granted AS
    (
        SELECT
            agent, account, subscription, reason, approval, event_time, abs(toFloat64(amount)) AS value,
            lagInFrame(toNullable(event_time)) OVER (PARTITION BY account, subscription, reason, abs(amount) ORDER BY event_time ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS before
        FROM credits
        WHERE tenant = {tenant:String} AND currency = {currency:String} AND event_time > now_at - INTERVAL 30 DAY AND event_time <= now_at
    ),
    (SELECT if(countIf(approval != '') >= 20, quantileExactIf(0.05)(value, approval != ''), 0) FROM granted) AS approval_limit
SELECT *
FROM
(
    SELECT
        'agent' AS kind, agent AS subject, count() AS credits, sum(value) AS amount, uniqExact(account, subscription) AS customers,
        countIf(approval = '' AND assumeNotNull(approval_limit) > 0 AND value >= 0.9 * assumeNotNull(approval_limit) AND value < assumeNotNull(approval_limit)) AS near,
        sumIf(value, approval = '' AND assumeNotNull(approval_limit) > 0 AND value >= 0.9 * assumeNotNull(approval_limit) AND value < assumeNotNull(approval_limit)) AS near_amount,
        countIf(approval = '') AS unapproved,
        countIf(before IS NOT NULL AND event_time <= before + INTERVAL 1 DAY AND (account != 0 OR subscription != 0)) AS repeats,
        sumIf(value, before IS NOT NULL AND event_time <= before + INTERVAL 1 DAY AND (account != 0 OR subscription != 0)) AS repeats_amount,
        assumeNotNull(approval_limit) AS approval_limit, min(event_time) AS first_at
    FROM granted
    GROUP BY agent
    UNION ALL
    SELECT
        'invoice' AS kind, '' AS subject, countIf(taken > given) AS credits, sumIf(taken - given, taken > given) AS amount, uniqExactIf(account, taken > given) AS customers, toUInt64(0) AS near, 0 AS near_amount,
        count() AS unapproved, toUInt64(0) AS repeats, 0 AS repeats_amount, 0 AS approval_limit, minIf(period_start, taken > given) AS first_at
    FROM
    (
        SELECT
            invoice_id, any(account) AS account, min(period_start) AS period_start,
            sumIf(abs(toFloat64(amount)), line_kind IN ('discount', 'credit')) AS taken,
            sumIf(toFloat64(amount), line_kind NOT IN ('discount', 'credit', 'tax')) AS given
        FROM
        (
            SELECT invoice_id, line, argMax(account, (ingest_time, position)) AS account, argMax(line_kind, (ingest_time, position)) AS line_kind,
                argMax(amount, (ingest_time, position)) AS amount, min(invoice_lines.period_start) AS period_start
            FROM invoice_lines
            WHERE tenant = {tenant:String} AND currency = {currency:String} AND period_end > now_at - INTERVAL 62 DAY AND period_end <= now_at
            GROUP BY invoice_id, line
        )
        GROUP BY invoice_id
    )
    HAVING count() > 0
)
ORDER BY kind, amount DESC
LIMIT 20000
