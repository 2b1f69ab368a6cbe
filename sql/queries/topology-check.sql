-- Statements of the topology that cannot all be true; nothing when none of the sources (empty = whoever) brought any. `problem` is empty for edges between elements
-- that have both parents and children: only through those a circle can go. `source` stands once for each source that brought edges.
WITH
    latest AS
    (
        SELECT
            source, file, partition, position, toString(parent_type) AS parent_kind, parent, toString(child_type) AS child_kind, child, valid_from,
            if(toUnixTimestamp64Milli(valid_to) = 0, toDateTime64('2299-01-01 00:00:00', 3, 'UTC'), valid_to) AS until
        FROM
        (
            SELECT source, file, partition, position, parent_type, parent, child_type, child, valid_from, valid_to
            FROM topology_edges
            WHERE tenant = {tenant:String}
                AND (empty({sources:Array(String)}) OR (SELECT count() FROM topology_edges WHERE tenant = {tenant:String} AND has({sources:Array(String)}, toString(source))) > 0)
            ORDER BY ingest_time DESC, position DESC
            LIMIT 1 BY parent_type, parent, child_type, child, valid_from
        )
    ),
    parted AS
    (
        SELECT
            *,
            lagInFrame(parent, 1, '') OVER sequence AS other,
            lagInFrame(until, 1, toDateTime64(0, 3, 'UTC')) OVER sequence AS other_until
        FROM latest
        WHERE (parent_kind, child_kind) IN (('partner', 'route'), ('site', 'cell'), ('site', 'olt'), ('olt', 'pon'), ('pon', 'ont'))
        WINDOW sequence AS (PARTITION BY parent_kind, child_kind, child ORDER BY valid_from, parent ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)
    )
SELECT 'source' AS problem, toString(source) AS source, '' AS file, '' AS partition, toUInt64(0) AS position, '' AS parent_type, '' AS parent, '' AS child_type, '' AS child, '' AS other, toDateTime64(0, 3, 'UTC') AS valid_from, toDateTime64(0, 3, 'UTC') AS until
FROM latest
GROUP BY source
UNION ALL
SELECT 'ends_before_it_begins', toString(source), toString(file), toString(partition), position, parent_kind, parent, child_kind, child, '', valid_from, until
FROM latest
WHERE until <= valid_from
LIMIT 1000
UNION ALL
SELECT 'itself', toString(source), toString(file), toString(partition), position, parent_kind, parent, child_kind, child, '', valid_from, until
FROM latest
WHERE parent_kind = child_kind AND parent = child
LIMIT 1000
UNION ALL
SELECT 'two_parents', toString(source), toString(file), toString(partition), position, parent_kind, parent, child_kind, child, other, valid_from, until
FROM parted
WHERE other != '' AND other != parent AND other_until > valid_from AND until > valid_from
LIMIT 1000
UNION ALL
SELECT '', toString(source), toString(file), toString(partition), position, parent_kind, parent, child_kind, child, '', valid_from, until
FROM latest
WHERE (parent_kind, parent) IN (SELECT child_kind, child FROM latest) AND (child_kind, child) IN (SELECT parent_kind, parent FROM latest)
    AND until > valid_from AND NOT (parent_kind = child_kind AND parent = child)
LIMIT 100000
