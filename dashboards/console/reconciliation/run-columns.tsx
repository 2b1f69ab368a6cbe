/** Columns of the reconciled windows. */
import { count, dayOf, percent, shortMoney } from '../core/format.ts';
import { setQuery } from '../core/route.ts';
import type { ShownColumn } from '../parts/DataTable.tsx';
import { keyOfRun, type Reconciled } from './types.ts';

const breaksOf = ({ mismatch, a_only, b_only }: Reconciled): number => mismatch + a_only + b_only;

/** Pairs and lone records: what the shares are of. */
const allOf = (row: Reconciled): number => row.exact + row.within_tolerance + row.settled + breaksOf(row);

function Meter({ row }: { readonly row: Reconciled }) {
  const all = allOf(row);
  if (all === 0) return null;
  const parts = [
    ['good', row.exact],
    ['warn', row.within_tolerance + row.settled],
    ['bad', breaksOf(row)],
  ] as const;
  return (
    <div class="meter" aria-hidden="true">
      {parts.map(([name, many]) =>
        many > 0 ? <span key={name} class={`part-${name}`} style={{ flexGrow: String(many), minWidth: '3px' }} /> : null,
      )}
    </div>
  );
}

const figure = (
  name: 'records_a' | 'records_b' | 'exact' | 'within_tolerance' | 'settled' | 'mismatch' | 'a_only' | 'b_only',
  title: string,
  warns = false,
): ShownColumn<Reconciled> => ({
  name,
  title,
  number: true,
  of: (row) => row[name],
  show: (row) => <span class={warns && row[name] > 0 ? 'wrong' : undefined}>{count(row[name])}</span>,
});

export const runColumns: readonly ShownColumn<Reconciled>[] = [
  {
    name: 'comparison',
    title: 'Comparison',
    head: true,
    wide: true,
    of: ({ comparison }) => comparison,
    show: (row) => (
      <>
        <button type="button" class="link title" onClick={() => setQuery({ run: keyOfRun(row), class: '', pair: '' })}>
          {row.comparison} · {dayOf(row.window_from)}
        </button>
        <div class="muted small">
          {row.control} · A {row.leg_a} · B {row.leg_b}
          {row.partner ? ` · ${row.partner}` : ''}
        </div>
      </>
    ),
  },
  { name: 'window_from', title: 'From', hidden: true, of: (row) => row.window_from },
  {
    name: 'agree',
    title: 'Agree',
    of: (row) => (allOf(row) === 0 ? '' : 1 - breaksOf(row) / allOf(row)),
    show: (row) =>
      row.state === 'done' ? (
        <>
          {allOf(row) === 0 ? '–' : percent(1 - breaksOf(row) / allOf(row))}
          <Meter row={row} />
        </>
      ) : (
        <span class="muted">needs {row.note}</span>
      ),
  },
  figure('records_a', 'A'),
  figure('records_b', 'B'),
  figure('exact', 'Exact'),
  figure('within_tolerance', 'Within'),
  figure('settled', 'By day'),
  figure('mismatch', 'Differ', true),
  figure('a_only', 'A only', true),
  figure('b_only', 'B only', true),
  {
    name: 'a_states_more',
    title: 'A states more',
    number: true,
    of: (row) => row.a_states_more,
    show: (row) => (Number(row.a_states_more) === 0 ? <span class="muted">–</span> : shortMoney(row.a_states_more, row.currency)),
  },
  {
    name: 'b_states_more',
    title: 'B states more',
    number: true,
    of: (row) => row.b_states_more,
    show: (row) => (Number(row.b_states_more) === 0 ? <span class="muted">–</span> : shortMoney(row.b_states_more, row.currency)),
  },
];
