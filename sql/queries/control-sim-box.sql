-- Subscribers of the switch who call like a machine in a window, for N12: many calls to ever new numbers from one place, hardly any received, no
-- message received. One row per suspect, the most minutes first, and one with subscriber 0: everybody. `sims`: IMSIs seen in the same equipment.
-- `messages`: whether the leg brings messages at all.
WITH
    {from:DateTime64(3, 'UTC')} AS starts,
    {to:DateTime64(3, 'UTC')} AS ends,
    people AS
    (
        SELECT
            subscriber,
            countIf(service = 'voice' AND direction = 'mo') AS calls,
            countIf(service = 'voice' AND direction = 'mt') AS received,
            countIf(service = 'sms' AND direction = 'mt') AS messages_received,
            uniqExactIf(other_party, service = 'voice' AND direction = 'mo') AS numbers,
            uniqExactIf(cell, cell != '') AS places,
            sumIf(billable_seconds, service = 'voice' AND direction = 'mo') AS seconds,
            anyIf(equipment, equipment != 0) AS device,
            min(start_time) AS first_at,
            groupArray(1)(toString(record_id))[1] AS sample,
            any(segment) AS segment
        FROM usage
        WHERE tenant = {tenant:String} AND leg = {leg:String} AND service IN ('voice', 'sms') AND direction IN ('mo', 'mt') AND subscriber != 0
            AND toStartOfHour(start_time) >= toStartOfHour(starts) AND start_time >= starts AND start_time < ends
        GROUP BY subscriber
    ),
    devices AS
    (
        SELECT equipment AS device, uniqExact(imsi) AS sims
        FROM usage
        WHERE tenant = {tenant:String} AND leg = {leg:String} AND service IN ('voice', 'sms') AND equipment != 0 AND imsi != 0
            AND toStartOfHour(start_time) >= toStartOfHour(starts) AND start_time >= starts AND start_time < ends
            AND equipment IN (SELECT device FROM people WHERE calls > 20 AND device != 0)
        GROUP BY device
    )
SELECT *
FROM
(
    SELECT
        toString(subscriber) AS subscriber, segment, calls, received, messages_received, numbers, places, seconds, sims, first_at, sample, toUInt64(0) AS everybody, toUInt8(0) AS messages
    FROM people
    LEFT JOIN devices USING (device)
    WHERE calls > 20 AND numbers >= 0.5 * calls AND received <= 0.3 * calls
    ORDER BY seconds DESC
    LIMIT 1000
    UNION ALL
    SELECT
        '' AS subscriber, '' AS segment, sum(people.calls) AS calls, sum(people.received) AS received, sum(people.messages_received) AS messages_received, toUInt64(0) AS numbers, toUInt64(0) AS places,
        sum(seconds) AS seconds, toUInt64(0) AS sims, min(first_at) AS first_at, '' AS sample, count() AS everybody, toUInt8(sum(people.messages_received) > 0) AS messages
    FROM people
    HAVING everybody > 0
)
ORDER BY subscriber = '' DESC, seconds DESC
