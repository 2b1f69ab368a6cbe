-- Rows of cells that hold now, for enrichment.
SELECT cell, site, zone, rat, node, valid_from
FROM cells_current
WHERE tenant = {tenant:String} AND valid_from <= now64(3) AND (valid_to <= toDateTime64(0, 3, 'UTC') OR valid_to > now64(3))
