-- Where the query of a source goes on.
SELECT toUnixTimestamp64Milli(due_at) AS due_ms, page, cursor, known
FROM fetch_marks
WHERE tenant = {tenant:String} AND source = {source:String}
ORDER BY due_at DESC, page DESC, written_at DESC
LIMIT 1
