-- Maintenance windows that touch a stretch, as they stand, with when they were first entered.
SELECT maintenance_id, matchers, starts_at, if(state = 'cancelled', least(latest.ends_at, latest.at), latest.ends_at) AS ends_at, reason, actor, first_at
FROM maintenance_latest AS latest
INNER JOIN
(
    SELECT maintenance_id, min(maintenance.at) AS first_at
    FROM maintenance
    WHERE tenant = {tenant:String}
    GROUP BY maintenance_id
) AS entered USING (maintenance_id)
WHERE tenant = {tenant:String} AND kind = 'window' AND starts_at < {to:DateTime64(3, 'UTC')} AND latest.ends_at > {from:DateTime64(3, 'UTC')}
ORDER BY starts_at
LIMIT 10000
