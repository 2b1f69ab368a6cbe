-- Evidence of N17: the agreement for the month, target by target; the line without a target is the agreement as a whole.
SELECT target, promise, promised, without_exclusions, attained, state, completeness, excluded_minutes, credit_percent, credit, currency, claim_until, updated_at
FROM sla_periods_latest
WHERE tenant = {tenant:String} AND agreement = {agreement:String} AND month = {month:String}
ORDER BY target
