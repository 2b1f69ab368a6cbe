-- Evidence of S15: subscriptions as each system states them, for those that the systems disagree about; pseudonyms only.
SELECT subscription, groupArray((system, status, plan, flags, recurring_charge, since)) AS stated
FROM
(
    SELECT
        system, subscription,
        argMax(status, (valid_from, ingest_time, position)) AS status, argMax(plan, (valid_from, ingest_time, position)) AS plan,
        argMax(service_flags, (valid_from, ingest_time, position)) AS flags, argMax(recurring_charge, (valid_from, ingest_time, position)) AS recurring_charge, max(subscriptions.valid_from) AS since
    FROM subscriptions
    WHERE tenant = {tenant:String} AND subscription != 0 AND subscriptions.valid_from <= parseDateTime64BestEffort({at:String}, 3, 'UTC')
        AND system IN ('hlr', 'hss', 'udm', 'aaa', 'cmts', 'olt', 'billing', 'ocs')
    GROUP BY system, subscription
)
GROUP BY subscription
HAVING
    ({check:String} = 'active_not_billed' AND countIf(status = 'active' AND system NOT IN ('billing', 'ocs')) > 0 AND countIf(status IN ('active', 'suspended') AND system IN ('billing', 'ocs')) = 0)
    OR ({check:String} = 'billed_not_active' AND countIf(status = 'active' AND system IN ('billing', 'ocs')) > 0 AND countIf(status IN ('active', 'suspended', 'test') AND system NOT IN ('billing', 'ocs')) = 0)
    OR ({check:String} LIKE 'plan_%' AND uniqExactIf(plan, plan != '' AND status = 'active') > 1)
    OR ({check:String} = 'profile' AND uniqExactIf(arraySort(splitByWhitespace(toString(flags))), status = 'active') > 1)
ORDER BY subscription
LIMIT 1000
