-- What people said of findings, for learning: the latest verdict of each person on each finding, counted. Useful counts as true; what is
-- neither (duplicate, or a ticket system's own words) takes an earlier verdict of the same person back.
SELECT
    detector, finding_key,
    countIf(verdict IN ('true', 'useful')) AS true_count,
    countIf(verdict = 'false') AS false_count
FROM
(
    SELECT detector, finding_key, actor, verdict
    FROM verdicts
    WHERE tenant = {tenant:String}
    ORDER BY at DESC, verdict_id DESC
    LIMIT 1 BY finding_key, actor
)
GROUP BY detector, finding_key
HAVING true_count + false_count > 0
ORDER BY detector, finding_key
