/** Every control: state, last result, coverage, money; and one in full. */
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { controlColumns, stateWords } from '../controls/control-columns.tsx';
import { OneControl } from '../controls/OneControl.tsx';
import type { Control } from '../controls/types.ts';
import { count, shortMoney } from '../core/format.ts';
import { setQuery, usePlace } from '../core/route.ts';
import { useData } from '../core/use-data.ts';
import { CsvButton } from '../parts/CsvButton.tsx';
import { DataTable } from '../parts/DataTable.tsx';
import { Empty, Loading, Problem } from '../parts/Status.tsx';

/** What needs somebody first. */
const order = ['violation', 'waiting', 'ok', 'quiet', 'not_judged', 'not_applicable', 'off'];
const rank = ({ state }: Control): number => order.indexOf(state);
const moneyOf = ({ last }: Control): number => Number(last?.leakage ?? 0) + Number(last?.over_charge ?? 0) + Number(last?.risk ?? 0);

function sumOf(items: readonly Control[]): string {
  const firing = items.filter(({ state }) => state === 'violation');
  const amount = firing.reduce((sum, control) => sum + moneyOf(control), 0);
  const currency = firing.find(({ last }) => last?.currency)?.last?.currency ?? '';
  const words = `${count(items.length)} controls, ${firing.length === 0 ? 'none fires' : firing.length === 1 ? 'one fires' : `${count(firing.length)} fire`}`;
  return amount > 0 ? `${words} · ${shortMoney(amount, currency)}` : words;
}

export function Controls() {
  const { query } = usePlace();
  const { data, error } = useData<{ items: readonly Control[] }>('/controls', 30_000);
  const state = query.get('state') ?? '';
  const text = query.get('q') ?? '';
  const chosen = query.get('control') ?? '';
  const detail = useRef<HTMLDivElement>(null);
  useEffect(() => {
    document.title = 'Controls · Weir';
  }, []);
  useEffect(() => {
    if (chosen) detail.current?.scrollIntoView({ block: 'start' });
  }, [chosen]);
  const columns = useMemo(() => controlColumns((control) => setQuery({ control })), []);
  const all = data?.items ?? [];
  const words = text.toLowerCase();
  const shown = all
    .filter((one) => (state === '' || one.state === state) && `${one.identity} ${one.title} ${one.note}`.toLowerCase().includes(words))
    .sort((a, b) => rank(a) - rank(b) || moneyOf(b) - moneyOf(a) || a.identity.localeCompare(b.identity));
  const states = order.filter((each) => all.some((one) => one.state === each));
  return (
    <>
      <div class="head">
        <h1>Controls</h1>
        <span class="muted">{all.length > 0 ? sumOf(all) : ''}</span>
        <div class="tools">
          <CsvButton name="controls" rows={shown} columns={columns} />
        </div>
      </div>
      {error ? <Problem text={error} /> : null}
      {chosen ? null : (
        <div class="filters">
          <fieldset class="chips" aria-label="State">
            {states.map((each) => (
              <button
                key={each}
                type="button"
                class="chip"
                aria-pressed={state === each}
                onClick={() => setQuery({ state: state === each ? '' : each })}
              >
                {stateWords[each]} <b>{count(all.filter((one) => one.state === each).length)}</b>
              </button>
            ))}
          </fieldset>
          <div class="filter-fields">
            <input
              type="search"
              data-find
              aria-label="Search controls"
              placeholder="Search"
              value={text}
              onInput={(event) => setQuery({ q: event.currentTarget.value })}
            />
          </div>
        </div>
      )}
      {chosen ? (
        <div ref={detail} class="detail">
          <button type="button" class="quiet" onClick={() => setQuery({ control: '' })}>
            ← All controls
          </button>
          <OneControl key={chosen} identity={chosen} state="" />
        </div>
      ) : (
        <div class="card scroll">
          {shown.length > 0 ? <DataTable label="Controls" rows={shown} columns={columns} keyOf={({ identity }) => identity} keys /> : null}
          {!data && !error ? <Loading lines={6} /> : null}
          {data && shown.length === 0 ? <Empty title="No control is like that." /> : null}
        </div>
      )}
    </>
  );
}
