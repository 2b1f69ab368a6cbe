/** Columns of the accounting. */
import { count } from '../core/format.ts';
import type { ShownColumn } from '../parts/DataTable.tsx';
import { Time } from '../parts/Time.tsx';

type Counts = 'read' | 'stored' | 'rejected' | 'dropped' | 'in_flight' | 'in_tables';

export interface Source {
  readonly source: string;
  readonly type: string;
  readonly format: string;
  readonly accounting: Readonly<Record<Counts, number>> & { readonly balanced: boolean; readonly proved: boolean };
  readonly files: Readonly<Record<'stored' | 'replay' | 'rejected' | 'reading' | 'empty', number>>;
  readonly last_received_at: string | null;
}

const figure = (name: Exclude<Counts, 'in_tables'>, title: string, warns = false): ShownColumn<Source> => ({
  name,
  title,
  number: true,
  of: ({ accounting }) => accounting[name],
  show: ({ accounting }) => <span class={warns && accounting[name] > 0 ? 'wrong' : undefined}>{count(accounting[name])}</span>,
});

const mark = (good: boolean, yes: string, no: string) => <span class={good ? 'ok' : 'wrong'}>{good ? `✓ ${yes}` : `✗ ${no}`}</span>;

/** @param onChoose shows what belongs to a source, and hides it again */
export function sourceColumns(chosen: string, onChoose: (source: string) => void): readonly ShownColumn<Source>[] {
  return [
    {
      name: 'source',
      title: 'Source',
      head: true,
      wide: true,
      of: ({ source }) => source,
      show: ({ source, type, format }) => (
        <>
          <button type="button" class="link title" aria-pressed={chosen === source} onClick={() => onChoose(source)}>
            {source}
          </button>
          <div class="muted small">{[type || 'not in the settings any more', format].filter(Boolean).join(' · ')}</div>
        </>
      ),
    },
    figure('read', 'Read'),
    figure('stored', 'Stored'),
    figure('rejected', 'Rejected', true),
    figure('dropped', 'Dropped'),
    figure('in_flight', 'In flight'),
    {
      name: 'balanced',
      title: 'Balanced',
      nowrap: true,
      of: ({ accounting }) => accounting.balanced,
      show: ({ accounting }) => mark(accounting.balanced, 'balanced', 'does not balance'),
    },
    {
      name: 'proved',
      title: 'Proved',
      nowrap: true,
      of: ({ accounting }) => accounting.proved,
      show: ({ accounting }) => mark(accounting.proved, 'proved', `${count(accounting.in_tables)} in the tables`),
    },
    {
      name: 'files',
      title: 'Files',
      number: true,
      of: ({ files }) => files.stored,
      show: ({ type, files }) => {
        const odd = [files.rejected > 0 && `${count(files.rejected)} refused`, files.replay > 0 && `${count(files.replay)} repeated`];
        return (
          <>
            {type === 'http' ? '–' : count(files.stored)}
            {odd.some(Boolean) ? <div class="muted small">{odd.filter(Boolean).join(', ')}</div> : null}
          </>
        );
      },
    },
    {
      name: 'last_received_at',
      title: 'Last file',
      nowrap: true,
      of: ({ last_received_at }) => last_received_at,
      show: ({ last_received_at }) => <Time at={last_received_at} as="ago" />,
    },
  ];
}
