/** All incidents, live: what is wrong now, how much it costs, whom it concerns. */
import { useEffect, useLayoutEffect, useMemo } from 'preact/hooks';
import { count, shortMoney } from '../core/format.ts';
import { useLiveState } from '../core/live.ts';
import { usePlace } from '../core/route.ts';
import type { IncidentSummary } from '../core/types.ts';
import { chosenOf } from '../incidents/choose.ts';
import { Filters } from '../incidents/Filters.tsx';
import { IncidentTable } from '../incidents/IncidentTable.tsx';
import { mostIncidents, useIncidents } from '../incidents/use-incidents.ts';
import { CsvButton } from '../parts/CsvButton.tsx';
import { Empty, Loading, Problem } from '../parts/Status.tsx';

const names = [
  'incident_id',
  'severity',
  'state',
  'category',
  'title',
  'summary',
  'money',
  'currency',
  'customers',
  'team',
  'assignee',
  'began_at',
  'detected_at',
  'updated_at',
] as const;
const columns = names.map((name) => ({ name, of: (row: IncidentSummary) => row[name] }));

/** How far the list was scrolled when it was left, px. */
let scrolled = 0;

const liveWords = { connecting: 'Connecting', live: 'Live', lost: 'Connecting again' };

function Live() {
  const state = useLiveState();
  return (
    <span class="live" data-state={state} role="status">
      {liveWords[state]}
    </span>
  );
}

/** What the shown incidents come to, in one line. */
function sumOf(items: readonly IncidentSummary[]): string {
  const amounts = new Map<string, number>();
  for (const { money, currency } of items) if (money !== null) amounts.set(currency, (amounts.get(currency) ?? 0) + Number(money));
  const sums = [...amounts].filter(([, amount]) => amount !== 0).map(([currency, amount]) => shortMoney(amount, currency));
  return [`${count(items.length)} ${items.length === 1 ? 'incident' : 'incidents'}`, ...sums].join(' · ');
}

export function Incidents() {
  const { query } = usePlace();
  const state = query.get('state') ?? 'active';
  const list = useIncidents(state === 'all' ? '' : state);
  const key = query.toString();
  const choice = useMemo(
    () => ({
      severities: (query.get('severity') ?? '').split(',').filter(Boolean).map(Number),
      category: query.get('category') ?? '',
      text: query.get('q') ?? '',
      sort: query.get('sort') ?? 'newest',
    }),
    [key],
  );
  const shown = useMemo(() => chosenOf(list.items, choice), [list.items, choice]);
  useEffect(() => {
    document.title = `${state === 'active' && list.complete ? `(${list.items.length}) ` : ''}Incidents · Weir`;
  }, [state, list.items.length, list.complete]);
  useLayoutEffect(() => {
    // Who comes back finds the place again.
    scrollTo(0, scrolled);
    const keep = (): void => {
      scrolled = scrollY;
    };
    addEventListener('scroll', keep, { passive: true });
    return () => removeEventListener('scroll', keep);
  }, []);
  const filtered = choice.severities.length > 0 || choice.category !== '' || choice.text !== '';
  return (
    <>
      <div class="head">
        <h1>Incidents</h1>
        <span class="muted">{list.complete || list.items.length > 0 ? sumOf(shown) : ''}</span>
        <div class="tools">
          <Live />
          <CsvButton name="incidents" rows={shown} columns={columns} />
        </div>
      </div>
      {list.error ? <Problem text={list.error} /> : null}
      <Filters state={state} choice={choice} items={list.items} />
      {list.capped ? <p class="muted small">The latest {count(mostIncidents)} are here; older ones are in SQL.</p> : null}
      <div class="card card-list">
        {shown.length > 0 ? <IncidentTable items={shown} fresh={list.fresh} /> : null}
        {shown.length === 0 && !list.complete ? <Loading lines={6} /> : null}
        {shown.length === 0 && list.complete ? (
          <Empty title={filtered ? 'No incident is like that.' : state === 'active' ? 'No incident is open.' : 'There are none.'}>
            <p class="muted">{filtered ? 'Take a filter away to see more.' : 'What is found appears here by itself.'}</p>
          </Empty>
        ) : null}
      </div>
    </>
  );
}
