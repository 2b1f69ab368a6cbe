-- Runs of a day that a later one replaces, also those that broke off.
SELECT DISTINCT toString(experience_scores.run) AS run
FROM experience_scores
WHERE tenant = {tenant:String} AND day = toDate({from:DateTime64(3, 'UTC')}) AND experience_scores.run < {run:UInt64}
