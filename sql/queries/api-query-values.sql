-- Values of a dimension of usage within a stretch, those with the most records first.
SELECT toString({dimension:Identifier}) AS value, toFloat64(sum(records)) AS weight
FROM usage_hour
WHERE
    tenant = {tenant:String}
    AND (empty({legs:Array(String)}) OR leg IN {legs:Array(String)})
    AND (empty({services:Array(String)}) OR service IN {services:Array(String)})
    AND hour >= toStartOfHour({from:DateTime64(3, 'UTC')}, 'UTC') AND hour < {to:DateTime64(3, 'UTC')}
    AND ({mode_1:UInt8} = 0
        OR ({mode_1:UInt8} = 1 AND has({values_1:Array(String)}, toString({key_1:Identifier})))
        OR ({mode_1:UInt8} = 2 AND NOT has({values_1:Array(String)}, toString({key_1:Identifier})))
        OR ({mode_1:UInt8} = 3 AND match(toString({key_1:Identifier}), {values_1:Array(String)}[1]))
        OR ({mode_1:UInt8} = 4 AND NOT match(toString({key_1:Identifier}), {values_1:Array(String)}[1])))
    AND ({mode_2:UInt8} = 0
        OR ({mode_2:UInt8} = 1 AND has({values_2:Array(String)}, toString({key_2:Identifier})))
        OR ({mode_2:UInt8} = 2 AND NOT has({values_2:Array(String)}, toString({key_2:Identifier})))
        OR ({mode_2:UInt8} = 3 AND match(toString({key_2:Identifier}), {values_2:Array(String)}[1]))
        OR ({mode_2:UInt8} = 4 AND NOT match(toString({key_2:Identifier}), {values_2:Array(String)}[1])))
    AND ({mode_3:UInt8} = 0
        OR ({mode_3:UInt8} = 1 AND has({values_3:Array(String)}, toString({key_3:Identifier})))
        OR ({mode_3:UInt8} = 2 AND NOT has({values_3:Array(String)}, toString({key_3:Identifier})))
        OR ({mode_3:UInt8} = 3 AND match(toString({key_3:Identifier}), {values_3:Array(String)}[1]))
        OR ({mode_3:UInt8} = 4 AND NOT match(toString({key_3:Identifier}), {values_3:Array(String)}[1])))
    AND ({mode_4:UInt8} = 0
        OR ({mode_4:UInt8} = 1 AND has({values_4:Array(String)}, toString({key_4:Identifier})))
        OR ({mode_4:UInt8} = 2 AND NOT has({values_4:Array(String)}, toString({key_4:Identifier})))
        OR ({mode_4:UInt8} = 3 AND match(toString({key_4:Identifier}), {values_4:Array(String)}[1]))
        OR ({mode_4:UInt8} = 4 AND NOT match(toString({key_4:Identifier}), {values_4:Array(String)}[1])))
    AND ({mode_5:UInt8} = 0
        OR ({mode_5:UInt8} = 1 AND has({values_5:Array(String)}, toString({key_5:Identifier})))
        OR ({mode_5:UInt8} = 2 AND NOT has({values_5:Array(String)}, toString({key_5:Identifier})))
        OR ({mode_5:UInt8} = 3 AND match(toString({key_5:Identifier}), {values_5:Array(String)}[1]))
        OR ({mode_5:UInt8} = 4 AND NOT match(toString({key_5:Identifier}), {values_5:Array(String)}[1])))
GROUP BY value
HAVING value != ''
ORDER BY weight DESC, value
LIMIT {limit:UInt32}
