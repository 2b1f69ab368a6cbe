-- Maintenance windows and silences as they stand that end after an instant: what may still hold a finding. The latest to begin first.
SELECT maintenance_id, kind, matchers, starts_at, ends_at, reason, actor, state, version, at
FROM maintenance_latest
WHERE tenant = {tenant:String} AND ends_at > {since:DateTime64(3, 'UTC')}
ORDER BY starts_at DESC, maintenance_id DESC
LIMIT {limit:UInt32}
