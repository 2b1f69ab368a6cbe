/** Columns of the table of controls. */
import { count, percent, shortMoney } from '../core/format.ts';
import { State } from '../parts/Badge.tsx';
import type { ShownColumn } from '../parts/DataTable.tsx';
import { Prose } from '../parts/Prose.tsx';
import { Time } from '../parts/Time.tsx';
import type { Control } from './types.ts';

export const stateWords: Readonly<Record<string, string>> = {
  violation: 'Violation',
  ok: 'OK',
  quiet: 'Nothing found',
  waiting: 'Waiting',
  not_applicable: 'Not applicable',
  not_judged: 'Not judged yet',
  off: 'Off',
};

const amounts = [
  ['leakage', 'lost'],
  ['over_charge', 'owed back'],
  ['risk', 'at risk'],
] as const;

const judged = ({ last }: Control): boolean => last !== null && Number(last.cells) > 0;

/** @param onChoose opens a control */
export function controlColumns(onChoose: (identity: string) => void): readonly ShownColumn<Control>[] {
  return [
    {
      name: 'control',
      title: 'Control',
      head: true,
      wide: true,
      of: ({ identity }) => identity,
      show: ({ identity, title, own }) => (
        <>
          <button type="button" class="link title" onClick={() => onChoose(identity)}>
            {title}
          </button>
          <div class="muted small">
            {identity}
            {own ? ' · own' : ''}
          </div>
        </>
      ),
    },
    {
      name: 'state',
      title: 'State',
      nowrap: true,
      of: ({ state }) => state,
      show: ({ state }) => <State of={state} text={stateWords[state] ?? state} />,
    },
    {
      name: 'violations',
      title: 'Firing',
      number: true,
      of: ({ last }) => Number(last?.violations ?? 0),
      show: ({ last }) =>
        Number(last?.violations ?? 0) > 0 ? <span class="wrong">{count(last?.violations)}</span> : <span class="muted">–</span>,
    },
    {
      name: 'cells',
      title: 'Cells',
      number: true,
      of: ({ last }) => Number(last?.cells ?? 0),
      show: (row) => (judged(row) ? count(row.last?.cells) : <span class="muted">–</span>),
    },
    {
      name: 'coverage',
      title: 'Coverage',
      number: true,
      of: ({ coverage }) => coverage,
      show: ({ coverage }) => (coverage === null ? <span class="muted">–</span> : percent(coverage)),
    },
    {
      name: 'money',
      title: 'Money',
      number: true,
      of: ({ last }) => amounts.map(([name]) => last?.[name] ?? '').join(' '),
      show: ({ last }) => {
        const shown = amounts.filter(([name]) => Number(last?.[name] ?? 0) > 0);
        if (!last || shown.length === 0) return <span class="muted">–</span>;
        return shown.map(([name, word]) => (
          <div key={name}>
            {shortMoney(last[name], last.currency)} <span class="muted small">{word}</span>
          </div>
        ));
      },
    },
    {
      name: 'judged_at',
      title: 'Judged',
      nowrap: true,
      of: ({ last }) => last?.judged_at,
      show: (row) => <Time at={judged(row) ? isoTime(row.last?.judged_at) : null} as="ago" />,
    },
    {
      name: 'note',
      title: 'Last result',
      wide: true,
      of: ({ note }) => note,
      show: ({ note }) => (
        <span class="small muted">
          <Prose text={note} />
        </span>
      ),
    },
  ];
}

/** A time as ClickHouse writes it, as an instant. @example isoTime('2026-11-21 10:00:00.000') // '2026-11-21T10:00:00.000Z' */
export function isoTime(text: string | undefined): string | null {
  return text ? (text.includes('T') ? text : `${text.replace(' ', 'T')}Z`) : null;
}
