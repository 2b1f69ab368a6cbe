-- Evidence of S16: the subscribers of an hour of a leg with the most usage among those whom no system calls active, with what each system says.
SELECT subscriber, records, seconds, octets, charge, first_at, groupArray((system, status, since)) AS stated
FROM
(
    SELECT subscriber, count() AS records, sum(billable_seconds) AS seconds, sum(octets_up + octets_down) AS octets, sum(usage.charge) AS charge, min(start_time) AS first_at
    FROM usage
    WHERE tenant = {tenant:String} AND leg = {leg:String} AND subscriber != 0 AND direction NOT IN ('mt', 'transit')
        AND toStartOfHour(start_time) >= parseDateTime64BestEffort({from:String}, 3, 'UTC')
        AND start_time >= parseDateTime64BestEffort({from:String}, 3, 'UTC') AND start_time < parseDateTime64BestEffort({to:String}, 3, 'UTC')
    GROUP BY subscriber
) AS users
LEFT JOIN
(
    SELECT system, subscription, argMax(status, (valid_from, ingest_time, position)) AS status, max(subscriptions.valid_from) AS since
    FROM subscriptions
    WHERE tenant = {tenant:String} AND subscriptions.valid_from <= parseDateTime64BestEffort({to:String}, 3, 'UTC')
    GROUP BY system, subscription
) AS states ON states.subscription = users.subscriber
GROUP BY subscriber, records, seconds, octets, charge, first_at
HAVING countIf(status = 'active') = 0
ORDER BY charge DESC, octets DESC, seconds DESC, records DESC
LIMIT 1000
