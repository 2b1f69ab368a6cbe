-- Evidence of S09: records of a service and zone in an hour with what the host charged for them, the wrong ones first, and its wholesale rates.
SELECT 'charged' AS what, toString(partner) AS tariff, start_time AS at, billable_seconds AS seconds, octets_up + octets_down AS octets, toString(wholesale_charge) AS amount, zero_reason AS detail, toString(record_id) AS record
FROM usage
WHERE tenant = {tenant:String} AND leg = {leg:String} AND service = {service:String} AND zone = {zone:String}
    AND toStartOfHour(start_time) >= toStartOfHour(parseDateTime64BestEffort({from:String}, 3, 'UTC'))
    AND start_time >= parseDateTime64BestEffort({from:String}, 3, 'UTC') AND start_time < parseDateTime64BestEffort({to:String}, 3, 'UTC')
ORDER BY record IN {records:Array(String)} DESC, at
LIMIT 500
UNION ALL
SELECT 'rate' AS what, concat(tariffs.tariff, ' ', version) AS tariff, valid_from AS at, toFloat64(minimum_seconds) AS seconds, toUInt64(increment_seconds) AS octets, toString(per_unit) AS amount,
    concat('per ', unit, ', set-up ', toString(setup), ', minimum and increment in seconds, zone ', zone, ' +', prefix) AS detail, '' AS record
FROM tariffs
WHERE tenant = {tenant:String} AND wholesale AND service = {service:String} AND tariffs.partner IN ('', {tariff:String}) AND zone IN ('', {zone:String})
ORDER BY at DESC
LIMIT 500
