-- Actions after incidents as they stood at the end of a stretch: open, overdue, and done within it.
SELECT
    countIf(state = 'open') AS open,
    countIf(state = 'open' AND due_on < toDate({to:DateTime64(3, 'UTC')}, 'UTC')) AS overdue,
    countIf(state = 'done' AND at >= {from:DateTime64(3, 'UTC')}) AS done
FROM
(
    SELECT action_id, argMax(incident_actions.state, version) AS state, argMax(incident_actions.due_on, version) AS due_on, argMax(incident_actions.at, version) AS at
    FROM incident_actions
    WHERE tenant = {tenant:String} AND incident_actions.at < {to:DateTime64(3, 'UTC')}
    GROUP BY action_id
)
