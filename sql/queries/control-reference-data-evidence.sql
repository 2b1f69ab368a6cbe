-- Evidence of N05: the reference rows that a check is about, in order of validity, with the file they came in.
SELECT *
FROM
(
    SELECT 'tariff' AS what, concat(tariff, ' ', version, ' ', service, ' ', zone, ' +', prefix, ' ', time_band) AS subject, toString(setup) AS setup_or_site, toString(per_unit) AS price_or_zone, valid_from, valid_to, source, file, ingest_time
    FROM tariffs
    WHERE tenant = {tenant:String} AND NOT wholesale AND {check:String} IN ('zero_price', 'ambiguous_rate', 'overlapping_rate', 'expired_rate')
        AND (tariff, service, zone, prefix) IN
        (
            SELECT tariff, service, zone, prefix FROM tariffs
            WHERE tenant = {tenant:String} AND NOT wholesale
            GROUP BY tariff, service, zone, prefix
            HAVING uniqExact((setup, per_unit)) > 1 OR max(valid_to) BETWEEN toDateTime64(1, 3, 'UTC') AND parseDateTime64BestEffort({at:String}, 3, 'UTC')
        )
    UNION ALL
    SELECT 'zone' AS what, concat(service, ' ', zone) AS subject, '' AS setup_or_site, toString(sum(records)) AS price_or_zone, toDateTime64(min(hour), 3, 'UTC') AS valid_from, toDateTime64(max(hour), 3, 'UTC') AS valid_to, '' AS source, '' AS file, max(ingest_time) AS ingest_time
    FROM usage_hour
    WHERE tenant = {tenant:String} AND {check:String} = 'unrated_zone' AND leg IN ('rating', 'ocs', 'billing') AND hour >= parseDateTimeBestEffort({at:String}, 'UTC') - INTERVAL 2 DAY
        AND zone != '' AND (service, zone) NOT IN (SELECT service, zone FROM tariffs WHERE tenant = {tenant:String})
    GROUP BY service, zone
    UNION ALL
    SELECT 'cell' AS what, toString(cell) AS subject, toString(any(node)) AS setup_or_site, toString(sum(records)) AS price_or_zone, toDateTime64(min(hour), 3, 'UTC') AS valid_from, toDateTime64(max(hour), 3, 'UTC') AS valid_to, '' AS source, '' AS file, max(ingest_time) AS ingest_time
    FROM usage_hour
    WHERE tenant = {tenant:String} AND {check:String} = 'unknown_cell' AND cell != '' AND hour >= parseDateTimeBestEffort({at:String}, 'UTC') - INTERVAL 2 DAY
        AND cell NOT IN (SELECT cell FROM cells WHERE tenant = {tenant:String})
    GROUP BY cell
    UNION ALL
    SELECT 'prefix' AS what, concat('+', prefix) AS subject, toString(name) AS setup_or_site, toString(zone) AS price_or_zone, valid_from, valid_to, source, file, ingest_time
    FROM prefix_zones
    WHERE tenant = {tenant:String} AND {check:String} = 'ambiguous_prefix' AND prefix IN
    (
        SELECT prefix FROM prefix_zones WHERE tenant = {tenant:String} GROUP BY prefix, valid_from, ingest_time HAVING uniqExact(zone) > 1
    )
)
ORDER BY what, subject, valid_from, ingest_time
LIMIT 1000
