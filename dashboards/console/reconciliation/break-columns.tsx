/** Columns of the breaks of a run. */
import { count, duration, money } from '../core/format.ts';
import { setQuery } from '../core/route.ts';
import type { ShownColumn } from '../parts/DataTable.tsx';
import { Time } from '../parts/Time.tsx';
import { type Break, classWords } from './types.ts';

export const keyOfBreak = ({ record_a, record_b }: Break): string => `${record_a}|${record_b}`;

/** The units that a record is about: time, octets or events, whichever it has. */
export function unitsOf(one: Break, side: 'a' | 'b'): string {
  if (one.class === (side === 'a' ? 'b_only' : 'a_only')) return '–';
  const ms = side === 'a' ? one.ms_a : one.ms_b;
  const octets = side === 'a' ? one.octets_a : one.octets_b;
  const events = side === 'a' ? one.events_a : one.events_b;
  if (one.ms_a > 0 || one.ms_b > 0) return ms < 60_000 ? `${count(ms / 1000)} s` : `${duration(ms / 1000)} ${count((ms / 1000) % 60)} s`;
  if (one.octets_a > 0 || one.octets_b > 0) return `${count(octets)} octets`;
  return `${count(events)} ${events === 1 ? 'event' : 'events'}`;
}

const value = (name: keyof Break): ShownColumn<Break> => ({ name, title: name, hidden: true, of: (row) => row[name] });

/** Columns that only the CSV has. */
const saved = (['record_a', 'record_b', 'start_a', 'start_b', 'ms_a', 'ms_b', 'octets_a', 'octets_b', 'events_a', 'events_b'] as const).map(
  value,
);

export function breakColumns(currency: string): readonly ShownColumn<Break>[] {
  return [
    {
      name: 'class',
      title: 'Break',
      head: true,
      wide: true,
      of: (row) => row.class,
      show: (row) => (
        <>
          <button type="button" class="link title" onClick={() => setQuery({ pair: keyOfBreak(row) })}>
            {classWords[row.class] ?? row.class} · {row.service}
          </button>
          <div class="muted small">{[row.node, row.route].filter(Boolean).join(' · ')}</div>
        </>
      ),
    },
    {
      name: 'start',
      title: 'Start',
      nowrap: true,
      of: (row) => row.start_a ?? row.start_b,
      show: (row) => <Time at={row.start_a ?? row.start_b} />,
    },
    { name: 'units_a', title: 'A', number: true, of: (row) => unitsOf(row, 'a') },
    { name: 'units_b', title: 'B', number: true, of: (row) => unitsOf(row, 'b') },
    {
      name: 'charge_a',
      title: 'Charge of A',
      number: true,
      of: (row) => row.charge_a,
      show: (row) => (row.class === 'b_only' ? '–' : money(row.charge_a, currency)),
    },
    {
      name: 'charge_b',
      title: 'Charge of B',
      number: true,
      of: (row) => row.charge_b,
      show: (row) => (row.class === 'a_only' ? '–' : money(row.charge_b, currency)),
    },
    {
      name: 'difference',
      title: 'Difference',
      number: true,
      of: (row) => row.difference,
      show: (row) => <b>{money(row.difference, currency)}</b>,
    },
    ...saved,
  ];
}
