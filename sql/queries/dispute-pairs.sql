-- The records of one day that two legs do not agree on, each with its partner where it has one, and where either stands: file and line, and the
-- identifier that both sides know. No numbers: the identifier, the time and their own file are enough for the other side to find it.
-- Texts that a spreadsheet would take for a formula are quoted.
WITH
    parseDateTime64BestEffort({from:String}, 3, 'UTC') AS from_at,
    parseDateTime64BestEffort({to:String}, 3, 'UTC') AS to_at,
    text -> if(match(text, '^[=+@\t\r-]'), concat('''', text), text) AS plain,
    disputed AS
    (
        SELECT class, service, direction, record_a, record_b, start_a, start_b, ms_a, ms_b, octets_a, octets_b, events_a, events_b, charge_b, money, zone, route
        FROM reconciliation_breaks
        WHERE tenant = {tenant:String} AND control = {control:String} AND comparison = {comparison:String} AND window_from >= from_at AND window_from < to_at
    )
SELECT
    toString(multiIf(disputed.class = 'mismatch', 'differs', disputed.class = 'a_only', 'ours only', 'theirs only')) AS which,
    toString(service) AS service, toString(direction) AS direction, toString(zone) AS zone,
    plain(if(theirs.identifier != '', theirs.identifier, ours.identifier)) AS identifier,
    plain(theirs.file) AS their_file, if(theirs.file = '', '', toString(theirs.position)) AS their_line,
    plain(ours.file) AS our_file, if(ours.file = '', '', toString(ours.position)) AS our_line,
    if(disputed.class = 'a_only', '', toString(start_b)) AS their_start, if(disputed.class = 'b_only', '', toString(start_a)) AS our_start,
    if(disputed.class = 'a_only', '', toString(ms_b / 1000)) AS their_seconds, if(disputed.class = 'b_only', '', toString(ms_a / 1000)) AS our_seconds,
    if(disputed.class = 'a_only', '', toString(disputed.octets_b)) AS their_octets, if(disputed.class = 'b_only', '', toString(disputed.octets_a)) AS our_octets,
    if(disputed.class = 'a_only', '', toString(disputed.events_b)) AS their_events, if(disputed.class = 'b_only', '', toString(disputed.events_a)) AS our_events,
    if(disputed.class = 'a_only', '', toString(toDecimal64(charge_b / 1000000, 6))) AS their_charge,
    toDecimal64(greatest(-money, 0) / 1000000, 6) AS disputed_amount, {currency:String} AS currency
FROM disputed
LEFT JOIN
(
    SELECT record_id, toString(file) AS file, position, if(charging_id != '', charging_id, session_id) AS identifier
    FROM usage
    WHERE tenant = {tenant:String} AND leg = {leg_a:String} AND toStartOfHour(start_time) >= from_at - INTERVAL 1 DAY AND toStartOfHour(start_time) < to_at + INTERVAL 1 DAY
        AND record_id IN (SELECT record_a FROM disputed)
) AS ours ON ours.record_id = disputed.record_a
LEFT JOIN
(
    SELECT record_id, toString(file) AS file, position, if(charging_id != '', charging_id, session_id) AS identifier
    FROM usage
    WHERE tenant = {tenant:String} AND leg = {leg_b:String} AND toStartOfHour(start_time) >= from_at - INTERVAL 1 DAY AND toStartOfHour(start_time) < to_at + INTERVAL 1 DAY
        AND record_id IN (SELECT record_b FROM disputed)
) AS theirs ON theirs.record_id = disputed.record_b
ORDER BY greatest(-money, 0) DESC, start_b, start_a, disputed.record_b, disputed.record_a
