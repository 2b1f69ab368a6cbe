-- What was said in a stretch of time: each finding with the stretch of event time that it stood for, and the verdict of people on it as it
-- stands (the latest; `useful` counts as true).
SELECT
    said.finding_key AS finding_key, detector, title, began, ended, verdict
FROM
(
    SELECT finding_key, any(findings.detector) AS detector, argMax(findings.title, detected_at) AS title, min(began_at) AS began, max(window_to) AS ended
    FROM findings
    WHERE tenant = {tenant:String} AND began_at < {to:DateTime64(3, 'UTC')} AND window_to >= {from:DateTime64(3, 'UTC')} AND state = 'firing'
    GROUP BY finding_key
) AS said
LEFT JOIN
(
    SELECT finding_key, argMax(if(verdicts.verdict = 'useful', 'true', verdicts.verdict), at) AS verdict
    FROM verdicts
    WHERE tenant = {tenant:String} AND verdicts.verdict IN ('true', 'false', 'useful')
    GROUP BY finding_key
) AS judged ON said.finding_key = judged.finding_key
ORDER BY began, finding_key
