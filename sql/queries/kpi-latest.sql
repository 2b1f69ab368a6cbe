-- The latest instant of usage, measurements and life-cycle events, as s since 1970; 0 = there are none. What a clock ahead put beyond now is left out.
SELECT max(latest) AS latest
FROM
(
    SELECT toUInt32(max(minute)) + 60 AS latest FROM usage_minute WHERE tenant = {tenant:String} AND minute <= toDateTime({now:UInt32}, 'UTC')
    UNION ALL
    SELECT toUInt32(max(minute)) + 60 FROM measurement_minute WHERE tenant = {tenant:String} AND minute <= toDateTime({now:UInt32}, 'UTC')
)
WHERE latest > 60
