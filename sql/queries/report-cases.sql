-- Revenue cases detected in a stretch of time, for the report of the programme.
SELECT
    incident_id, control, state, detected_at, revenue_cases.money AS money, currency, money_class,
    ifNull(toString(recoverable_until), '') AS until, verdict, revenue_cases.recovered AS recovered,
    ifNull(recovered_at, toDateTime64(0, 3, 'UTC')) AS last_recovery
FROM revenue_cases
WHERE tenant = {tenant:String} AND detected_at >= {from:DateTime64(3, 'UTC')} AND detected_at < {to:DateTime64(3, 'UTC')}
ORDER BY detected_at, incident_id
LIMIT 100000
