-- Usage of a leg by what is known of its subscriber, for S16: of the window that closed, those who were ceased, suspended or a test when it took
-- place; of the same time a day before, also those whom no system knew then or since, so that a snapshot of the subscriptions has a day to come.
-- A subscription is known by its number or its IMSI. It counts as ceased, suspended or test where a system had said so an hour before and none
-- called it active; where a system that charges (billing, ocs, crm) knows it, only those are asked. `known`: systems that state subscriptions. One row per check, and one with an empty check: all usage of the window.
WITH
    {from:DateTime64(3, 'UTC')} AS starts,
    {to:DateTime64(3, 'UTC')} AS ends,
    -- The leg that charges a service tells of its usage: what it has, no other leg says once more. What never reached it, another leg tells a day later.
    charging AS
    (
        SELECT service, argMin(leg, indexOf(['rating', 'ocs', 'billing'], toString(leg))) AS charging_leg
        FROM
        (
            SELECT service, leg, sum(usage_hour.charge) AS charged
            FROM usage_hour
            WHERE tenant = {tenant:String} AND leg IN ('rating', 'ocs', 'billing') AND hour >= toStartOfHour(starts) - INTERVAL 1 DAY AND hour < ends
            GROUP BY service, leg
            HAVING charged > 0
        )
        GROUP BY service
    ),
    charged_users AS
    (
        SELECT subscriber, service
        FROM usage
        WHERE tenant = {tenant:String} AND (service, leg) IN (SELECT service, charging_leg FROM charging) AND leg != {leg:String} AND subscriber != 0
            AND toStartOfHour(start_time) >= starts - INTERVAL 28 HOUR AND start_time < ends - INTERVAL 20 HOUR
        GROUP BY subscriber, service
    ),
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
            AND (start_time < starts OR (service, leg) IN (SELECT service, charging_leg FROM charging) OR service NOT IN (SELECT service FROM charging))
        GROUP BY earlier, subscriber, service
    ),
    stated AS
    (
        SELECT
            system, subscription, any(subscriptions.imsi) AS imsi,
            argMaxIf((status, valid_to), (valid_from, ingest_time, position), valid_from <= starts - INTERVAL 1 HOUR) AS latest,
            argMaxIf((status, valid_to), (valid_from, ingest_time, position), valid_from <= starts - INTERVAL 25 HOUR) AS day_before
        FROM subscriptions
        WHERE tenant = {tenant:String}
            AND (subscription IN (SELECT subscriber FROM users) OR (subscriptions.imsi != 0 AND subscriptions.imsi IN (SELECT users.imsi FROM users WHERE users.imsi != 0)))
        GROUP BY system, subscription
    ),
    statuses AS
    (
        SELECT
            identity,
            groupUniqArrayIf(status, payer) AS paying, if(empty(paying), groupUniqArray(status), paying) AS all,
            groupUniqArrayIf(status_before, payer) AS paying_before, if(empty(paying_before), groupUniqArray(status_before), paying_before) AS all_before
        FROM
        (
            SELECT
                arrayJoin(arrayFilter(each -> each != 0, [subscription, imsi])) AS identity,
                system IN ('billing', 'ocs', 'crm') AS payer,
                if(toUnixTimestamp(latest.2) > 0 AND latest.2 <= starts - INTERVAL 1 HOUR, 'ceased', latest.1) AS status,
                if(toUnixTimestamp(day_before.2) > 0 AND day_before.2 <= starts - INTERVAL 25 HOUR, 'ceased', day_before.1) AS status_before
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
        arrayConcat(by_number.all, by_imsi.all) AS known_states,
        if(earlier, arrayConcat(by_number.all_before, by_imsi.all_before), known_states) AS states,
        (service, {leg:String}) IN (SELECT service, toString(charging_leg) FROM charging) OR service NOT IN (SELECT service FROM charging) AS tells,
        NOT tells AND (subscriber, service) IN (SELECT subscriber, service FROM charged_users) AS told,
        arrayJoin(arrayFilter(each -> each != '-', [
            if(earlier, 'all_earlier', ''),
            multiIf(
                told, '-',
                empty(known_states), if(earlier, 'unknown', '-'),
                (earlier AND tells) OR has(states, 'active') OR has(states, '') OR has(states, 'pending'), '-',
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
