-- Types under which an element of this name is known at all, whenever.
SELECT DISTINCT type
FROM
(
    SELECT toString(parent_type) AS type FROM topology_edges WHERE tenant = {tenant:String} AND parent = {element:String}
    UNION ALL
    SELECT toString(child_type) AS type FROM topology_edges WHERE tenant = {tenant:String} AND child = {element:String}
)
ORDER BY type
