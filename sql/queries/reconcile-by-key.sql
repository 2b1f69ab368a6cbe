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
    toUInt8(NOT identified AND records = 1) AS pass, key,
    multiIf
    (
        several, 'several',
        records = 1, '',
        abs(apart) < 1000 AND longer = 0 AND larger = 0 AND more = 0 AND (NOT {compare_charge:Bool} OR dearer = 0), 'exact',
        abs(apart) <= {start_ms:Int64} AND abs(longer) <= {duration_ms:Int64}
            AND abs(larger) <= greatest({octets:Float64}, {octets_share:Float64} * octets_of_a) AND more = 0
            AND (NOT {compare_charge:Bool} OR abs(dearer) <= greatest({charge:Float64}, {charge_share:Float64} * abs(charge_of_a))), 'within_tolerance',
        'mismatch'
    ) AS class,
    if(records_a = 1 AND records_b = 1, 'key', '') AS how,
    transform(bitShiftRight(kind, 2), [1, 2, 3, 4, 5, 6, 7], ['voice', 'sms', 'mms', 'data', 'content', 'recurring', 'oneoff'], 'other') AS service,
    transform(bitAnd(kind, 3), [1, 2, 3], ['mo', 'mt', 'transit'], 'na') AS direction,
    subscriber, other_party_suffix, record_a, record_b,
    fromUnixTimestamp64Milli(if(several, 0, start_of_a), 'UTC') AS start_a, fromUnixTimestamp64Milli(if(several, 0, start_of_b), 'UTC') AS start_b,
    if(several, toUnixTimestamp64Milli({slice_from:DateTime64(3, 'UTC')}), ms_of_a) AS ms_a, ms_of_b AS ms_b,
    octets_of_a AS octets_a, octets_of_b AS octets_b,
    if(several, toInt64(records_a), events_of_a) AS events_a, if(several, toInt64(records_b), events_of_b) AS events_b,
    charge_of_a AS charge_a, charge_of_b AS charge_b
FROM
(
    SELECT
        key, records, records_b, record_a, record_b, kind, identified, subscriber, other_party_suffix,
        start_of_b, ms_of_b, octets_of_b, events_of_b, charge_of_b,
        records - records_b AS records_a, records > 2 OR (records = 2 AND records_b != 1) AS several,
        start_of_both - start_of_b AS start_of_a, ms_of_both - ms_of_b AS ms_of_a, octets_of_both - octets_of_b AS octets_of_a,
        events_of_both - events_of_b AS events_of_a, charge_of_both - charge_of_b AS charge_of_a,
        start_of_b - start_of_a AS apart, ms_of_b - ms_of_a AS longer, octets_of_b - octets_of_a AS larger, events_of_b - events_of_a AS more,
        charge_of_b - charge_of_a AS dearer
    FROM
    (
        SELECT
            key, count() AS records, sum(b) AS records_b, anyIf(record_id, NOT b) AS record_a, anyIf(record_id, b) AS record_b,
            sum(start) AS start_of_both, sum(start * b) AS start_of_b, sum(ms) AS ms_of_both, sum(ms * b) AS ms_of_b,
            sum(octets) AS octets_of_both, sum(octets * b) AS octets_of_b, sum(events) AS events_of_both, sum(events * b) AS events_of_b,
            sum(charge) AS charge_of_both, sum(charge * b) AS charge_of_b,
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
                toUInt8(transform(usage.service, ['voice', 'sms', 'mms', 'data', 'content', 'recurring', 'oneoff'], [4, 8, 12, 16, 20, 24, 28], 0)
                    + transform(usage.direction, ['mo', 'mt', 'transit'], [1, 2, 3], 0)) AS kind,
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
)
WHERE several OR records = 1
    OR (start_of_a >= toUnixTimestamp64Milli({from:DateTime64(3, 'UTC')}) AND start_of_a < toUnixTimestamp64Milli({to:DateTime64(3, 'UTC')}))
SETTINGS max_threads = 1, insert_deduplicate = 0, optimize_on_insert = 0, distributed_foreground_insert = 1
