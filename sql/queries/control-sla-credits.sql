-- Months of agreements that are over, in which a carrier owes us, for N17: what it owes, until when it can be claimed, and the targets it missed. Months that
-- ended within the last 400 days, as last reported.
SELECT
    agreement, month, any(partner) AS carrier,
    anyIf(title, target = '') AS name, anyIf(period_from, target = '') AS starts, anyIf(period_to, target = '') AS ends,
    anyIf(credit, target = '') AS owed, any(currency) AS coin, anyIf(completeness, target = '') AS complete,
    ifNull(toString(any(claim_until)), '') AS last_day, any(claim_ends) AS claim_over,
    arraySort(groupArrayIf(target, target != '' AND state = 'missed')) AS missed,
    countIf(target != '' AND state = 'no_data') AS unmeasured
FROM sla_periods_latest
WHERE tenant = {tenant:String} AND direction = 'they-owe-us' AND final AND period_to <= {instant:DateTime64(3, 'UTC')} AND period_to > {instant:DateTime64(3, 'UTC')} - INTERVAL 400 DAY
GROUP BY agreement, month
ORDER BY agreement, month
