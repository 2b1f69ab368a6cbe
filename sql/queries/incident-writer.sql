-- Who made a write: of all who tried the same number one.
SELECT any(writer) AS writer
FROM incidents
WHERE tenant = {tenant:String} AND generation = {generation:UInt64}
