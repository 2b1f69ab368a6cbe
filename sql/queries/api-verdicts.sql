-- What people said of findings and incidents, the latest first, after a cursor; empty means any.
SELECT verdict_id, incident_id, finding_key, detector, scope, verdict, note, actor, origin, at
FROM verdicts
WHERE tenant = {tenant:String}
    AND ({incident_id:String} = '' OR incident_id = {incident_id:String})
    AND ({detector:String} = '' OR detector = {detector:String})
    AND ({verdict:String} = '' OR verdict = {verdict:String})
    AND at >= {since:DateTime64(3, 'UTC')}
    AND (at, verdict_id) < ({after_at:DateTime64(3, 'UTC')}, {after_id:String})
ORDER BY at DESC, verdict_id DESC
LIMIT {limit:UInt32}
