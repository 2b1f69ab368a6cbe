-- Sources that fetch, by place: how the last runs went, how many rows they gave, and whether their columns are those of before; for fetch.
WITH runs AS
(
    SELECT source, place, type, due_at, next_due_at, started_at, finished_at, state, code, error, rows, columns
    FROM fetches
    WHERE tenant = {tenant:String} AND due_at >= {since:DateTime64(3, 'UTC')}
)
SELECT
  source,
  place,
  argMax(type, finished_at) AS type,
  argMax(state, finished_at) AS state,
  argMax(code, finished_at) AS code,
  argMax(error, finished_at) AS error,
  toDateTime64(argMax(due_at, finished_at), 3, 'UTC') AS due_at,
  toDateTime64(argMax(next_due_at, finished_at), 3, 'UTC') AS next_due_at,
  toDateTime64(maxIf(finished_at, state = 'ok'), 3, 'UTC') AS ok_at,
  toDateTime64(minIf(finished_at, state = 'failed' AND finished_at > last_ok), 3, 'UTC') AS failing_since,
  arraySlice(arrayMap(run -> run.2, arrayReverseSort(groupArrayIf((toUnixTimestamp64Milli(due_at), rows), state = 'ok'))), 1, 21) AS recent_rows,
  arrayReverseSort(run -> run.1, groupArrayIf((toUnixTimestamp64Milli(finished_at), columns), state = 'ok' AND notEmpty(columns))) AS shapes,
  shapes[1].2 AS columns,
  arrayFirst(run -> run.2 != shapes[1].2, shapes).2 AS columns_before,
  toDateTime64(fromUnixTimestamp64Milli(toInt64(arrayMin(arrayMap(run -> run.1, arrayFilter(run -> run.1 > arrayFirst(other -> other.2 != shapes[1].2, shapes).1, shapes)))), 'UTC'), 3, 'UTC') AS shape_since
FROM runs
INNER JOIN
(
    SELECT source, place, maxIf(finished_at, state = 'ok') AS last_ok FROM runs GROUP BY source, place
) AS good USING (source, place)
GROUP BY source, place
ORDER BY source, place
