-- Tables and views with their columns and comments: what can be asked for in SQL.
SELECT columns.table AS table, any(tables.comment) AS table_comment,
    groupArray((columns.name, columns.type, columns.comment)) AS columns
FROM
(
    SELECT table, name, type, comment
    FROM system.columns
    WHERE database = {database:String} AND table IN {tables:Array(String)}
    ORDER BY table, position
) AS columns
LEFT JOIN (SELECT name, comment FROM system.tables WHERE database = {database:String}) AS tables ON tables.name = columns.table
GROUP BY columns.table
ORDER BY columns.table
