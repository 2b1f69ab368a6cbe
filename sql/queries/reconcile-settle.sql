-- Last step of a reconciliation: what is still open is added up per subscriber, day and service (for calls and messages per other party
-- too) before it is called missing, since two systems may split one session differently. Where both sides have records, one of them
-- without partner, and their units agree within the tolerances, all of them are within tolerance by their daily sum. The rest are
-- breaks; they get dimensions from their record, and money: what A states more than B. Each side is worth its charge where charges
-- are compared; else its units (seconds of calls, octets of data, else records) at the rate of the leg that charges.
-- The rest of a data session that one side cuts: small beside what was paired, so that the first part alone was within tolerance of the
-- other's whole. What states the octets that such a pair lacks, to a hundredth, belongs to it; one record to a pair.
-- A session that goes over the border of the window and that a leg cuts may be cut otherwise by the other: what of it is open lies in two
-- windows and is compared in none. What each leg states in one record at most, as most calls, lies where it began.
INSERT INTO reconciliation_pairs
WITH
    {from:DateTime64(3, 'UTC')} AS border_from,
    {to:DateTime64(3, 'UTC')} AS border_to,
    -- Sessions of the subscribers with open records near the borders: what begins where the one before ended belongs to it.
    parts AS
    (
        SELECT
            record_id, leg, service, people, whom, start_time, ended,
            start_time > max(ended) OVER (PARTITION BY people, service, whom ORDER BY start_time ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) + INTERVAL 2 SECOND AS begins
        FROM
        (
            SELECT record_id, leg, service, if({by_imsi:Bool}, imsi, usage.subscriber) AS people, if(usage.service IN ('voice', 'sms', 'mms'), usage.other_party_suffix, 0) AS whom, start_time, greatest(start_time, end_time) AS ended
            FROM usage
            WHERE tenant = {tenant:String} AND leg IN ({leg_a:String}, {leg_b:String}) AND has({kinds:Array(UInt8)}, toUInt8(
                    indexOf(['voice', 'sms', 'mms', 'data', 'content', 'recurring', 'oneoff'], usage.service) * 4 + indexOf(['mo', 'mt', 'transit'], usage.direction)))
                AND ((start_time >= border_from - INTERVAL 6 HOUR AND start_time < border_from + INTERVAL 6 HOUR)
                    OR (start_time >= border_to - INTERVAL 6 HOUR AND start_time < border_to + INTERVAL 6 HOUR))
                AND people IN
                (
                    SELECT subscriber
                    FROM reconciliation_open
                    WHERE tenant = {tenant:String} AND run = {run:UInt64} AND (class = 'mismatch' OR (pass = {last_pass:UInt8} AND class = '')) AND subscriber != 0
                        AND subscriber % {slices:UInt32} = {slice:UInt32}
                )
        )
    ),
    crossing AS
    (
        SELECT record_id
        FROM
        (
            SELECT
                record_id, min(start_time) OVER session AS session_start, max(ended) OVER session AS session_end,
                countIf(leg = {leg_a:String}) OVER session AS of_a, countIf(leg = {leg_b:String}) OVER session AS of_b
            FROM (SELECT *, sum(begins) OVER (PARTITION BY people, service, whom ORDER BY start_time ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS number FROM parts)
            WINDOW session AS (PARTITION BY people, service, whom, number)
        )
        WHERE greatest(of_a, of_b) > 1
            AND ((session_start < border_from AND session_end >= border_from) OR (session_start < border_to AND session_end >= border_to))
    ),
    lone AS
    (
        SELECT
            record_a != toUUID('00000000-0000-0000-0000-000000000000') AS is_a, if(is_a, record_a, record_b) AS record_id, subscriber AS whose,
            if(is_a, start_a, start_b) AS begun, octets_a + octets_b AS octets, charge_a + charge_b AS charge
        FROM reconciliation_open
        WHERE tenant = {tenant:String} AND run = {run:UInt64} AND pass = {last_pass:UInt8} AND class = '' AND service = 'data' AND subscriber != 0
            AND subscriber % {slices:UInt32} = {slice:UInt32} AND octets_a + octets_b > 0
    ),
    rest AS
    (
        SELECT lone.record_id AS record_id
        FROM lone
        INNER JOIN
        (
            SELECT subscriber AS whose, record_a AS paired, start_a, start_b, octets_b - octets_a AS lacking, charge_b - charge_a AS dearer
            FROM reconciliation_pairs
            WHERE tenant = {tenant:String} AND run = {run:UInt64} AND class = 'within_tolerance' AND service = 'data' AND octets_a != octets_b
                AND subscriber IN (SELECT whose FROM lone)
        ) AS pair ON pair.whose = lone.whose
        WHERE begun >= if(is_a, start_a, start_b) AND begun < if(is_a, start_a, start_b) + INTERVAL 1 DAY
            AND abs(if(is_a, lacking, -lacking) - octets) * 100 <= octets
            AND (NOT {compare_charge:Bool} OR abs(if(is_a, dearer, -dearer) - charge) * 100 <= abs(charge))
        ORDER BY begun, record_id
        LIMIT 1 BY paired
    )
SELECT
    {tenant:String} AS tenant, {control:String} AS control, {comparison:String} AS comparison, {run:UInt64} AS run,
    {from:DateTime64(3, 'UTC')} AS window_from,
    if(settled, 'within_tolerance', multiIf(class != '', class, has_a, 'a_only', 'b_only')) AS class,
    if(settled, 'daily_sum', open.how) AS how,
    open.service AS service, open.direction AS direction, open.subscriber AS subscriber, open.other_party_suffix AS other_party_suffix,
    record_a, record_b, start_a, start_b, ms_a, ms_b, octets_a, octets_b, events_a, events_b, charge_a, charge_b,
    record.node AS node, record.plan AS plan, record.prefix AS prefix, record.zone AS zone, record.route AS route,
    if(settled, 0, toInt64(round(
        if({compare_charge:Bool} OR {charging_leg:String} = 'a', toFloat64(charge_a), units_a * rate)
        - if({compare_charge:Bool} OR {charging_leg:String} = 'b', toFloat64(charge_b), units_b * rate)))) AS money
FROM
(
    SELECT
        *,
        record_a != toUUID('00000000-0000-0000-0000-000000000000') AS has_a, record_b != toUUID('00000000-0000-0000-0000-000000000000') AS has_b,
        toDate(if(has_a, start_a, start_b)) AS day,
        if(service IN ('voice', 'sms', 'mms'), other_party_suffix, 0) AS other,
        {rates:Map(String, Float64)}[service] AS rate,
        has_a * multiIf(service = 'voice', ms_a / 1000, service = 'data', toFloat64(octets_a), toFloat64(events_a)) AS units_a,
        has_b * multiIf(service = 'voice', ms_b / 1000, service = 'data', toFloat64(octets_b), toFloat64(events_b)) AS units_b,
        countIf(has_a) OVER same AS records_of_a, countIf(has_b) OVER same AS records_of_b,
        greatest(records_of_a, records_of_b) AS records,
        sum(octets_a) OVER same AS all_octets, sum(charge_a) OVER same AS all_charge,
        (class = '' AND if(has_a, record_a, record_b) IN (SELECT record_id FROM rest)) OR (subscriber != 0 AND records_of_a > 0 AND records_of_b > 0 AND countIf(class = '') OVER same > 0
            AND abs(sum(ms_a - ms_b) OVER same) <= {duration_ms:Int64} * records
            AND abs(sum(octets_a - octets_b) OVER same) <= greatest({octets:Float64} * records, {octets_share:Float64} * all_octets)
            AND sum(events_a) OVER same = sum(events_b) OVER same
            AND (NOT {compare_charge:Bool}
                OR abs(sum(charge_a - charge_b) OVER same) <= greatest({charge:Float64} * records, {charge_share:Float64} * abs(all_charge)))) AS settled
    FROM reconciliation_open
    WHERE tenant = {tenant:String} AND run = {run:UInt64} AND (class = 'mismatch' OR (pass = {last_pass:UInt8} AND class = ''))
        AND subscriber % {slices:UInt32} = {slice:UInt32}
        AND record_a NOT IN (SELECT record_id FROM crossing) AND record_b NOT IN (SELECT record_id FROM crossing)
    WINDOW same AS (PARTITION BY service, subscriber, day, other)
) AS open
LEFT JOIN
(
    SELECT record_id, node, plan, prefix, zone, route
    FROM usage
    PREWHERE record_id IN
    (
        SELECT if(record_a != toUUID('00000000-0000-0000-0000-000000000000'), record_a, record_b)
        FROM reconciliation_open
        WHERE tenant = {tenant:String} AND run = {run:UInt64} AND (class = 'mismatch' OR (pass = {last_pass:UInt8} AND class = ''))
            AND subscriber % {slices:UInt32} = {slice:UInt32}
    )
    WHERE tenant = {tenant:String} AND leg IN ({leg_a:String}, {leg_b:String})
        AND start_time >= {slice_from:DateTime64(3, 'UTC')} AND start_time < {slice_to:DateTime64(3, 'UTC')}
) AS record ON record.record_id = if(has_a, record_a, record_b)
WHERE if(has_a, start_a, start_b) >= {from:DateTime64(3, 'UTC')} AND if(has_a, start_a, start_b) < {to:DateTime64(3, 'UTC')}
SETTINGS max_threads = 2, insert_deduplicate = 0, optimize_on_insert = 0, distributed_foreground_insert = 1
