-- Clocks and counters of the nodes of a leg in a closed hour, for S20. Pairs: records of the hour and of the hour a day before whose charging id a
-- record of another leg has within three hours; the median of the differences of their starts, by node and other leg, own less other, in seconds.
-- `moved_charge`: charges of those of the hour that the two legs put into different days of the operator. Of much usage a part is taken, by a hash of the id. Counters (rows with an empty `other`): records that last more than a day, that claim to last
-- far longer than from start to end, that lie ahead of the clock, data faster than any access line, and counters of a session (interim, stop) that are
-- less than the same session had stated before (`fell`), of which by nearly 2^32 (`rolled`: a counter of 32 bits), with the octets that are lost by it.
-- `wrong_charge`: what records of impossible length charge beyond the time from answer (else start) to end, at the price of a second of the sound records of
-- their node, service, tariff and zone in the hour.
WITH
    {from:DateTime64(3, 'UTC')} AS starts,
    {to:DateTime64(3, 'UTC')} AS ends,
    (
        SELECT greatest(1, intDiv(sum(records), 200000))
        FROM usage_hour
        WHERE tenant = {tenant:String} AND leg = {leg:String} AND hour >= toStartOfHour(starts) AND hour < ends
    ) AS every,
    own AS
    (
        SELECT node, charging_id, start_time, start_time < starts AS earlier, charge
        FROM usage
        WHERE tenant = {tenant:String} AND leg = {leg:String} AND charging_id != '' AND partial_sequence <= 1 AND cityHash64(charging_id) % assumeNotNull(every) = 0
            AND ((toStartOfHour(start_time) >= toStartOfHour(starts) AND start_time >= starts AND start_time < ends)
                OR (toStartOfHour(start_time) >= toStartOfHour(starts) - INTERVAL 1 DAY AND start_time >= starts - INTERVAL 1 DAY AND start_time < ends - INTERVAL 1 DAY))
    ),
    falls AS
    (
        SELECT node, countIf(total < before) AS fell, countIf(total < before AND before >= 3221225472 AND total < 4294967296 AND before < 4294967296) AS rolled, sumIf(before - total, total < before) AS lost_octets,
            uniqExactIf(subscriber, total < before AND subscriber != 0) AS fell_customers, minIf(start_time, total < before) AS fell_at, groupArrayIf(5)(record, total < before) AS fell_samples
        FROM
        (
            SELECT
                node, subscriber, start_time, toString(record_id) AS record, octets_up + octets_down AS total,
                max(octets_up + octets_down) OVER (PARTITION BY node, session_id ORDER BY duration_seconds, lower(closing_cause) = 'stop', ingest_time, record_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
            FROM usage
            WHERE tenant = {tenant:String} AND leg = {leg:String} AND service = 'data' AND session_id != '' AND lower(closing_cause) IN ('interim', 'stop')
                AND toStartOfHour(start_time) >= toStartOfHour(starts) AND start_time >= starts AND start_time < ends
        )
        GROUP BY node
    ),
    others AS
    (
        SELECT leg, charging_id, start_time, charge
        FROM usage
        WHERE tenant = {tenant:String} AND leg != {leg:String} AND charging_id != '' AND partial_sequence <= 1 AND cityHash64(charging_id) % assumeNotNull(every) = 0
            AND ((toStartOfHour(start_time) >= toStartOfHour(starts) - INTERVAL 3 HOUR AND start_time < ends + INTERVAL 3 HOUR)
                OR (toStartOfHour(start_time) >= toStartOfHour(starts) - INTERVAL 27 HOUR AND start_time < ends - INTERVAL 21 HOUR))
    )
SELECT
    found.node AS node, other, pairs, pairs_before, offset_seconds, offset_before, charge, moved_charge, records, too_long, beyond_end, ahead, too_fast, wrong_charge,
    wrong_customers, first_at, samples, ifNull(falls.fell, 0) AS fell, falls.rolled AS rolled, falls.lost_octets AS lost_octets, falls.fell_customers AS fell_customers, falls.fell_at AS fell_at, falls.fell_samples AS fell_samples
FROM
(
    SELECT
        node, others.leg AS other,
        countIf(NOT earlier) AS pairs, countIf(earlier) AS pairs_before,
        ifNotFinite(quantileExactIf(0.5)(dateDiff('millisecond', others.start_time, own.start_time), NOT earlier) / 1000, 0) AS offset_seconds,
        ifNotFinite(quantileExactIf(0.5)(dateDiff('millisecond', others.start_time, own.start_time), earlier) / 1000, 0) AS offset_before,
        sumIf(greatest(own.charge, others.charge), NOT earlier) * assumeNotNull(every) AS charge,
        sumIf(greatest(own.charge, others.charge), NOT earlier AND toDate(toTimeZone(own.start_time, {time_zone:String})) != toDate(toTimeZone(others.start_time, {time_zone:String}))) * assumeNotNull(every) AS moved_charge,
        toUInt64(0) AS records, toUInt64(0) AS too_long, toUInt64(0) AS beyond_end, toUInt64(0) AS ahead, toUInt64(0) AS too_fast,
        CAST(0, 'Decimal(38, 6)') AS wrong_charge, toUInt64(0) AS wrong_customers, min(own.start_time) AS first_at, CAST([], 'Array(String)') AS samples
    FROM own
    INNER JOIN others USING (charging_id)
    WHERE abs(dateDiff('second', others.start_time, own.start_time)) <= 10800
    GROUP BY node, other
    UNION ALL
    SELECT
        node, '' AS other, toUInt64(0) AS pairs, toUInt64(0) AS pairs_before, 0 AS offset_seconds, 0 AS offset_before, sum(charged) AS charge, toDecimal128(0, 6) AS moved_charge,
        sum(n) AS records, sum(longer) AS too_long, sum(beyond) AS beyond_end, sum(early) AS ahead, sum(fast) AS too_fast,
        sum(wrong - least(wrong, toDecimal128(possible * price, 6))) AS wrong_charge,
        uniqExactMerge(who) AS wrong_customers, min(first) AS first_at, arraySlice(groupArrayArray(some), 1, 5) AS samples
    FROM
    (
        SELECT
            node, service, tariff, zone, count() AS n, sum(usage_charge) AS charged,
            countIf(is_long) AS longer, countIf(is_beyond AND NOT is_long) AS beyond, countIf(is_ahead) AS early, countIf(is_fast) AS fast,
            sumIf(usage_charge, is_long OR is_beyond) AS wrong, sumIf(lasted, is_long OR is_beyond) AS possible,
            sumIf(toFloat64(usage_charge), NOT (is_long OR is_beyond)) / greatest(1, sumIf(billable_seconds, NOT (is_long OR is_beyond))) AS price,
            uniqExactStateIf(subscriber, subscriber != 0 AND (is_long OR is_beyond)) AS who, min(start_time) AS first,
            groupArrayIf(5)(toString(record_id), is_long OR is_beyond) AS some
        FROM
        (
            SELECT
                node, service, tariff, zone, usage.charge AS usage_charge, billable_seconds, subscriber, start_time, record_id,
                dateDiff('millisecond', start_time, end_time) / 1000 AS spans,
                greatest(0, if(toUnixTimestamp(answer_time) > 0, dateDiff('millisecond', answer_time, end_time) / 1000, spans)) AS lasted,
                duration_seconds > 86400 AS is_long,
                end_time > start_time AND greatest(duration_seconds, billable_seconds) > 60 + 1.5 * spans AS is_beyond,
                has(splitByChar(' ', toString(flags)), 'clock_ahead') AS is_ahead,
                duration_seconds >= 1 AND (octets_up + octets_down) * 8 / duration_seconds > 1e11 AS is_fast
            FROM usage
            WHERE tenant = {tenant:String} AND leg = {leg:String} AND toStartOfHour(start_time) >= toStartOfHour(starts) AND start_time >= starts AND start_time < ends
        )
        GROUP BY node, service, tariff, zone
    )
    GROUP BY node
) AS found
LEFT JOIN falls ON falls.node = found.node AND found.other = ''
ORDER BY node, other
LIMIT 10000
