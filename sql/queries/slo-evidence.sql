-- Good and bad by slice of an objective: what a burn rate was made of.
SELECT at, good, total, total - good AS bad, bad / total AS bad_share
FROM slo_slices_latest
WHERE tenant = {tenant:String} AND slo = {slo:String} AND source = {source:String}
    AND at >= toDateTime({from:DateTime64(3, 'UTC')}, 'UTC') AND at < toDateTime({to:DateTime64(3, 'UTC')}, 'UTC') AND total > 0
ORDER BY at
