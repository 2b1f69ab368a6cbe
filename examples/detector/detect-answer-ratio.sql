-- Calls and answers by partner in the window, and in two hours around it a week before, for answer_ratio.
SELECT
    partner,
    sumIf(records, minute >= {from:DateTime64(3, 'UTC')} AND minute < {to:DateTime64(3, 'UTC')}) AS calls,
    sumIf(answered, minute >= {from:DateTime64(3, 'UTC')} AND minute < {to:DateTime64(3, 'UTC')}) AS answered,
    sumIf(records, minute < {from:DateTime64(3, 'UTC')} - INTERVAL 6 DAY) AS usual_calls,
    sumIf(usage_minute.answered, minute < {from:DateTime64(3, 'UTC')} - INTERVAL 6 DAY) AS usual_answered
FROM usage_minute
WHERE tenant = {tenant:String} AND leg = {leg:String} AND service = 'voice' AND partner != ''
    AND (minute >= {from:DateTime64(3, 'UTC')} AND minute < {to:DateTime64(3, 'UTC')}
        OR minute >= {from:DateTime64(3, 'UTC')} - INTERVAL 169 HOUR AND minute < {to:DateTime64(3, 'UTC')} - INTERVAL 167 HOUR)
GROUP BY partner
