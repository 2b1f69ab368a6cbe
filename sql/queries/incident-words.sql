-- When findings began to fire and cleared, from an instant on: what flapping and debounce are judged from.
SELECT finding_key, arraySort(groupUniqArray((toUnixTimestamp64Milli(detected_at), state = 'firing'))) AS words
FROM findings
WHERE tenant = {tenant:String} AND detected_at >= {from:DateTime64(3, 'UTC')}
GROUP BY finding_key
