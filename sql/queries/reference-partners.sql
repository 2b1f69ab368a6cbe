-- Rows of partners that hold now, for enrichment.
SELECT partner, mcc_mnc, routes, valid_from
FROM partners_current
WHERE tenant = {tenant:String} AND valid_from <= now64(3) AND (valid_to <= toDateTime64(0, 3, 'UTC') OR valid_to > now64(3))
