-- Files of a source that were fetched and stored: what tells each from every other, and what is still to become of it over there.
SELECT url, bytes, toUnixTimestamp64Milli(modified_at) AS modified_ms, version
FROM fetched
WHERE tenant = {tenant:String} AND source = {source:String}
