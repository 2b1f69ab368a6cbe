-- Incidents as they stand after a cursor, the latest detected first, or ranked: the highest rank first. An empty list means any.
SELECT incident_id, incident_key, sequence, state, severity, category, title, summary, team, assignee, money, currency, customers,
    rank, began_at, detected_at, at
FROM
(
    SELECT incident_id, incident_key, sequence, state, severity, category, title, summary, team, assignee, money, currency, customers,
        rank, began_at, detected_at, at
    FROM incidents
    WHERE tenant = {tenant:String}
    ORDER BY sequence DESC, at
    LIMIT 1 BY incident_id
)
WHERE (empty({states:Array(String)}) OR state IN {states:Array(String)})
  AND (empty({severities:Array(UInt8)}) OR severity IN {severities:Array(UInt8)})
  AND (empty({categories:Array(String)}) OR category IN {categories:Array(String)})
  AND detected_at >= {since:DateTime64(3, 'UTC')}
  AND (rank * {ranked:UInt8}, detected_at, incident_id) < ({after_rank:UInt32}, {after_at:DateTime64(3, 'UTC')}, {after_id:String})
ORDER BY rank * {ranked:UInt8} DESC, detected_at DESC, incident_id DESC
LIMIT {limit:UInt32}
