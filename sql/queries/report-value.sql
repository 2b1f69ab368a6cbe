-- Records and charges of a stretch of event time by leg, source and service: what the coverage of controls is measured on.
SELECT leg, source, service, count() AS records, sum(if(currency = {currency:String}, charge, 0)) AS charges
FROM usage
WHERE tenant = {tenant:String} AND toStartOfHour(start_time) >= toStartOfHour({from:DateTime64(3, 'UTC')})
    AND start_time >= {from:DateTime64(3, 'UTC')} AND start_time < {to:DateTime64(3, 'UTC')}
GROUP BY leg, source, service
ORDER BY leg, source, service
