-- What stands directly behind elements of one type at an instant. Of an element that stands in a tree only the parent counts that was
-- stated to hold last.
WITH
    own AS
    (
        SELECT parent, toString(child_type) AS kind, child, valid_from
        FROM
        (
            SELECT parent, child_type, child, valid_from, valid_to
            FROM topology_edges
            WHERE tenant = {tenant:String} AND parent_type = {type:String} AND has({elements:Array(String)}, parent) AND valid_from <= parseDateTime64BestEffort({at:String}, 3, 'UTC')
            ORDER BY ingest_time DESC, position DESC
            LIMIT 1 BY parent, child_type, child, valid_from
        )
        WHERE valid_to > parseDateTime64BestEffort({at:String}, 3, 'UTC') OR toUnixTimestamp64Milli(valid_to) = 0
        ORDER BY valid_from DESC
        LIMIT 1 BY parent, kind, child
    ),
    later AS
    (
        SELECT kind, child, max(valid_from) AS newest
        FROM
        (
            SELECT toString(child_type) AS kind, child, valid_from, valid_to
            FROM topology_edges
            WHERE tenant = {tenant:String} AND parent_type = {type:String} AND valid_from <= parseDateTime64BestEffort({at:String}, 3, 'UTC')
                AND (parent_type, child_type) IN (('partner', 'route'), ('site', 'cell'), ('site', 'olt'), ('olt', 'pon'), ('pon', 'ont'))
                AND (child_type, child) IN (SELECT kind, child FROM own)
            ORDER BY ingest_time DESC, position DESC
            LIMIT 1 BY parent, child_type, child, valid_from
        )
        WHERE valid_to > parseDateTime64BestEffort({at:String}, 3, 'UTC') OR toUnixTimestamp64Milli(valid_to) = 0
        GROUP BY kind, child
    )
SELECT own.parent AS parent, own.kind AS type, own.child AS name
FROM own
LEFT JOIN later ON later.kind = own.kind AND later.child = own.child
WHERE own.valid_from >= later.newest
ORDER BY type, name, parent
LIMIT {limit:UInt32}
