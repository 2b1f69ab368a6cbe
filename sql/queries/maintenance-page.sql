-- Maintenance windows and silences as they stand, the latest to begin first, after a cursor. `state`: empty means any, else planned,
-- active, ended or cancelled at `instant`.
SELECT maintenance_id, kind, matchers, starts_at, ends_at, reason, actor, state, version, at,
    multiIf(state = 'cancelled', 'cancelled', starts_at > {instant:DateTime64(3, 'UTC')}, 'planned', ends_at > {instant:DateTime64(3, 'UTC')}, 'active', 'ended') AS phase
FROM maintenance_latest
WHERE tenant = {tenant:String}
    AND ({state:String} = '' OR phase = {state:String})
    AND (starts_at, maintenance_id) < ({after_at:DateTime64(3, 'UTC')}, {after_id:String})
ORDER BY starts_at DESC, maintenance_id DESC
LIMIT {limit:UInt32}
