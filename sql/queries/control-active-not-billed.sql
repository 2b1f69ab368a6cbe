-- Subscriptions that the network serves beside those that billing (or the charging system) charges, as they hold now, for S15. `state` of each:
-- the latest statement of the latest validity. Only what has held for two days is compared, and no later than the older of both snapshots, so
-- that both sides had time to hear of it. `monthly`: recurring charge per month, or the mean of the plan in billing; `days` since then, at most 90.
-- checks: active_not_billed, billed_not_active, plan_below (billed for less than is served), plan_above, profile (the same
-- plan, other service flags: `profile` has those of the network alone with +, those of billing alone with -). `base`: active ones in the system.
WITH
    {instant:DateTime64(3, 'UTC')} AS now_at,
    (
        SELECT (maxIf(ingest_time, system IN ('billing', 'ocs')), maxIf(ingest_time, system NOT IN ('billing', 'ocs')))
        FROM subscriptions
        WHERE tenant = {tenant:String} AND system IN ('hlr', 'hss', 'udm', 'aaa', 'cmts', 'olt', 'billing', 'ocs')
    ) AS fresh,
    toUnixTimestamp(fresh.1) > 0 AS billing_is_known,
    toUnixTimestamp(fresh.2) > 0 AS network_is_known,
    least(now_at, fresh.1, fresh.2) - INTERVAL 2 DAY AS settled,
    -- Flags that both sides use: one that only one side knows is another way of writing.
    (
        SELECT groupArray(flag)
        FROM
        (
            SELECT arrayJoin(splitByWhitespace(toString(service_flags))) AS flag
            FROM subscriptions
            WHERE tenant = {tenant:String} AND system IN ('hlr', 'hss', 'udm', 'aaa', 'cmts', 'olt', 'billing', 'ocs') AND service_flags != ''
            GROUP BY flag
            HAVING countIf(system IN ('billing', 'ocs')) > 0 AND countIf(system NOT IN ('billing', 'ocs')) > 0
        )
    ) AS common,
    prices AS
    (
        SELECT plan AS priced_plan, avg(toFloat64(recurring_charge)) AS price
        FROM subscriptions
        WHERE tenant = {tenant:String} AND system IN ('billing', 'ocs') AND currency = {currency:String} AND recurring_charge > 0 AND status = 'active'
        GROUP BY plan
    ),
    -- one pass: each system's latest statement, then one row per subscription with what the network systems and what billing say
    known AS
    (
        SELECT
            subscription,
            groupArrayIf((system, status, plan, segment, monthly, changed, flags), NOT pays) AS network,
            countIf(pays) > 0 AS in_billing,
            maxIf(status IN ('active', 'suspended'), pays) AS billed,
            anyIf(plan, pays) AS billed_plan, anyIf(segment, pays) AS billed_segment, maxIf(monthly, pays) AS billed_monthly, anyIf(flags, pays) AS billed_flags,
            maxIf(changed, pays) AS billed_changed, minIf(since, pays) AS billed_since
        FROM
        (
            SELECT
                system, subscription, system IN ('billing', 'ocs') AS pays,
                toString(latest.2) AS plan, toString(latest.3) AS segment, if(latest.5 = {currency:String}, toFloat64(latest.4), 0) AS monthly, latest.6 AS since, splitByWhitespace(toString(latest.8)) AS flags,
                toUnixTimestamp(latest.7) > 0 AND latest.7 <= now_at AS ended, if(ended, latest.7, latest.6) AS changed, if(ended, 'ceased', toString(latest.1)) AS status
            FROM
            (
                SELECT
                    system, subscription,
                    argMax((status, plan, segment, recurring_charge, currency, valid_from, valid_to, service_flags), (valid_from, ingest_time, position)) AS latest
                FROM subscriptions
                WHERE tenant = {tenant:String} AND subscription != 0 AND valid_from <= now_at
                    AND system IN ('hlr', 'hss', 'udm', 'aaa', 'cmts', 'olt', 'billing', 'ocs')
                GROUP BY system, subscription
            )
        )
        GROUP BY subscription
    ),
    compared AS
    (
        SELECT
            toString(each.1) AS system, each.2 = 'active' AS active,
            multiIf(
                NOT billing_is_known, '',
                each.1 = 'any', if(billed AND billed_since <= settled AND network_is_known, 'billed_not_active', ''),
                active AND each.6 <= settled AND (NOT in_billing OR (NOT billed AND billed_changed <= settled)), 'active_not_billed',
                each.2 IN ('ceased', 'pending') AND each.6 <= settled AND billed AND billed_since <= settled, 'billed_not_active',
                active AND billed AND each.3 != '' AND billed_plan != '' AND each.3 != billed_plan AND each.6 <= settled AND billed_changed <= settled,
                    if(served_price.price > billed_price.price, 'plan_below', 'plan_above'),
                active AND billed AND each.6 <= settled AND billed_changed <= settled AND profile_differs != '', 'profile',
                ''
            ) AS check,
            arrayStringConcat(
                arraySort(arrayConcat(
                    arrayMap(flag -> concat('+', flag), arrayFilter(flag -> has(common, flag) AND NOT has(billed_flags, flag), each.7)),
                    arrayMap(flag -> concat('-', flag), arrayFilter(flag -> has(common, flag) AND NOT has(each.7, flag), billed_flags))
                )),
                ' '
            ) AS profile_differs,
            if(check = 'profile', profile_differs, '') AS profile,
            if(check = 'billed_not_active', billed_plan, each.3) AS plan,
            if(each.1 = 'any', billed_segment, each.4) AS segment,
            multiIf(
                check = 'active_not_billed', if(each.5 > 0, each.5, served_price.price),
                check = 'billed_not_active', billed_monthly,
                check IN ('plan_below', 'plan_above'), abs(served_price.price - billed_price.price),
                0
            ) AS monthly,
            -- A difference stands since the later of the two statements that differ.
            if(each.1 = 'any', billed_changed, greatest(each.6, billed_changed)) AS since
        FROM
        (
            SELECT *, each, each.3 AS served_plan
            FROM known
            ARRAY JOIN if(empty(network), [('any', '', '', '', toFloat64(0), toDateTime64(0, 3, 'UTC'), CAST([], 'Array(String)'))], network) AS each
        ) AS pair
        LEFT JOIN prices AS served_price ON served_price.priced_plan = pair.served_plan
        LEFT JOIN prices AS billed_price ON billed_price.priced_plan = pair.billed_plan
    )
SELECT
    system, check, plan, profile, count() AS subscriptions, countIf(active) AS base, sum(compared.monthly) AS per_month,
    sum(compared.monthly * least(90, greatest(0, dateDiff('second', since, now_at) / 86400)) / 30) AS worth,
    min(since) AS began_at,
    sumMap([toString(segment)], [toUInt64(1)]) AS by_segment, by_segment.1 AS segments, by_segment.2 AS segment_counts,
    toUInt8(billing_is_known) AS billing_known,
    toUInt8(network_is_known) AS network_known
FROM compared
GROUP BY system, check, plan, profile
ORDER BY system, check, worth DESC, subscriptions DESC
