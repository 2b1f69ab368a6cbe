-- Rows of causes that hold now, for enrichment and for people.
SELECT partner, scheme, value, cause_class, name, valid_from
FROM causes_current
WHERE tenant = {tenant:String} AND valid_from <= now64(3) AND (valid_to <= toDateTime64(0, 3, 'UTC') OR valid_to > now64(3))
