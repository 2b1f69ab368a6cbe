-- Findings of an incident and why each belongs to it, the latest first; of one finding the last word.
SELECT finding_key, detector, state, detected_at, outcome, step, reason, at
FROM
(
    SELECT finding_key, detector, state, detected_at, outcome, step, reason, at, number
    FROM incident_findings
    WHERE tenant = {tenant:String} AND incident_key = {incident_key:String}
    ORDER BY at DESC, number DESC
    LIMIT 1 BY finding_key
)
WHERE (at, finding_key) < ({after_at:DateTime64(3, 'UTC')}, {after_id:String})
ORDER BY at DESC, finding_key DESC
LIMIT {limit:UInt32}
