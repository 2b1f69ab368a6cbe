-- Customers of an incident: whose usage has its labels, from a day before it began to its end. Pseudonyms, in their order, after one of them.
SELECT
    toString(subscriber) AS subscriber,
    any(usage.segment) AS segment,
    any(usage.plan) AS plan,
    countIf(start_time >= {began:DateTime64(3, 'UTC')}) AS records_during,
    countIf(start_time < {began:DateTime64(3, 'UTC')}) AS records_before,
    max(start_time) AS last_at
FROM usage
WHERE tenant = {tenant:String} AND usage.subscriber != 0 AND usage.subscriber > {after:UInt64}
    AND toStartOfHour(start_time) >= toStartOfHour({from:DateTime64(3, 'UTC')}) AND start_time >= {from:DateTime64(3, 'UTC')} AND start_time < {to:DateTime64(3, 'UTC')}
    AND arrayAll((name, text) -> [source, leg, node, service, direction, partner, cell, site, route, trunk_in, apn, rat, usage.plan, zone, usage.segment, country, prefix, mcc_mnc, number_range, tac][indexOf(['source', 'leg', 'node', 'service', 'direction', 'partner', 'cell', 'site', 'route', 'trunk_in', 'apn', 'rat', 'plan', 'zone', 'segment', 'country', 'prefix', 'mcc_mnc', 'number_range', 'tac'], name)] = text,
        {names:Array(String)}, {texts:Array(String)})
GROUP BY usage.subscriber
ORDER BY usage.subscriber
LIMIT {limit:UInt32}
