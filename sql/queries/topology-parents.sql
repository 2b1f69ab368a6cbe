-- What is directly above an element at an instant. Where it stands in a tree only the parent counts that was stated to hold last.
SELECT type, name
FROM
(
    SELECT toString(parent_type) AS type, parent AS name, child_type, valid_from, valid_to
    FROM topology_edges
    WHERE tenant = {tenant:String} AND child_type = {type:String} AND child = {element:String} AND valid_from <= parseDateTime64BestEffort({at:String}, 3, 'UTC')
    ORDER BY ingest_time DESC, position DESC
    LIMIT 1 BY parent_type, parent, valid_from
)
WHERE valid_to > parseDateTime64BestEffort({at:String}, 3, 'UTC') OR toUnixTimestamp64Milli(valid_to) = 0
ORDER BY valid_from DESC, name
LIMIT 1 BY type, if((type, child_type) IN (('partner', 'route'), ('site', 'cell'), ('site', 'olt'), ('olt', 'pon'), ('pon', 'ont')), '', name)
LIMIT {limit:UInt32}
