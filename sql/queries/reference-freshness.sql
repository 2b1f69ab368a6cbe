-- When reference data last arrived and how many rows there are: changes when anything changed.
SELECT max(newest) AS newest, sum(total) AS total
FROM
(
    SELECT max(ingest_time) AS newest, count() AS total FROM partners WHERE tenant = {tenant:String}
    UNION ALL SELECT max(ingest_time), count() FROM cells WHERE tenant = {tenant:String}
    UNION ALL SELECT max(ingest_time), count() FROM prefix_zones WHERE tenant = {tenant:String}
    UNION ALL SELECT max(ingest_time), count() FROM causes WHERE tenant = {tenant:String}
    UNION ALL SELECT max(ingest_time), count() FROM subscriptions WHERE tenant = {tenant:String}
)
