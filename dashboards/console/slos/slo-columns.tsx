/** Columns of the objectives. */
import { count, figure, percent, wordOf } from '../core/format.ts';
import { setQuery } from '../core/route.ts';
import { State } from '../parts/Badge.tsx';
import type { ShownColumn } from '../parts/DataTable.tsx';
import { Time } from '../parts/Time.tsx';
import type { Slo } from './types.ts';

const tones: Readonly<Record<string, string>> = { ok: 'ok', burning: 'waiting', exhausted: 'violation' };

/** The share that must be good, with as many nines as were written. @example targetOf(0.9995) // '99.95 %' */
export const targetOf = (target: number): string => `${Number((target * 100).toPrecision(8))} %`;

/** A share beside a target of many nines. @example shareOf(0.99912) // '99.912 %' */
export const shareOf = (share: number | null): string => (share === null ? '–' : `${Number((share * 100).toFixed(3))} %`);

function Budget({ left }: { readonly left: number | null }) {
  if (left === null) return <span class="muted">no data</span>;
  const tone = left <= 0 ? 'bad' : left < 0.25 ? 'warn' : 'good';
  const filled = Math.max(0, Math.min(1, left));
  return (
    <>
      <span class={left <= 0 ? 'wrong' : undefined}>{left < 0 ? `${percent(-left)} overspent` : percent(left)}</span>
      <div class="meter" aria-hidden="true">
        <span class={`part-${tone}`} style={{ width: `${filled * 100}%` }} />
      </div>
    </>
  );
}

export const sloColumns: readonly ShownColumn<Slo>[] = [
  {
    name: 'slo',
    title: 'Objective',
    head: true,
    wide: true,
    of: ({ slo }) => slo,
    show: ({ slo, title, service }) => (
      <>
        <button type="button" class="link title" onClick={() => setQuery({ slo })}>
          {title || slo}
        </button>
        <div class="muted small">{[service, slo].filter(Boolean).join(' · ')}</div>
      </>
    ),
  },
  {
    name: 'state',
    title: 'State',
    nowrap: true,
    of: ({ state }) => state,
    show: ({ state }) => <State of={tones[state] ?? state} text={wordOf(state)} />,
  },
  { name: 'share', title: 'Good', number: true, of: ({ share }) => share, show: ({ share }) => shareOf(share) },
  { name: 'target', title: 'Target', number: true, of: ({ target }) => target, show: ({ target }) => targetOf(target) },
  { name: 'budget_left', title: 'Error budget left', of: (row) => row.budget_left, show: (row) => <Budget left={row.budget_left} /> },
  {
    name: 'burn',
    title: 'Burn rate',
    of: ({ burn }) => burn,
    show: ({ burn }) =>
      Object.entries(burn)
        .slice(0, 3)
        .map(([window, rate]) => (
          <span key={window} class="tag">
            <span>{window}</span> {figure(rate)}
          </span>
        )),
  },
  {
    name: 'firing',
    title: 'Firing',
    of: ({ firing }) => firing.join(' '),
    show: ({ firing }) => (firing.length > 0 ? <span class="wrong">{firing.join(', ')}</span> : <span class="muted">–</span>),
  },
  { name: 'total', title: 'Of', number: true, of: ({ total }) => total, show: ({ total }) => count(total) },
  { name: 'judged_to', title: 'Judged to', nowrap: true, of: (row) => row.judged_to, show: (row) => <Time at={row.judged_to} as="ago" /> },
];
