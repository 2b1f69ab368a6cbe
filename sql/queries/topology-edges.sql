-- Edges of the topology that hold at an instant.
SELECT parent_type, parent, child_type, child
FROM topology_edges
WHERE tenant = {tenant:String} AND valid_from <= {at:DateTime64(3, 'UTC')} AND (valid_to > {at:DateTime64(3, 'UTC')} OR toUnixTimestamp64Milli(valid_to) = 0)
ORDER BY ingest_time DESC
LIMIT 1 BY parent_type, parent, child_type, child
LIMIT {limit:UInt32}
