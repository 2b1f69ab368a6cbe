-- The latest day that was judged, with its run; nothing: none was.
SELECT toString(experience_runs.day) AS day, state, finished_at
FROM experience_runs
WHERE tenant = {tenant:String}
ORDER BY experience_runs.day DESC, run DESC
LIMIT 1
