-- How far the detection loop has come: up to which instant what was stored is judged, and each leg's windows by definition.
SELECT source, node, max(complete_to) AS complete_to
FROM watermarks
WHERE tenant = {tenant:String} AND leg = 'weir'
GROUP BY source, node
