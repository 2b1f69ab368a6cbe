-- Chains of partial records of a leg that wrote something in the window or fell silent in it, by node and service, for S05. A chain is what shares a
-- charging id (else a session id) on a node; it is read as far back as a day. `holes`: partials that are missing between 1 and the highest number,
-- of chains that began within that day; `unclosed`: chains whose last partial says that more follows, silent for three times their usual
-- interval (at least an hour) before the window's end. `*_worth`: what the missing time would have cost at the charge of a second of its chain, on the leg that
-- charges it most, of so many of them (`*_known`) as a leg charges. All chains of the day are looked at once: what counts for a node, the
-- few chains that something can be said of, and how long a part usually is come out of one pass.
WITH
    {from:DateTime64(3, 'UTC')} AS starts,
    {to:DateTime64(3, 'UTC')} AS ends,
    toStartOfHour(starts) - INTERVAL 1 DAY AS reads_from,
    chains AS
    (
        SELECT
            source, node, service, sipHash128(if(charging_id = '', session_id, charging_id)) AS chain,
            min(partial_sequence) AS lowest, max(partial_sequence) AS highest, uniqExact(partial_sequence) AS present,
            min(start_time) AS began_at, max(greatest(start_time, end_time)) AS ended_at,
            lower(argMax(closing_cause, partial_sequence)) AS last_cause,
            any(subscriber) AS who,
            sumIf(usage.charge, currency = {currency:String}) AS charged,
            any(record_id) AS sample,
            sum(dateDiff('millisecond', start_time, greatest(start_time, end_time))) / 1000 AS present_seconds,
            max(dateDiff('millisecond', start_time, greatest(start_time, end_time))) / 1000 AS longest
        FROM usage
        WHERE tenant = {tenant:String} AND leg = {leg:String} AND partial_sequence > 0 AND (charging_id != '' OR session_id != '')
            AND toStartOfHour(start_time) >= reads_from AND start_time < ends
        GROUP BY source, node, service, chain
    ),
    judged AS
    (
        SELECT
            *,
            dateDiff('second', began_at, ended_at) / highest AS interval_seconds,
            greatest(3600, 3 * interval_seconds) AS patience,
            dateDiff('second', ended_at, ends) AS silent,
            last_cause IN (
                '1', '16', '17', '18', '19', '21', '22', '23', '24', 'partialrecord', 'volumelimit', 'timelimit', 'servingnodechange', 'maxchangecond',
                'intrasgsnintersystemchange', 'ratchange', 'mstimezonechange', 'sgsnplmnidchange', 'interim', 'interim-update', 'alive', 'partial'
            ) AS open,
            if(began_at >= reads_from + INTERVAL 1 HOUR AND lowest > 1, lowest - 1, 0) + (highest - lowest + 1 - present) AS missing,
            -- the window in which it can be said: a hole when its chain has moved on for an hour, silence when patience is over
            ended_at >= starts - INTERVAL 1 HOUR AND ended_at < ends - INTERVAL 1 HOUR AND missing > 0 AS has_hole,
            open AND silent > patience AND silent <= patience + dateDiff('second', starts, ends) AS fell_silent,
            has_hole OR fell_silent AS told
        FROM chains
    ),
    (
        SELECT tuple(groupArray(node_facts), groupArrayArray(node_told), ifNotFinite(quantileExactMerge(0.5)(lengths), 0))
        FROM
        (
            SELECT
                tuple(source, node, service, count(), countIf(open AND silent > patience), sum(charged), sum(present)) AS node_facts,
                groupArrayIf((source, node, service, chain, has_hole, fell_silent, missing, began_at, ended_at, present, present_seconds, longest, charged, who, sample), told) AS node_told,
                -- A part that is followed by another is as long as the longest of its chain; of a chain with one part, as those of the others.
                quantileExactStateIf(0.5)(longest, present > 1) AS lengths
            FROM judged
            GROUP BY source, node, service
        )
    ) AS day,
    -- Another leg may have what is missing at the beginning of a chain.
    toStartOfHour(fromUnixTimestamp64Milli(toInt64(arrayMin(each -> toUnixTimestamp64Milli(each.8) - (each.7 + 1) * each.12 * 1000, day.2)), 'UTC') - INTERVAL 1 HOUR) AS told_from,
    -- What other legs charge for a chain as a whole.
    billed AS
    (
        SELECT chain, max(charged) AS value
        FROM
        (
            SELECT sipHash128(if(charging_id = '', session_id, charging_id)) AS chain, leg, sumIf(usage.charge, currency = {currency:String}) AS charged
            FROM usage
            WHERE tenant = {tenant:String} AND leg != {leg:String} AND toStartOfHour(start_time) >= greatest(reads_from, told_from) AND start_time < ends AND duplicate = 0
                AND notEmpty(day.2) AND service IN (SELECT arrayJoin(day.2).3) AND chain IN (SELECT arrayJoin(day.2).4)
            GROUP BY chain, leg
        )
        GROUP BY chain
    ),
    valued AS
    (
        SELECT
            each.1 AS source, each.2 AS node, each.3 AS service, each.5 AS has_hole, each.6 AS fell_silent, each.7 AS missing, each.8 AS began_at, each.9 AS ended_at,
            each.14 AS who, toString(each.15) AS sample,
            if(each.10 > 1, each.12, greatest(each.12, day.3)) AS part_seconds,
            toFloat64(greatest(each.13, billed.value)) / greatest(each.11, 1) AS second_value, second_value > 0 AS known
        FROM (SELECT arrayJoin(day.2) AS each, each.4 AS chain) AS told
        LEFT JOIN billed USING (chain)
    ),
    found AS
    (
        SELECT
            source, node, service,
            sumIf(missing, has_hole) AS holes, countIf(has_hole) AS holed, countIf(fell_silent) AS unclosed,
            uniqExactIf(who, has_hole AND who != 0) AS holed_customers,
            uniqExactIf(who, fell_silent AND who != 0) AS unclosed_customers,
            minIf(began_at, has_hole) AS holes_from, maxIf(ended_at, has_hole) AS holes_to,
            minIf(ended_at, fell_silent) AS unclosed_from, maxIf(ended_at, fell_silent) AS unclosed_to,
            groupArray(5)(sample) AS samples,
            sumIf(missing * part_seconds * second_value, has_hole AND known) AS holes_worth, sumIf(missing, has_hole AND known) AS holes_known,
            -- An end may come at any time of its part: half of it in the mean.
            sumIf(0.5 * part_seconds * second_value, fell_silent AND known) AS unclosed_worth, countIf(fell_silent AND known) AS unclosed_known
        FROM valued
        GROUP BY source, node, service
    )
SELECT
    source, node, service, chains, holes, holed, unclosed, unclosed_in_day, holed_customers, unclosed_customers, charge, partials, holes_from, holes_to,
    unclosed_from, unclosed_to, samples, ifNull(found.holes_worth, 0) AS holes_worth, holes_known, ifNull(found.unclosed_worth, 0) AS unclosed_worth, unclosed_known
FROM
(
    SELECT each.1 AS source, each.2 AS node, each.3 AS service, each.4 AS chains, each.5 AS unclosed_in_day, each.6 AS charge, each.7 AS partials
    FROM (SELECT arrayJoin(day.1) AS each)
) AS nodes
LEFT JOIN found USING (source, node, service)
ORDER BY source, node, service
