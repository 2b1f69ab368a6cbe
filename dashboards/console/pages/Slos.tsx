/** Service level objectives: state and error budget, the least budget first. */
import { useEffect } from 'preact/hooks';
import { count } from '../core/format.ts';
import { setQuery, usePlace } from '../core/route.ts';
import { useData } from '../core/use-data.ts';
import { CsvButton } from '../parts/CsvButton.tsx';
import { DataTable } from '../parts/DataTable.tsx';
import { Empty, Loading, Problem } from '../parts/Status.tsx';
import { OneSlo } from '../slos/OneSlo.tsx';
import { sloColumns } from '../slos/slo-columns.tsx';
import type { Slo } from '../slos/types.ts';

export function Slos() {
  const { query } = usePlace();
  const { data, error } = useData<{ items: readonly Slo[] }>('/slos', 30_000);
  const chosen = query.get('slo') ?? '';
  useEffect(() => {
    document.title = 'Objectives · Weir';
  }, []);
  const items = data?.items ?? [];
  return (
    <>
      <div class="head">
        <h1>Objectives</h1>
        <span class="muted">{items.length > 0 ? `${count(items.length)} service level objectives, the least error budget first` : ''}</span>
        <div class="tools">
          <CsvButton name="slos" rows={items} columns={sloColumns} />
        </div>
      </div>
      {error ? <Problem text={`Objectives cannot be shown: ${error}`} /> : null}
      {chosen ? (
        <div class="detail">
          <button type="button" class="quiet" onClick={() => setQuery({ slo: '' })}>
            Close the objective
          </button>
          <OneSlo key={chosen} name={chosen} />
        </div>
      ) : null}
      <div class="card scroll">
        {items.length > 0 ? (
          <DataTable label="Objectives" rows={items} columns={sloColumns} keyOf={({ slo }) => slo} chosen={chosen} keys />
        ) : null}
        {!data && !error ? <Loading /> : null}
        {data && items.length === 0 ? (
          <Empty title="There is no objective yet.">
            <p class="muted">
              An objective says which share of a service must be good, as 99.5 % of calls in 30 days. The rest is its error budget.
            </p>
            <ol class="steps how">
              <li>
                Name a folder in <code>weir.yaml</code>: <code>{'slo: { directory: slo }'}</code>
              </li>
              <li>
                Put a file in the format of OpenSLO into it: <code>examples/service/slo</code> has some, <code>docs/objectives.md</code>{' '}
                explains them.
              </li>
              <li>
                <code>npx weir slo check</code> says what is wrong in it; start Weir again.
              </li>
            </ol>
          </Empty>
        ) : null}
        {error ? <Empty title="No objectives to show." /> : null}
      </div>
    </>
  );
}
