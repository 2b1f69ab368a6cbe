-- Rows of prefix_zones that hold now, for enrichment.
SELECT prefix, country, zone, valid_from
FROM prefix_zones_current
WHERE tenant = {tenant:String} AND valid_from <= now64(3) AND (valid_to <= toDateTime64(0, 3, 'UTC') OR valid_to > now64(3))
