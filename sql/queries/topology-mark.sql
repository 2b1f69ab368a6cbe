-- Whether the topology has changed: other edges, or edges that have begun or ceased to hold.
SELECT
    count() AS edges,
    toString(max(ingest_time)) AS newest,
    countIf(valid_from <= {at:DateTime64(3, 'UTC')}) AS begun,
    countIf(toUnixTimestamp64Milli(valid_to) != 0 AND valid_to <= {at:DateTime64(3, 'UTC')}) AS ended
FROM topology_edges
WHERE tenant = {tenant:String}
