-- Field visits booked within a stretch of time, by team and area. A visit is stated again as it goes on: the latest statement holds. Due: the booked time and the
-- grace are over at `instant`. On time: arrived by then. Missed: said so, or due and nobody came. Nobody at home counts for nobody unless the team came.
SELECT
    team, area, count() AS booked, countIf(came) AS arrived, countIf(outcome = 'done') AS done, countIf(visits.missed) AS missed, countIf(outcome = 'no_access') AS no_access, countIf(outcome = 'repeat') AS repeated,
    countIf(due AND (came OR visits.missed)) AS judged, countIf(due AND toUnixTimestamp64Milli(arrived_at) > 0 AND arrived_at <= deadline) AS on_time, countIf(NOT due AND NOT came AND outcome NOT IN ('done', 'no_access', 'missed')) AS open,
    ifNotFinite(quantileExactIf(0.5)(dateDiff('second', booked_for, arrived_at), due AND came AND arrived_at > booked_for), 0) AS median_late_seconds,
    topKIf(3)(reason, visits.missed AND reason != '') AS reasons
FROM
(
    SELECT
        latest.1 AS team, latest.2 AS area, latest.3 AS booked_for, latest.4 AS arrived_at, lower(toString(latest.5)) AS outcome, latest.6 AS reason,
        booked_for + toIntervalMinute({grace_minutes:UInt32}) AS deadline, deadline <= {instant:DateTime64(3, 'UTC')} OR outcome = 'missed' AS due,
        toUnixTimestamp64Milli(arrived_at) > 0 OR outcome IN ('done', 'repeat') AS came,
        outcome = 'missed' OR (due AND NOT came AND outcome NOT IN ('no_access', 'cancelled')) AS missed
    FROM
    (
        SELECT visit_id, argMax((field_visits.team, field_visits.area, field_visits.booked_for, field_visits.arrived_at, field_visits.outcome, field_visits.reason), (ingest_time, greatest(arrived_at, done_at), position)) AS latest
        FROM field_visits
        WHERE tenant = {tenant:String} AND booked_for >= {from:DateTime64(3, 'UTC')} - INTERVAL 60 DAY AND booked_for < {to:DateTime64(3, 'UTC')} + INTERVAL 60 DAY
        GROUP BY visit_id
    )
    WHERE booked_for >= {from:DateTime64(3, 'UTC')} AND booked_for < {to:DateTime64(3, 'UTC')} AND outcome != 'cancelled'
) AS visits
GROUP BY team, area
ORDER BY missed DESC, team, area
