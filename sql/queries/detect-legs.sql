-- Legs of which something came, ever: what controls of one's own need to be applicable.
SELECT DISTINCT leg
FROM watermarks
WHERE tenant = {tenant:String} AND leg != 'weir'
