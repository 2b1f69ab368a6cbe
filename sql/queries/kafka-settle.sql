-- What the tables hold of a planned range that can no longer be read again.
SELECT
  (SELECT count() FROM {table:Identifier} WHERE tenant = {tenant:String} AND source = {source:String} AND partition = {partition:String}
    AND position BETWEEN {first:UInt64} AND {last:UInt64}) AS stored,
  (SELECT count() FROM rejects WHERE tenant = {tenant:String} AND source = {source:String} AND partition = {partition:String}
    AND position BETWEEN {first:UInt64} AND {last:UInt64}) AS rejected
