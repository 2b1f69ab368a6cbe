/** Receipts of the files of a source, the latest first. */
import { pathOf } from '../core/ask.ts';
import { count, wordOf } from '../core/format.ts';
import { Card } from '../parts/Card.tsx';
import { CsvButton } from '../parts/CsvButton.tsx';
import { DataTable, type ShownColumn } from '../parts/DataTable.tsx';
import { More } from '../parts/More.tsx';
import { Time } from '../parts/Time.tsx';
import { usePages } from '../parts/use-pages.ts';

interface File {
  readonly name: string;
  readonly sha256: string;
  readonly state: string;
  readonly read: number;
  readonly stored: number;
  readonly rejected: number;
  readonly dropped: number;
  readonly received_at: string;
  readonly error: string;
}

const figure = (name: 'read' | 'stored' | 'rejected' | 'dropped'): ShownColumn<File> => ({
  name,
  title: wordOf(name),
  number: true,
  of: (row) => row[name],
  show: (row) => count(row[name]),
});

const columns: readonly ShownColumn<File>[] = [
  { name: 'name', title: 'File', head: true, wide: true, of: ({ name }) => name },
  { name: 'state', title: 'State', of: ({ state }) => state },
  figure('read'),
  figure('stored'),
  figure('rejected'),
  figure('dropped'),
  { name: 'received_at', title: 'Came', nowrap: true, of: (row) => row.received_at, show: (row) => <Time at={row.received_at} /> },
  { name: 'error', title: 'Why', wide: true, of: ({ error }) => error, show: ({ error }) => error || <span class="muted">–</span> },
];

export function Files({ source }: { readonly source: string }) {
  const { items, more } = usePages<File>(pathOf(`/sources/${encodeURIComponent(source)}/files`, { limit: 50 }));
  if (items.length === 0) return null;
  return (
    <Card title={`Files of ${source}`} flush tools={<CsvButton name={`files-${source}`} rows={items} columns={columns} />}>
      <DataTable label={`Files of ${source}`} rows={items} columns={columns} keyOf={({ sha256, received_at }) => sha256 + received_at} />
      <More more={more} />
    </Card>
  );
}
