-- Chains of partial records of a leg that wrote something in the window or fell silent in it, by node and service, for S05. A chain is what shares a
-- charging id (else a session id) on a node; it is read as far back as a day. `holes`: partials that are missing between 1 and the highest number,
-- of chains that began within that day; `unclosed`: chains whose last partial says that more follows, silent for three times their usual
-- interval (at least an hour) before the window's end. `late_*`: the same for chains whose last partial fell into the three hours before.
WITH
    {from:DateTime64(3, 'UTC')} AS starts,
    {to:DateTime64(3, 'UTC')} AS ends,
    toStartOfHour(starts) - INTERVAL 1 DAY AS reads_from,
    chains AS
    (
        SELECT
            source, node, service, if(charging_id = '', session_id, charging_id) AS chain,
            min(partial_sequence) AS lowest, max(partial_sequence) AS highest, uniqExact(partial_sequence) AS present,
            min(start_time) AS began_at, max(greatest(start_time, end_time)) AS ended_at,
            argMax(lower(closing_cause), partial_sequence) AS last_cause,
            any(subscriber) AS who,
            sumIf(usage.charge, currency = {currency:String}) AS charged,
            any(toString(record_id)) AS sample
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
            open AND silent > patience AND silent <= patience + dateDiff('second', starts, ends) AS fell_silent
        FROM chains
    )
SELECT
    source, node, service,
    count() AS chains,
    sumIf(missing, has_hole) AS holes,
    countIf(has_hole) AS holed,
    countIf(fell_silent) AS unclosed,
    countIf(open AND silent > patience) AS unclosed_in_day,
    uniqExactIf(who, has_hole AND who != 0) AS holed_customers,
    uniqExactIf(who, fell_silent AND who != 0) AS unclosed_customers,
    sum(charged) AS charge, sum(present) AS partials,
    minIf(began_at, has_hole) AS holes_from, maxIf(ended_at, has_hole) AS holes_to,
    minIf(ended_at, fell_silent) AS unclosed_from, maxIf(ended_at, fell_silent) AS unclosed_to,
    groupArrayIf(5)(sample, has_hole OR fell_silent) AS samples
FROM judged
GROUP BY source, node, service
ORDER BY source, node, service
