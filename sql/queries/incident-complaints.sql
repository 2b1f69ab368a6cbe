-- Complaints within the reach of an incident: of its service and site, or of subscriptions whose usage has its labels. `names` and `texts` are
-- the labels that usage has, name by name.
SELECT count() AS complaints, uniqExactIf(subscription, subscription != 0) AS customers, min(event_time) AS first_at, max(event_time) AS last_at
FROM complaints
WHERE tenant = {tenant:String} AND event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
    AND (
        (({service:String} != '' OR {site:String} != '')
            AND ({service:String} = '' OR lower(service) = lower({service:String})) AND ({site:String} = '' OR lower(site) = lower({site:String})))
        OR (notEmpty({names:Array(String)}) AND subscription != 0 AND subscription IN (
            SELECT subscriber FROM usage
            WHERE tenant = {tenant:String} AND subscriber != 0
                AND toStartOfHour(start_time) >= toStartOfHour({from:DateTime64(3, 'UTC')}) AND start_time >= {from:DateTime64(3, 'UTC')} AND start_time < {to:DateTime64(3, 'UTC')}
                AND arrayAll((name, text) -> [source, leg, node, service, direction, partner, cell, site, route, trunk_in, apn, rat, plan, zone, segment, country, prefix, mcc_mnc, number_range, tac][indexOf(['source', 'leg', 'node', 'service', 'direction', 'partner', 'cell', 'site', 'route', 'trunk_in', 'apn', 'rat', 'plan', 'zone', 'segment', 'country', 'prefix', 'mcc_mnc', 'number_range', 'tac'], name)] = text,
                    {names:Array(String)}, {texts:Array(String)})
        ))
    )
