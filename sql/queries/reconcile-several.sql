-- The records of keys that more than one record of a side has, one open row each, for the pass that pairs them by cost.
-- Runs for each slice that noted any (in ms_a). A key of more than a thousand records is no identifier: its records get a key of their own.
INSERT INTO reconciliation_stage
SELECT
    {tenant:String} AS tenant, {control:String} AS control, {comparison:String} AS comparison, {run:UInt64} AS run,
    {from:DateTime64(3, 'UTC')} AS window_from,
    toUInt8(0) AS pass,
    if(stated_key IN
    (
        SELECT key FROM reconciliation_open
        WHERE tenant = {tenant:String} AND run = {run:UInt64} AND pass = 0 AND class = 'several'
        GROUP BY key HAVING sum(events_a) + sum(events_b) > 1000
    ), cityHash64(4, record_id), stated_key) AS key,
    '' AS class, '' AS how,
    ['other', 'voice', 'sms', 'mms', 'data', 'content', 'recurring', 'oneoff'][bitShiftRight(kind, 2) + 1] AS service,
    ['na', 'mo', 'mt', 'transit'][bitAnd(kind, 3) + 1] AS direction,
    subscriber, other_party_suffix,
    if(b, toUUID('00000000-0000-0000-0000-000000000000'), record_id) AS record_a,
    if(b, record_id, toUUID('00000000-0000-0000-0000-000000000000')) AS record_b,
    fromUnixTimestamp64Milli(if(b, 0, start), 'UTC') AS start_a, fromUnixTimestamp64Milli(if(b, start, 0), 'UTC') AS start_b,
    if(b, 0, ms) AS ms_a, if(b, ms, 0) AS ms_b, if(b, 0, octets) AS octets_a, if(b, octets, 0) AS octets_b,
    if(b, 0, events) AS events_a, if(b, events, 0) AS events_b, if(b, 0, charge) AS charge_a, if(b, charge, 0) AS charge_b
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
        ) AS stated_key
    FROM usage
    WHERE tenant = {tenant:String} AND leg IN ({leg_a:String}, {leg_b:String})
        AND start_time >= {slice_from:DateTime64(3, 'UTC')} AND start_time < {slice_to:DateTime64(3, 'UTC')}
        AND (empty({partner:String}) OR partner IN ({partner:String}, ''))
        AND (answered OR billable_seconds > 0 OR octets_up + octets_down > 0)
        AND has({kinds:Array(UInt8)}, kind)
)
WHERE stated_key IN
(
    SELECT key FROM reconciliation_open
    WHERE tenant = {tenant:String} AND run = {run:UInt64} AND pass = 0 AND class = 'several'
        AND ms_a = toUnixTimestamp64Milli({slice_from:DateTime64(3, 'UTC')})
)
SETTINGS max_threads = 2, insert_deduplicate = 0, optimize_on_insert = 0, distributed_foreground_insert = 1
