-- The latest instant of usage and measurements, as s since 1970; 0 = there are none. What a clock ahead put beyond now is left out.
SELECT max(at) AS latest
FROM
(
    SELECT toUInt32(max(minute)) + 60 AS at FROM usage_minute WHERE tenant = {tenant:String} AND minute <= toDateTime({now:UInt32}, 'UTC')
    UNION ALL
    SELECT toUInt32(max(minute)) + 60 FROM measurement_minute WHERE tenant = {tenant:String} AND minute <= toDateTime({now:UInt32}, 'UTC')
)
WHERE at > 60
