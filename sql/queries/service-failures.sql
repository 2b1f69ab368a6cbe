-- Attempts and failures of calls and messages by the minute of their release in the last half hour, by node, partner, route and site, with
-- what is usual for the partner: its attempts and failures of the two days before the last hour. A call has failed when the network says
-- so by its cause, a message when it was not delivered. By release and not by start, since a call that fails is written at once and
-- one that is talked only when it ends: of each minute both are there to the same part. Sites beyond the 200 with most failures are one.
WITH
    recent AS
    (
        SELECT
            toString(leg) AS leg, toString(service) AS service, toString(node) AS node, toString(partner) AS partner,
            toString(if(route != '', route, trunk_in)) AS route, toString(site) AS site,
            toStartOfMinute(greatest(end_time, start_time)) AS minute,
            count() AS attempts,
            countIf(NOT answered AND (service != 'voice' OR cause_class IN ('network', 'congestion', 'interworking'))) AS failures
        FROM usage
        WHERE tenant = {tenant:String} AND service IN ('voice', 'sms')
            AND ingest_time >= {instant:DateTime64(3, 'UTC')} - INTERVAL 40 MINUTE AND ingest_time <= {instant:DateTime64(3, 'UTC')}
            AND toStartOfHour(start_time) >= toStartOfHour({since:DateTime64(3, 'UTC')}) AND start_time <= {instant:DateTime64(3, 'UTC')}
            AND greatest(end_time, start_time) >= {instant:DateTime64(3, 'UTC')} - INTERVAL 30 MINUTE
        GROUP BY leg, service, node, partner, route, site, minute
    ),
    weighed AS (SELECT *, sum(failures) OVER (PARTITION BY site) AS site_failures FROM recent),
    ranked AS (SELECT *, dense_rank() OVER (ORDER BY site != '' DESC, site_failures DESC, site) AS place FROM weighed),
    usual AS
    (
        SELECT
            toString(leg) AS leg, toString(service) AS service, toString(partner) AS partner,
            sum(records) AS usual_attempts,
            sum(if(service != 'voice', records - answered, if(cause_class IN ('network', 'congestion', 'interworking'), records - least(records, answered), 0))) AS usual_failures
        FROM usage_hour
        WHERE tenant = {tenant:String} AND service IN ('voice', 'sms')
            AND hour >= toDateTime({instant:DateTime64(3, 'UTC')} - INTERVAL 49 HOUR) AND hour < toStartOfHour(toDateTime({instant:DateTime64(3, 'UTC')})) - INTERVAL 1 HOUR
        GROUP BY leg, service, partner
    )
SELECT
    leg, service, node, partner, route, site,
    arrayMap(each -> toUnixTimestamp(tupleElement(each, 1)) * 1000, steps) AS minutes,
    arrayMap(each -> tupleElement(each, 2), steps) AS attempts,
    arrayMap(each -> tupleElement(each, 3), steps) AS failures,
    usual_attempts, usual_failures
FROM
(
    SELECT
        recent.leg AS leg, recent.service AS service, recent.node AS node, recent.partner AS partner, recent.route AS route,
        if(recent.place <= 200, recent.site, '') AS site,
        arraySort(groupArray((recent.minute, recent.attempts, recent.failures))) AS steps,
        any(usual.usual_attempts) AS usual_attempts,
        any(usual.usual_failures) AS usual_failures
    FROM ranked AS recent
    LEFT JOIN usual ON usual.leg = recent.leg AND usual.service = recent.service AND usual.partner = recent.partner
    GROUP BY leg, service, node, partner, route, site
)
ORDER BY leg, service, node, partner, route, site
LIMIT 200000
