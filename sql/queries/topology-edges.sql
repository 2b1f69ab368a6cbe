-- Edges of the topology that hold at an instant, without those to customers: the latest statement of each edge, and of an element that
-- stands in a tree (a PON, an ONT, a cell, a route) only the parent that was stated to hold last.
SELECT parent_type, parent, child_type, child
FROM
(
    SELECT parent_type, parent, child_type, child, valid_from, valid_to, ingest_time
    FROM topology_edges
    WHERE tenant = {tenant:String} AND child_type != 'customer' AND valid_from <= {at:DateTime64(3, 'UTC')}
    ORDER BY ingest_time DESC, position DESC
    LIMIT 1 BY parent_type, parent, child_type, child, valid_from
)
WHERE valid_to > {at:DateTime64(3, 'UTC')} OR toUnixTimestamp64Milli(valid_to) = 0
ORDER BY valid_from DESC, ingest_time DESC
LIMIT 1 BY parent_type, if((parent_type, child_type) IN (('partner', 'route'), ('site', 'cell'), ('site', 'olt'), ('olt', 'pon'), ('pon', 'ont')), '', parent), child_type, child
LIMIT {limit:UInt32}
