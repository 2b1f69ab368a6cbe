-- Whether the topology has changed.
SELECT count() AS edges, toString(max(ingest_time)) AS newest
FROM topology_edges
WHERE tenant = {tenant:String}
