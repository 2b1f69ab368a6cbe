-- Legs that brought usage of some services (none = of any) between two instants (s since 1970, whole hours), by service.
SELECT leg, service, sum(records) AS records
FROM usage_hour
WHERE tenant = {tenant:String} AND (empty({services:Array(String)}) OR service IN {services:Array(String)})
    AND hour >= toDateTime({from:UInt32}, 'UTC') AND hour < toDateTime({to:UInt32}, 'UTC')
GROUP BY leg, service
ORDER BY leg, service
