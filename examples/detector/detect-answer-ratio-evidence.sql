-- Calls and answers of a partner by quarter of an hour, for answer_ratio.
SELECT toStartOfFifteenMinutes(minute) AS quarter, sum(records) AS calls, sum(answered) AS answers, answers / calls AS asr
FROM usage_minute
WHERE tenant = {tenant:String} AND leg = {leg:String} AND service = 'voice' AND partner = {partner:String} AND minute >= {since:DateTime64(3, 'UTC')}
GROUP BY quarter
ORDER BY quarter
