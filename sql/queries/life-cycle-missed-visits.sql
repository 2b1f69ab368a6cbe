-- Field visits of the last day and of the four weeks before it by team and area: how many were due, and to how many nobody came. The latest statement
-- of a visit holds; one that nobody came to and nobody said a word of is missed once its time and the grace are over. Nobody at home is no miss.
SELECT
    area, team,
    countIf(last) AS judged,
    countIf(last AND gone) AS missed,
    countIf(NOT last) AS judged_before,
    countIf(NOT last AND gone) AS missed_before,
    minIf(booked_for, last AND gone) AS began_at,
    uniqExactIf(subscription, last AND gone AND subscription != 0) AS customers,
    topKIf(3)(reason, last AND gone AND reason != '') AS reasons
FROM
(
    SELECT
        toString(latest.1) AS team, toString(latest.2) AS area, latest.3 AS booked_for, latest.6 AS reason, latest.7 AS subscription,
        lower(toString(latest.5)) AS outcome,
        toUnixTimestamp64Milli(latest.4) > 0 OR outcome IN ('done', 'repeat') AS came,
        booked_for + toIntervalMinute({visit_grace_minutes:UInt32}) <= {instant:DateTime64(3, 'UTC')} OR outcome = 'missed' AS due,
        outcome = 'missed' OR (NOT came AND outcome NOT IN ('no_access', 'cancelled')) AS gone,
        booked_for >= {instant:DateTime64(3, 'UTC')} - INTERVAL 1 DAY AS last
    FROM
    (
        SELECT visit_id, argMax((field_visits.team, field_visits.area, field_visits.booked_for, field_visits.arrived_at, field_visits.outcome, field_visits.reason, field_visits.subscription), (ingest_time, greatest(arrived_at, done_at), position)) AS latest
        FROM field_visits
        WHERE tenant = {tenant:String} AND booked_for >= {since:DateTime64(3, 'UTC')} AND booked_for <= {instant:DateTime64(3, 'UTC')} + INTERVAL 60 DAY
        GROUP BY visit_id
    )
    WHERE booked_for <= {instant:DateTime64(3, 'UTC')} AND outcome NOT IN ('cancelled', 'no_access') AND due
)
GROUP BY area, team
ORDER BY area, team
LIMIT 10000
