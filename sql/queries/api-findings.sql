-- The latest word on each finding, the latest detected first, after a cursor; empty means any.
SELECT body, finding_key, detected_at
FROM
(
    SELECT body, finding_key, detector, kind, state, detected_at
    FROM findings
    WHERE tenant = {tenant:String}
    ORDER BY detected_at DESC
    LIMIT 1 BY finding_key
)
WHERE ({state:String} = '' OR state = {state:String})
  AND ({detector:String} = '' OR detector = {detector:String})
  AND ({kind:String} = '' OR kind = {kind:String})
  AND detected_at >= {since:DateTime64(3, 'UTC')}
  AND (detected_at, finding_key) < ({after_at:DateTime64(3, 'UTC')}, {after_id:String})
ORDER BY detected_at DESC, finding_key DESC
LIMIT {limit:UInt32}
