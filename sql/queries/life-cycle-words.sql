-- The words that hold now, to see whether the settings say otherwise.
SELECT kind, stated, standard
FROM lifecycle_words
WHERE tenant = {tenant:String} AND version = (SELECT max(version) FROM lifecycle_words WHERE tenant = {tenant:String})
ORDER BY kind, stated
