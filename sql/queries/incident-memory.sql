-- What is known of findings that belong to an incident or are held: their last decision, and the word that it was about. Of children the
-- figures are enough.
SELECT
    decided.finding_key AS finding_key,
    decided.detector AS detector,
    decided.state AS state,
    toUnixTimestamp64Milli(decided.detected_at) AS detected_ms,
    decided.outcome AS outcome,
    decided.step AS step,
    decided.reason AS reason,
    decided.incident_key AS incident_key,
    said.kind AS kind,
    said.title AS title,
    toUnixTimestamp64Milli(said.began_at) AS began_ms,
    said.score AS score,
    toString(said.money) AS money,
    said.currency AS currency,
    said.money_class AS money_class,
    said.customers AS customers,
    if(decided.outcome = 'child', '', said.body) AS body
FROM
(
    SELECT finding_key, detector, state, detected_at, outcome, step, reason, incident_key
    FROM incident_findings
    WHERE tenant = {tenant:String} AND at >= {from:DateTime64(3, 'UTC')} AND outcome NOT IN ('stale', 'repeated', 'unreadable')
    ORDER BY at DESC, number DESC
    LIMIT 1 BY finding_key
) AS decided
INNER JOIN
(
    SELECT finding_key, detected_at, state, any(findings.kind) AS kind, any(findings.title) AS title, any(findings.began_at) AS began_at,
        any(findings.score) AS score, any(findings.money) AS money, any(findings.currency) AS currency,
        any(findings.money_class) AS money_class, any(findings.customers) AS customers, any(findings.body) AS body
    FROM findings
    WHERE tenant = {tenant:String} AND detected_at >= {from:DateTime64(3, 'UTC')}
    GROUP BY finding_key, detected_at, state
) AS said USING (finding_key, detected_at, state)
WHERE outcome IN ('own', 'symptom', 'child', 'suppressed', 'gated', 'waiting') AND (state = 'firing' OR incident_key IN {active:Array(String)})
ORDER BY detected_ms
