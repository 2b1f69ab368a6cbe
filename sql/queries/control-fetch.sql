-- Sources that fetch, by place: how the last runs went, how many rows they gave, and whether their columns are those of before; for fetch.
SELECT
  source,
  place,
  last_type AS type,
  last_state AS state,
  last_code AS code,
  last_error AS error,
  last_due AS due_at,
  next_due AS next_due_at,
  last_ok AS ok_at,
  arrayFilter(at -> at > last_ok, failures) AS failing,
  if(empty(failing), toDateTime64(0, 3, 'UTC'), arrayMin(failing)) AS failing_since,
  arraySlice(arrayMap(run -> run.2, ok_runs), 1, 21) AS recent_rows,
  shapes[1].2 AS columns,
  arrayFirst(run -> run.2 != shapes[1].2, shapes) AS shape_before,
  shape_before.2 AS columns_before,
  arrayMap(run -> run.1, arrayFilter(run -> run.1 > shape_before.1, shapes)) AS shaped,
  if(empty(shaped), toDateTime64(0, 3, 'UTC'), arrayMin(shaped)) AS shape_since
FROM
(
  SELECT
    source,
    place,
    argMax(type, finished_at) AS last_type,
    argMax(state, finished_at) AS last_state,
    argMax(code, finished_at) AS last_code,
    argMax(error, finished_at) AS last_error,
    argMax(due_at, finished_at) AS last_due,
    argMax(next_due_at, finished_at) AS next_due,
    maxIf(finished_at, state = 'ok') AS last_ok,
    groupArrayIf(finished_at, state = 'failed') AS failures,
    arrayReverseSort(run -> run.1, groupArrayIf((due_at, rows), state = 'ok')) AS ok_runs,
    arrayReverseSort(run -> run.1, groupArrayIf((finished_at, columns), state = 'ok' AND notEmpty(columns))) AS shapes
  FROM fetches
  WHERE tenant = {tenant:String} AND due_at >= {since:DateTime64(3, 'UTC')}
  GROUP BY source, place
)
ORDER BY source, place
