-- Evidence of missed_visits: the visits of a team in an area since an instant to which nobody came, the latest statement of each, oldest first.
SELECT
    visit_id, latest.1 AS booked_for, toString(latest.2) AS customer, latest.4 AS outcome, latest.5 AS reason, latest.6 AS record_id
FROM
(
    SELECT visit_id, argMax((booked_for, field_visits.subscription, arrived_at, lower(toString(field_visits.outcome)), field_visits.reason, field_visits.record_id), (ingest_time, greatest(arrived_at, done_at), position)) AS latest
    FROM field_visits
    WHERE tenant = {tenant:String} AND area = {area:String} AND team = {team:String} AND booked_for >= parseDateTime64BestEffort({since:String}, 3, 'UTC') AND booked_for <= parseDateTime64BestEffort({to:String}, 3, 'UTC')
    GROUP BY visit_id
)
WHERE latest.4 = 'missed' OR (toUnixTimestamp64Milli(latest.3) = 0 AND latest.4 NOT IN ('no_access', 'cancelled', 'done', 'repeat'))
ORDER BY booked_for, visit_id
LIMIT 1000
