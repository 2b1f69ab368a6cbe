-- Actions as they stand, the first due first; empty means any. `state`: open, done, cancelled, or overdue on `today`.
SELECT action_id, incident_id, version, kind, text, owner, toString(due_on) AS due, state, reminded_at, actor, at
FROM incident_actions_latest
WHERE tenant = {tenant:String}
    AND ({incident_id:String} = '' OR incident_id = {incident_id:String})
    AND ({action_id:String} = '' OR startsWith(action_id, {action_id:String}))
    AND ({owner:String} = '' OR owner = {owner:String})
    AND ({state:String} = '' OR state = {state:String} OR ({state:String} = 'overdue' AND state = 'open' AND due_on < toDate({today:String})))
ORDER BY due_on, action_id
LIMIT {limit:UInt32}
