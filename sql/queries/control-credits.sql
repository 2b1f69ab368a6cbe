-- Credits of the thirty days up to now by agent, for S19: how many and how much, day by day (`days`, seconds of their beginnings) and together, how many without approval lie just below the amount from which others
-- were approved (`approval_limit`, the 5th percentile of approved amounts), and how many repeat one of the same account, amount and reason within
-- a day. Other kinds of rows: `invoice`, invoices of that time whose discounts and credits exceed everything else on them; `expired`, discount lines
-- of periods in which the discount was valid no more (tariffs of service discount with the reason of the line as tariff say until when), by
-- discount; `stacked`, the same discount more than once for a subscription (else an account) and period.
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
    discounts AS
    (
        SELECT
            invoice_id, line, argMax(reason, (ingest_time, position)) AS discount, argMax(line_kind, (ingest_time, position)) AS last_kind, argMax(account, (ingest_time, position)) AS payer,
            argMax(subscription, (ingest_time, position)) AS holder, abs(toFloat64(argMax(amount, (ingest_time, position)))) AS value,
            argMax(invoice_lines.period_start, (ingest_time, position)) AS starts, argMax(invoice_lines.period_end, (ingest_time, position)) AS ends
        FROM invoice_lines
        WHERE tenant = {tenant:String} AND currency = {currency:String} AND period_end > now_at - INTERVAL 62 DAY AND period_end <= now_at
        GROUP BY invoice_id, line
        HAVING last_kind = 'discount'
    ),
    terms AS
    (
        SELECT tariff AS named, groupArray((valid_from, ends)) AS validities
        FROM
        (
            SELECT tariff, version, valid_from, argMax(valid_to, (ingest_time, position)) AS ends
            FROM tariffs
            WHERE tenant = {tenant:String} AND service = 'discount'
            GROUP BY tariff, version, valid_from
        )
        GROUP BY tariff
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
        assumeNotNull(approval_limit) AS approval_limit, min(event_time) AS first_at,
        minIf(event_time, approval = '' AND assumeNotNull(approval_limit) > 0 AND value >= 0.9 * assumeNotNull(approval_limit) AND value < assumeNotNull(approval_limit)) AS near_from,
        minIf(event_time, before IS NOT NULL AND event_time <= before + INTERVAL 1 DAY AND (account != 0 OR subscription != 0)) AS repeats_from,
        tupleElement(sumMap([toUnixTimestamp(toStartOfDay(event_time))], [value]), 1) AS days,
        tupleElement(sumMap([toUnixTimestamp(toStartOfDay(event_time))], [value]), 2) AS day_amounts
    FROM granted
    GROUP BY agent
    UNION ALL
    SELECT
        'invoice' AS kind, '' AS subject, countIf(taken > given) AS credits, sumIf(taken - given, taken > given) AS amount, uniqExactIf(account, taken > given) AS customers, toUInt64(0) AS near, 0 AS near_amount,
        count() AS unapproved, toUInt64(0) AS repeats, 0 AS repeats_amount, 0 AS approval_limit, minIf(period_start, taken > given) AS first_at,
        toDateTime64(0, 3, 'UTC') AS near_from, toDateTime64(0, 3, 'UTC') AS repeats_from, CAST([], 'Array(UInt32)') AS days, CAST([], 'Array(Float64)') AS day_amounts
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
    UNION ALL
    SELECT
        'expired' AS kind, discount AS subject, countIf(expired) AS credits, sumIf(value, expired) AS amount, uniqExactIf((payer, holder), expired) AS customers, toUInt64(0) AS near, 0 AS near_amount,
        count() AS unapproved, toUInt64(0) AS repeats, 0 AS repeats_amount, 0 AS approval_limit, minIf(starts, expired) AS first_at,
        toDateTime64(0, 3, 'UTC') AS near_from, toDateTime64(0, 3, 'UTC') AS repeats_from, CAST([], 'Array(UInt32)') AS days, CAST([], 'Array(Float64)') AS day_amounts
    FROM
    (
        SELECT *, NOT arrayExists(each -> each.1 < ends AND (toUnixTimestamp(each.2) = 0 OR each.2 > starts), validities) AS expired
        FROM discounts
        INNER JOIN terms ON terms.named = discounts.discount
    )
    GROUP BY discount
    UNION ALL
    SELECT
        'stacked' AS kind, discount AS subject, toUInt64(sum(n) - count()) AS credits, sum(total - largest) AS amount, uniqExact(payer, holder) AS customers, toUInt64(0) AS near, 0 AS near_amount,
        toUInt64(sum(n)) AS unapproved, toUInt64(0) AS repeats, 0 AS repeats_amount, 0 AS approval_limit, min(starts) AS first_at,
        toDateTime64(0, 3, 'UTC') AS near_from, toDateTime64(0, 3, 'UTC') AS repeats_from, CAST([], 'Array(UInt32)') AS days, CAST([], 'Array(Float64)') AS day_amounts
    FROM
    (
        SELECT discount, payer, holder, starts, count() AS n, sum(value) AS total, max(value) AS largest
        FROM discounts
        WHERE discount != '' AND (holder != 0 OR payer != 0)
        GROUP BY discount, payer, holder, starts
        HAVING n > 1
    )
    GROUP BY discount
)
ORDER BY kind, amount DESC
LIMIT 20000
