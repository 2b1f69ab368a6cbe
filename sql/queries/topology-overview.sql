-- The topology as it holds at an instant, by types of parent and child: edges, and elements on both sides.
SELECT toString(parent_type) AS parent_type, toString(child_type) AS child_type, count() AS edges, uniqExact(parent) AS parents, uniqExact(child) AS children
FROM
(
    SELECT parent_type, parent, child_type, child, valid_from, valid_to
    FROM topology_edges
    WHERE tenant = {tenant:String} AND valid_from <= parseDateTime64BestEffort({at:String}, 3, 'UTC')
    ORDER BY ingest_time DESC, position DESC
    LIMIT 1 BY parent_type, parent, child_type, child, valid_from
)
WHERE valid_to > parseDateTime64BestEffort({at:String}, 3, 'UTC') OR toUnixTimestamp64Milli(valid_to) = 0
GROUP BY parent_type, child_type
ORDER BY parent_type, child_type
