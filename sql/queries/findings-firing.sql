-- How many findings fired in a stretch: each word that says so counts once.
SELECT uniqExact(finding_key, detected_at) AS findings
FROM findings
WHERE tenant = {tenant:String} AND state = 'firing' AND detected_at >= {from:DateTime64(3, 'UTC')} AND detected_at < {to:DateTime64(3, 'UTC')}
