-- Evidence of S05: the chains of a node that miss partial records or were never closed, with the numbers that are there.
SELECT
    if(charging_id = '', session_id, charging_id) AS chain, min(start_time) AS began_at, max(greatest(start_time, end_time)) AS ended_at,
    arraySort(groupUniqArray(partial_sequence)) AS numbers, max(partial_sequence) - uniqExact(partial_sequence) AS missing,
    argMax(closing_cause, partial_sequence) AS last_cause, sum(octets_up + octets_down) AS octets, sum(duration_seconds) AS seconds, any(subscriber) AS subscriber
FROM usage
WHERE tenant = {tenant:String} AND leg = {leg:String} AND source = {source:String} AND node = {node:String} AND service = {service:String} AND partial_sequence > 0
    AND toStartOfHour(start_time) >= toStartOfHour(parseDateTime64BestEffort({from:String}, 3, 'UTC'))
    AND start_time < parseDateTime64BestEffort({to:String}, 3, 'UTC')
GROUP BY chain
HAVING (missing > 0) = ({check:String} = 'hole')
ORDER BY missing DESC, ended_at
LIMIT 1000
