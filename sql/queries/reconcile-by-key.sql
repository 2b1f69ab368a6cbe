-- First pass of a reconciliation over one slice of time: records of both legs by the hash of an identifier that both state. A key
-- that one record of each side has makes a pair; a key that one record has leaves it open; several records of one key are noted as
-- `several` and read again by reconcile-several. Slices keep the groups within the processor's cache: a day at once takes six times
-- as long. What lies on both sides of a slice's border is brought together by the next pass.
-- Keys in order: charging id, session id (where both legs state them), else subscriber, other party, start to the second and units.
-- A record without any of them has a key of its own.
INSERT INTO reconciliation_stage
SELECT
    {tenant:String} AS tenant, {control:String} AS control, {comparison:String} AS comparison, {run:UInt64} AS run,
    {from:DateTime64(3, 'UTC')} AS window_from,
    toUInt8(NOT identified AND records_a + records_b = 1) AS pass, key,
    multiIf
    (
        records_a + records_b > 2 OR records_a = 2 OR records_b = 2, 'several',
        records_a != records_b, '',
        abs(of_b.1 - of_a.1) < 1000 AND of_a.2 = of_b.2 AND of_a.3 = of_b.3 AND of_a.4 = of_b.4 AND (NOT {compare_charge:Bool} OR of_a.5 = of_b.5), 'exact',
        abs(of_b.1 - of_a.1) <= {start_ms:Int64} AND abs(of_b.2 - of_a.2) <= {duration_ms:Int64}
            AND abs(of_b.3 - of_a.3) <= greatest({octets:Float64}, {octets_share:Float64} * of_a.3) AND of_a.4 = of_b.4
            AND (NOT {compare_charge:Bool} OR abs(of_b.5 - of_a.5) <= greatest({charge:Float64}, {charge_share:Float64} * abs(of_a.5))), 'within_tolerance',
        'mismatch'
    ) AS class,
    if(records_a = 1 AND records_b = 1, 'key', '') AS how,
    ['other', 'voice', 'sms', 'mms', 'data', 'content', 'recurring', 'oneoff'][bitShiftRight(kind, 2) + 1] AS service,
    ['na', 'mo', 'mt', 'transit'][bitAnd(kind, 3) + 1] AS direction,
    subscriber, other_party_suffix, record_a, record_b,
    fromUnixTimestamp64Milli(if(class = 'several', 0, of_a.1), 'UTC') AS start_a, fromUnixTimestamp64Milli(if(class = 'several', 0, of_b.1), 'UTC') AS start_b,
    if(class = 'several', toUnixTimestamp64Milli({slice_from:DateTime64(3, 'UTC')}), of_a.2) AS ms_a, of_b.2 AS ms_b, of_a.3 AS octets_a, of_b.3 AS octets_b,
    if(class = 'several', toInt64(records_a), of_a.4) AS events_a, if(class = 'several', toInt64(records_b), of_b.4) AS events_b,
    of_a.5 AS charge_a, of_b.5 AS charge_b
FROM
(
    SELECT
        key,
        countIf(NOT b) AS records_a, countIf(b) AS records_b,
        anyIf(record_id, NOT b) AS record_a, anyIf(record_id, b) AS record_b,
        tuple(sumIf(start, NOT b), sumIf(ms, NOT b), sumIf(octets, NOT b), sumIf(events, NOT b), sumIf(charge, NOT b)) AS of_a,
        tuple(sumIf(start, b), sumIf(ms, b), sumIf(octets, b), sumIf(events, b), sumIf(charge, b)) AS of_b,
        any(kind) AS kind, any(identified) AS identified, any(subscriber) AS subscriber, any(other_party_suffix) AS other_party_suffix
    FROM
    (
        SELECT
            leg = {leg_b:String} AS b, record_id,
            if({by_imsi:Bool}, imsi, usage.subscriber) AS subscriber, other_party_suffix,
            toUnixTimestamp64Milli(start_time) AS start,
            toInt64(round(billable_seconds * 1000)) AS ms,
            toInt64(octets_up + octets_down) AS octets,
            if(usage.service IN ('voice', 'data'), 0, greatest(toInt64(usage.events), 1)) AS events,
            toInt64(if(leg = {wholesale_leg:String}, wholesale_charge, usage.charge) * 1000000) AS charge,
            {use_charging_id:Bool} AND charging_id != '' AS by_charging_id,
            {use_session_id:Bool} AND session_id != '' AS by_session_id,
            toUInt8(indexOf(['voice', 'sms', 'mms', 'data', 'content', 'recurring', 'oneoff'], usage.service) * 4
                + indexOf(['mo', 'mt', 'transit'], usage.direction)) AS kind,
            by_charging_id OR by_session_id AS identified,
            multiIf
            (
                by_charging_id, cityHash64(1, charging_id, partial_sequence, rating_group),
                by_session_id, cityHash64(2, session_id, partial_sequence, rating_group),
                subscriber != 0, cityHash64(3, subscriber, other_party_suffix, bitShiftRight(kind, 2), intDiv(start, 1000), ms, octets),
                cityHash64(4, record_id)
            ) AS key
        FROM usage
        WHERE tenant = {tenant:String} AND leg IN ({leg_a:String}, {leg_b:String})
            AND start_time >= {slice_from:DateTime64(3, 'UTC')} AND start_time < {slice_to:DateTime64(3, 'UTC')}
            AND (empty({partner:String}) OR partner IN ({partner:String}, ''))
            AND (answered OR billable_seconds > 0 OR octets_up + octets_down > 0)
            AND has({kinds:Array(UInt8)}, kind)
    )
    GROUP BY key
)
WHERE records_a != 1 OR records_b != 1
    OR (of_a.1 >= toUnixTimestamp64Milli({from:DateTime64(3, 'UTC')}) AND of_a.1 < toUnixTimestamp64Milli({to:DateTime64(3, 'UTC')}))
SETTINGS max_threads = 1, insert_deduplicate = 0, optimize_on_insert = 0, distributed_foreground_insert = 1
