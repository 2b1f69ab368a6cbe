-- The first thousand rejects of one partition of a source: the answer to a repeated post.
SELECT position, reason, field, detail
FROM rejections
WHERE tenant = {tenant:String} AND source = {source:String} AND partition = {partition:String}
ORDER BY position
LIMIT 1000
