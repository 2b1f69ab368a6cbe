/** Legs compared record by record: windows, why they break, down to the pair of records. */
import { useEffect } from 'preact/hooks';
import { pathOf } from '../core/ask.ts';
import { setQuery, usePlace } from '../core/route.ts';
import { CsvButton } from '../parts/CsvButton.tsx';
import { DataTable } from '../parts/DataTable.tsx';
import { More } from '../parts/More.tsx';
import { Empty, Loading, Problem } from '../parts/Status.tsx';
import { usePages } from '../parts/use-pages.ts';
import { OneRun } from '../reconciliation/OneRun.tsx';
import { runColumns } from '../reconciliation/run-columns.tsx';
import { keyOfRun, type Reconciled } from '../reconciliation/types.ts';

export function Reconciliation() {
  const { query } = usePlace();
  const chosen = query.get('run') ?? '';
  const [control = '', comparison = ''] = chosen.split('|');
  const list = usePages<Reconciled>(pathOf('/reconciliations', chosen ? { control, comparison, limit: 500 } : { limit: 50 }));
  const run = list.items.find((one) => keyOfRun(one) === chosen);
  useEffect(() => {
    document.title = 'Reconciliation · Weir';
  }, []);
  return (
    <>
      <div class="head">
        <h1>Reconciliation</h1>
        <span class="muted">two legs, record by record</span>
        <div class="tools">{chosen ? null : <CsvButton name="reconciliations" rows={list.items} columns={runColumns} />}</div>
      </div>
      {list.error ? <Problem text={list.error} /> : null}
      {chosen ? (
        <div class="detail">
          <button type="button" class="quiet" onClick={() => setQuery({ run: '', class: '', pair: '' })}>
            ← All windows
          </button>
          {run ? <OneRun key={chosen} run={run} wanted={query.get('class') ?? ''} pair={query.get('pair') ?? ''} /> : null}
          {!run && list.loading ? <Loading /> : null}
          {!run && !list.loading && !list.error ? (
            <div class="card">
              <Empty title="This run was replaced by a later one." />
            </div>
          ) : null}
        </div>
      ) : (
        <div class="card scroll">
          {list.items.length > 0 ? (
            <DataTable label="Reconciled windows" rows={list.items} columns={runColumns} keyOf={keyOfRun} keys />
          ) : null}
          {list.items.length === 0 && list.loading ? <Loading lines={5} /> : null}
          {list.items.length === 0 && !list.loading && !list.error ? (
            <Empty title="Nothing was reconciled yet.">
              <p class="muted">
                It begins by itself once two legs of a comparison are complete for a day; <code>npx weir reconcile</code> does it now.
              </p>
            </Empty>
          ) : null}
          <More more={list.more} />
        </div>
      )}
    </>
  );
}
