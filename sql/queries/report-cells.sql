-- What each control judged in a stretch of time: the leg (of two, the first), source and service of its cells, where they have them.
SELECT DISTINCT control, if(cell['leg'] != '', cell['leg'], cell['from']) AS leg, cell['source'] AS source, cell['service'] AS service
FROM control_results
WHERE tenant = {tenant:String} AND judged_at >= {from:DateTime64(3, 'UTC')} AND judged_at < {to:DateTime64(3, 'UTC')}
    AND state IN ('ok', 'violation')
ORDER BY control, leg, source, service
LIMIT 100000
