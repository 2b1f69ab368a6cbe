-- Usage of a leg by what is known of its subscriber, for S16: of the window that closed, those who were ceased, suspended or a test when it took
-- place; of the same time a day before, also those whom no system knew then or since, so that a snapshot of the subscriptions has a day to come.
-- A subscription is known by its number or its IMSI. It counts as ceased, suspended or test where a system had said so an hour before and none
-- called it active; where a system that charges (billing, ocs, crm) knows it, only those are asked. `known`: systems that state subscriptions. One row per check, and one with an empty check: all usage of the window.
WITH
    {from:DateTime64(3, 'UTC')} AS starts,
    {to:DateTime64(3, 'UTC')} AS ends,
    users AS
    (
        SELECT
            start_time < starts AS earlier, subscriber, any(imsi) AS imsi, service, count() AS records, any(segment) AS segment,
            sumIf(usage.charge, currency = {currency:String}) AS charge, min(start_time) AS first_at, any(toString(record_id)) AS sample
        FROM usage
        WHERE tenant = {tenant:String} AND leg = {leg:String} AND subscriber != 0 AND direction NOT IN ('mt', 'transit')
            AND (
                (toStartOfHour(start_time) >= starts AND start_time >= starts AND start_time < ends)
                OR (toStartOfHour(start_time) >= starts - INTERVAL 1 DAY AND start_time >= starts - INTERVAL 1 DAY AND start_time < ends - INTERVAL 1 DAY)
            )
        GROUP BY earlier, subscriber, service
    ),
    stated AS
    (
        SELECT
            system, subscription, any(subscriptions.imsi) AS imsi,
            argMaxIf((status, valid_to), (valid_from, ingest_time, position), valid_from <= starts - INTERVAL 1 HOUR) AS latest
        FROM subscriptions
        WHERE tenant = {tenant:String}
            AND (subscription IN (SELECT subscriber FROM users) OR (subscriptions.imsi != 0 AND subscriptions.imsi IN (SELECT users.imsi FROM users WHERE users.imsi != 0)))
        GROUP BY system, subscription
    ),
    statuses AS
    (
        SELECT identity, groupUniqArrayIf(status, payer) AS paying, if(empty(paying), groupUniqArray(status), paying) AS all
        FROM
        (
            SELECT
                arrayJoin(arrayFilter(each -> each != 0, [subscription, imsi])) AS identity,
                system IN ('billing', 'ocs', 'crm') AS payer,
                if(toUnixTimestamp(latest.2) > 0 AND latest.2 <= starts - INTERVAL 1 HOUR, 'ceased', latest.1) AS status
            FROM stated
        )
        GROUP BY identity
    )
SELECT
    check, service, sum(n) AS records, uniqExactIf(subscriber, subscriber != 0) AS subscribers, sum(charged) AS charge, min(first_at) AS first_at,
    groupArray(5)(sample) AS samples,
    (SELECT uniqExact(system) FROM subscriptions WHERE tenant = {tenant:String}) AS known
FROM
(
    SELECT
        users.service AS service, users.subscriber AS subscriber, users.records AS n, users.charge AS charged, users.first_at AS first_at, users.sample AS sample,
        arrayConcat(by_number.all, by_imsi.all) AS states,
        arrayJoin(arrayFilter(each -> each != '-', [
            if(earlier, 'all_earlier', ''),
            multiIf(
                empty(states), if(earlier, 'unknown', '-'),
                earlier OR has(states, 'active') OR has(states, '') OR has(states, 'pending'), '-',
                has(states, 'test'), 'test',
                has(states, 'suspended'), 'suspended',
                has(states, 'ceased'), 'ceased',
                '-'
            )
        ])) AS check
    FROM users
    LEFT JOIN statuses AS by_number ON by_number.identity = users.subscriber
    LEFT JOIN statuses AS by_imsi ON by_imsi.identity = users.imsi
)
GROUP BY check, service
ORDER BY check, charge DESC
