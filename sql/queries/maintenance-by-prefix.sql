-- Maintenance windows and silences as they stand whose id begins with a text; two are enough to say that it is not unique.
SELECT maintenance_id, kind, matchers, starts_at, ends_at, reason, actor, state, version, at
FROM maintenance_latest
WHERE tenant = {tenant:String} AND startsWith(maintenance_id, {prefix:String})
ORDER BY maintenance_id
LIMIT 2
