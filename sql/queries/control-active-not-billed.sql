-- Subscriptions that the network serves beside those that billing (or the charging system) charges, as they hold now, for S15. `state` of each:
-- the latest statement of the latest validity. Only what has held for two days is compared, and no later than the older of both snapshots, so
-- that both sides had time to hear of it. `monthly`: recurring charge per month, or the mean of the plan in billing; `days` since then, at most 90.
-- checks: active_not_billed, billed_not_active, plan_below (billed for less than is served), plan_above. `base`: active ones in the system.
WITH
    {instant:DateTime64(3, 'UTC')} AS now_at,
    stated AS
    (
        SELECT
            system, subscription,
            argMax((status, plan, segment, recurring_charge, currency, valid_from, valid_to), (valid_from, ingest_time, position)) AS latest
        FROM subscriptions
        WHERE tenant = {tenant:String} AND subscription != 0 AND valid_from <= now_at
            AND system IN ('hlr', 'hss', 'udm', 'aaa', 'cmts', 'olt', 'billing', 'ocs')
        GROUP BY system, subscription
    ),
    states AS
    (
        SELECT
            system, subscription, latest.2 AS plan, latest.3 AS segment, if(latest.5 = {currency:String}, latest.4, toDecimal64(0, 6)) AS monthly,
            latest.6 AS since, if(toUnixTimestamp(latest.7) > 0 AND latest.7 <= now_at, latest.7, latest.6) AS changed,
            if(toUnixTimestamp(latest.7) > 0 AND latest.7 <= now_at, 'ceased', latest.1) AS status
        FROM stated
    ),
    fresh AS
    (
        SELECT if(system IN ('billing', 'ocs'), 'billed', system) AS side, max(ingest_time) AS at
        FROM subscriptions
        WHERE tenant = {tenant:String} AND system IN ('hlr', 'hss', 'udm', 'aaa', 'cmts', 'olt', 'billing', 'ocs')
        GROUP BY side
    ),
    billed AS
    (
        SELECT subscription, any(plan) AS plan, any(segment) AS segment, max(monthly) AS monthly, min(since) AS since, max(changed) AS changed,
            max(status IN ('active', 'suspended')) AS active
        FROM states
        WHERE system IN ('billing', 'ocs')
        GROUP BY subscription
    ),
    prices AS
    (
        SELECT plan, avg(toFloat64(monthly)) AS price FROM billed WHERE active AND monthly > 0 GROUP BY plan
    ),
    served AS
    (
        SELECT
            system, subscription, plan, segment, monthly, since, changed, status,
            least(now_at, (SELECT min(at) FROM fresh WHERE side = 'billed'), (SELECT min(at) FROM fresh WHERE side != 'billed')) - INTERVAL 2 DAY AS settled
        FROM states
        WHERE system NOT IN ('billing', 'ocs') AND (SELECT count() FROM fresh WHERE side = 'billed') > 0
    ),
    compared AS
    (
        SELECT
            served.system AS system,
            multiIf(
                served.status = 'active' AND served.changed <= settled AND (billed.subscription = 0 OR (NOT billed.active AND billed.changed <= settled)), 'active_not_billed',
                served.status IN ('ceased', 'pending') AND served.changed <= settled AND billed.active AND billed.since <= settled, 'billed_not_active',
                served.status = 'active' AND billed.active AND served.plan != '' AND billed.plan != '' AND served.plan != billed.plan
                    AND served.changed <= settled AND billed.changed <= settled,
                    if(served_price.price > billed_price.price, 'plan_below', 'plan_above'),
                ''
            ) AS check,
            served.status = 'active' AS active,
            if(check = 'billed_not_active', billed.plan, served.plan) AS plan,
            served.segment AS segment,
            multiIf(
                check = 'active_not_billed', if(served.monthly > 0, toFloat64(served.monthly), served_price.price),
                check = 'billed_not_active', toFloat64(billed.monthly),
                check IN ('plan_below', 'plan_above'), abs(served_price.price - billed_price.price),
                0
            ) AS monthly,
            greatest(served.changed, if(check = 'active_not_billed' AND billed.subscription != 0, billed.changed, served.changed)) AS since
        FROM served
        LEFT JOIN billed ON billed.subscription = served.subscription
        LEFT JOIN prices AS served_price ON served_price.plan = served.plan
        LEFT JOIN prices AS billed_price ON billed_price.plan = billed.plan
        UNION ALL
        SELECT
            'any' AS system, 'billed_not_active' AS check, false AS active, billed.plan AS plan, billed.segment AS segment, toFloat64(billed.monthly) AS monthly, billed.changed AS since
        FROM billed
        WHERE billed.active AND billed.since <= (SELECT min(at) FROM fresh) - INTERVAL 2 DAY
            AND subscription NOT IN (SELECT subscription FROM states WHERE system NOT IN ('billing', 'ocs'))
            AND (SELECT count() FROM fresh WHERE side != 'billed') > 0
    )
SELECT
    system, check, plan, count() AS subscriptions, countIf(active) AS base, sum(compared.monthly) AS per_month,
    sum(compared.monthly * least(90, greatest(0, dateDiff('day', since, now_at))) / 30) AS worth,
    min(since) AS began_at,
    sumMap([toString(segment)], [toUInt64(1)]) AS by_segment, by_segment.1 AS segments, by_segment.2 AS segment_counts,
    toUInt8((SELECT count() FROM fresh WHERE side = 'billed') > 0) AS billing_known,
    toUInt8((SELECT count() FROM fresh WHERE side != 'billed') > 0) AS network_known
FROM compared
GROUP BY system, check, plan
ORDER BY system, check, worth DESC
