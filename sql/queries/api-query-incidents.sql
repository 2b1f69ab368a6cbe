-- Incidents as they stand that lasted within a stretch, or only those open now, the most severe and latest first; an empty list means any.
WITH latest AS
(
    SELECT
        incident_id,
        argMax((state, incidents.severity, category, title, summary, team, assignee, money, currency, customers, detected_at), (sequence, at)) AS last,
        max(sequence) AS newest,
        min(began_at) AS began,
        min(at) AS opened,
        minIf(at, transition IN ('acknowledged', 'in_progress')) AS acknowledged,
        maxIf(at, transition IN ('resolved', 'closed')) AS ended
    FROM incidents
    WHERE tenant = {tenant:String} AND category != 'digest'
    GROUP BY incident_id
    HAVING (last.1 NOT IN ('resolved', 'closed') OR ({open:UInt8} = 0 AND ended >= {from:DateTime64(3, 'UTC')}))
        AND ({open:UInt8} = 1 OR began < {to:DateTime64(3, 'UTC')})
        AND (empty({states:Array(String)}) OR last.1 IN {states:Array(String)})
        AND (empty({severities:Array(UInt8)}) OR last.2 IN {severities:Array(UInt8)})
        AND (empty({categories:Array(String)}) OR last.3 IN {categories:Array(String)})
        AND (empty({teams:Array(String)}) OR last.6 IN {teams:Array(String)})
    ORDER BY last.2, began DESC, incident_id
    LIMIT {limit:UInt32}
)
SELECT
    latest.incident_id AS incident_id, last.1 AS state, last.2 AS severity, last.3 AS category, last.4 AS title, last.5 AS summary, last.6 AS team,
    last.7 AS assignee, toFloat64(last.8) AS money, last.9 AS currency, toUInt32(last.10) AS customers,
    toUnixTimestamp64Milli(began) AS began_at, toUnixTimestamp64Milli(last.11) AS detected_at, toUnixTimestamp64Milli(opened) AS opened_at,
    toUnixTimestamp64Milli(acknowledged) AS acknowledged_at, if(state IN ('resolved', 'closed'), toUnixTimestamp64Milli(ended), 0) AS ended_at,
    bodies.detector AS detector, bodies.money_class AS money_class, bodies.scope AS scope
FROM latest
LEFT JOIN
(
    SELECT
        incident_id, sequence,
        JSONExtractString(body, 'finding', 'detector') AS detector,
        JSONExtractString(body, 'impact', 'money', 'class') AS money_class,
        JSONExtractRaw(body, 'finding', 'scope') AS scope
    FROM incidents
    WHERE tenant = {tenant:String} AND (incident_id, sequence) IN (SELECT incident_id, newest FROM latest)
    LIMIT 1 BY incident_id
) AS bodies ON bodies.incident_id = latest.incident_id
WHERE (empty({detectors:Array(String)}) OR detector IN {detectors:Array(String)})
ORDER BY severity, began_at DESC, incident_id
