-- Evidence of S10: the records of a batch that share their business key with an earlier one, beside all that have the key.
SELECT leg, business_key, record_id, source, file, start_time, ingest_time
FROM usage_keys
WHERE tenant = {tenant:String} AND (leg, business_key) IN
(
    SELECT leg, business_key
    FROM usage_keys
    WHERE tenant = {tenant:String} AND (leg, business_key) IN
    (
        SELECT leg, business_key
        FROM usage_keys
        WHERE tenant = {tenant:String} AND source = {source:String} AND file = {file:String}
            AND ingest_time = parseDateTime64BestEffort({at:String}, 3, 'UTC')
    )
    GROUP BY leg, business_key
    HAVING uniqExact(record_id) > 1
)
ORDER BY leg, business_key, ingest_time
LIMIT 1000
