-- Later passes of a reconciliation over what is open: records of one block are paired one to one by smallest cost. `by` key: a block is
-- a key, whatever the start. `by` time: a block is a subscriber and service, cut where nothing starts for longer than the tolerance;
-- the starts must lie within it, and the other party and the direction must not contradict. A pair within all tolerances costs less
-- than one beyond any; then the differences count, each in parts of its tolerance; of equal costs the earliest start comes first, then
-- the smallest record id. The cheapest pair is taken first, then the cheapest of what is left.
-- `shift_ms` moves the clock of B, where most of what is open would pair so: such pairs differ in their start then.
-- A run of more than 400 records is cut there: the work grows with the product of its sides.
-- A record: 1 start, 2 B?, 3 id, 4 ms, 5 octets, 6 events, 7 charge, 8 kind, 9 other party, 10 key, 11 subscriber.
INSERT INTO reconciliation_stage
SELECT
    {tenant:String} AS tenant, {control:String} AS control, {comparison:String} AS comparison, {run:UInt64} AS run,
    {from:DateTime64(3, 'UTC')} AS window_from,
    {pass:UInt8} AS pass, if(paired OR ra.10 != 0, ra.10, rb.10) AS key,
    multiIf
    (
        NOT paired, '',
        abs(of_b.1 - of_a.1) < 1000 AND of_a.2 = of_b.2 AND of_a.3 = of_b.3 AND of_a.4 = of_b.4 AND (NOT {compare_charge:Bool} OR of_a.5 = of_b.5), 'exact',
        abs(of_b.1 - of_a.1) <= {start_ms:Int64} AND abs(of_b.2 - of_a.2) <= {duration_ms:Int64}
            AND abs(of_b.3 - of_a.3) <= greatest({octets:Float64}, {octets_share:Float64} * of_a.3) AND of_a.4 = of_b.4
            AND (NOT {compare_charge:Bool} OR abs(of_b.5 - of_a.5) <= greatest({charge:Float64}, {charge_share:Float64} * abs(of_a.5))), 'within_tolerance',
        'mismatch'
    ) AS class,
    if(paired, {by:String}, '') AS how,
    ['other', 'voice', 'sms', 'mms', 'data', 'content', 'recurring', 'oneoff'][bitShiftRight(r.8, 2) + 1] AS service,
    ['na', 'mo', 'mt', 'transit'][bitAnd(r.8, 3) + 1] AS direction,
    r.11 AS subscriber, r.9 AS other_party_suffix, ra.3 AS record_a, rb.3 AS record_b,
    fromUnixTimestamp64Milli(ra.1, 'UTC') AS start_a, fromUnixTimestamp64Milli(start_of_b, 'UTC') AS start_b,
    ra.4 AS ms_a, rb.4 AS ms_b, ra.5 AS octets_a, rb.5 AS octets_b, ra.6 AS events_a, rb.6 AS events_b, ra.7 AS charge_a, rb.7 AS charge_b
FROM
(
    SELECT
        pair.1 > 0 AND pair.2 > 0 AS paired, as[pair.1] AS ra, bs[pair.2] AS rb, if(pair.2 > 0, rb.1 + {shift_ms:Int64}, 0) AS start_of_b, if(pair.1 > 0, ra, rb) AS r,
        (ra.1, ra.4, ra.5, ra.6, ra.7) AS of_a, (start_of_b, rb.4, rb.5, rb.6, rb.7) AS of_b
    FROM
    (
        SELECT
            as, bs,
            arrayFold
            (
                (taken, c) -> if(arrayExists(p -> p.1 = c.4 OR p.2 = c.5, taken), taken, arrayPushBack(taken, (c.4, c.5))),
                candidates, CAST([], 'Array(Tuple(UInt32, UInt32))')
            ) AS pairs,
            arrayConcat
            (
                pairs,
                arrayMap(i -> (toUInt32(i), toUInt32(0)), arrayFilter(i -> NOT has(pairs.1, i), arrayEnumerate(as))),
                arrayMap(i -> (toUInt32(0), toUInt32(i)), arrayFilter(i -> NOT has(pairs.2, i), arrayEnumerate(bs)))
            ) AS placed
        FROM
        (
            SELECT
                arrayFilter(x -> NOT x.2, part) AS as, arrayFilter(x -> x.2, part) AS bs,
                arraySort(arrayFilter(c -> c.1, arrayFlatten(arrayMap((x, i) -> arrayMap
                (
                    (y, j) ->
                    (
                        {by:String} = 'key' OR
                        (
                            abs(y.1 - x.1) <= {start_ms:Int64} AND (y.9 = x.9 OR y.9 = 0 OR x.9 = 0)
                            AND (bitAnd(y.8, 3) = bitAnd(x.8, 3) OR bitAnd(y.8, 3) = 0 OR bitAnd(x.8, 3) = 0)
                        ),
                        abs(y.1 - x.1) > {start_ms:Int64} OR abs(y.4 - x.4) > {duration_ms:Int64} OR y.6 != x.6
                            OR abs(y.5 - x.5) > greatest({octets:Float64}, {octets_share:Float64} * x.5)
                            OR ({compare_charge:Bool} AND abs(y.7 - x.7) > greatest({charge:Float64}, {charge_share:Float64} * abs(x.7))),
                        abs(y.1 - x.1) / ({start_ms:Int64} + 1) + abs(y.4 - x.4) / ({duration_ms:Int64} + 1) + abs(y.6 - x.6)
                            + abs(y.5 - x.5) / greatest({octets:Float64} + 1, {octets_share:Float64} * x.5),
                        toUInt32(i), toUInt32(j)
                    ), bs, arrayEnumerate(bs)), as, arrayEnumerate(as))))) AS candidates
            FROM
            (
                SELECT arraySort(groupArray(record)) AS records,
                    arrayJoin(arraySplit((r, gap, i) -> ({by:String} = 'time' AND gap > {start_ms:Int64}) OR i % 400 = 1,
                        records, arrayDifference(records.1), arrayEnumerate(records))) AS part
                FROM
                (
                    SELECT
                        record_a = toUUID('00000000-0000-0000-0000-000000000000') AS b,
                        toUInt8(indexOf(['voice', 'sms', 'mms', 'data', 'content', 'recurring', 'oneoff'], service) * 4 + indexOf(['mo', 'mt', 'transit'], direction)) AS kind,
                        multiIf({by:String} = 'key', key, subscriber = 0, cityHash64(4, record_a, record_b), cityHash64(subscriber, service)) AS block,
                        tuple(toUnixTimestamp64Milli(if(b, start_b, start_a)) - if(b, {shift_ms:Int64}, 0), b, if(b, record_b, record_a), ms_a + ms_b, octets_a + octets_b,
                            events_a + events_b, charge_a + charge_b, kind, other_party_suffix, key, subscriber) AS record
                    FROM reconciliation_open
                    WHERE tenant = {tenant:String} AND run = {run:UInt64} AND pass = {pass:UInt8} - 1 AND class = ''
                        AND if({by:String} = 'key', key, subscriber) % {slices:UInt32} = {slice:UInt32}
                )
                GROUP BY block
            )
        )
    )
    ARRAY JOIN placed AS pair
)
WHERE NOT paired
    OR (ra.1 >= toUnixTimestamp64Milli({from:DateTime64(3, 'UTC')}) AND ra.1 < toUnixTimestamp64Milli({to:DateTime64(3, 'UTC')}))
SETTINGS max_threads = 2, insert_deduplicate = 0, optimize_on_insert = 0, distributed_foreground_insert = 1
