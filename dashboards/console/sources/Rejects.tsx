/** The latest rejects, and the original bytes of one for who may see them. */
import { useState } from 'preact/hooks';
import { ask, pathOf, wordsOf } from '../core/ask.ts';
import { count } from '../core/format.ts';
import { setQuery } from '../core/route.ts';
import { useMayAct } from '../core/session.ts';
import { Card } from '../parts/Card.tsx';
import { CsvButton } from '../parts/CsvButton.tsx';
import { DataTable, type ShownColumn } from '../parts/DataTable.tsx';
import { More } from '../parts/More.tsx';
import { Time } from '../parts/Time.tsx';
import { usePages } from '../parts/use-pages.ts';

interface Reject {
  readonly record_id: string;
  readonly source: string;
  readonly partition: string;
  readonly position: string;
  readonly file: string;
  readonly reason: string;
  readonly field: string;
  readonly detail: string;
  readonly replayed: boolean;
  readonly ingest_time: string;
}

/** The bytes as a person reads them: what is no text stays as it is in hexadecimal. */
function textOf(base64: string): string {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
  }
}

function Bytes({ id }: { readonly id: string }) {
  const [text, setText] = useState<string>();
  const show = async (): Promise<void> => {
    try {
      const { bytes_base64, truncated } = await ask<{ bytes_base64: string; truncated: boolean }>(`/rejects/${id}/bytes`);
      setText(textOf(bytes_base64) + (truncated ? '\n… the rest was not kept' : ''));
    } catch (error) {
      setText(wordsOf(error));
    }
  };
  if (text === undefined)
    return (
      <button type="button" class="quiet" title="Who looks stands in the audit" onClick={() => void show()}>
        Show bytes
      </button>
    );
  return <pre>{text}</pre>;
}

const columns: readonly ShownColumn<Reject>[] = [
  { name: 'ingest_time', title: 'Came', nowrap: true, of: (row) => row.ingest_time, show: (row) => <Time at={row.ingest_time} /> },
  { name: 'source', title: 'Source', of: ({ source }) => source },
  {
    name: 'file',
    title: 'Place',
    of: ({ file }) => file,
    show: ({ file, partition, position }) => (
      <>
        {file || partition.slice(0, 24)}
        <div class="muted small">position {count(position)}</div>
      </>
    ),
  },
  { name: 'position', title: 'Position', hidden: true, of: ({ position }) => position },
  {
    name: 'reason',
    title: 'Reason',
    of: ({ reason }) => reason,
    show: ({ reason, field }) => <code>{field ? `${reason}: ${field}` : reason}</code>,
  },
  { name: 'field', title: 'Field', hidden: true, of: ({ field }) => field },
  { name: 'detail', title: 'What is wrong', wide: true, of: ({ detail }) => detail },
  { name: 'replayed', title: 'Replayed', of: ({ replayed }) => replayed, show: ({ replayed }) => (replayed ? 'yes' : 'no') },
  { name: 'record_id', title: 'Record', hidden: true, of: ({ record_id }) => record_id },
];

export function Rejects({ source, reason }: { readonly source: string; readonly reason: string }) {
  const mayAct = useMayAct();
  const { items, more } = usePages<Reject>(pathOf('/rejects', { source, reason, limit: 50 }));
  if (items.length === 0) return null;
  const bytes: ShownColumn<Reject> = {
    name: 'bytes',
    title: 'Bytes',
    wide: true,
    of: () => '',
    show: ({ record_id }) => <Bytes id={record_id} />,
  };
  return (
    <Card
      title="Latest rejects"
      note={[source, reason].filter(Boolean).join(' · ')}
      flush
      tools={
        <>
          {reason ? (
            <button type="button" class="quiet" onClick={() => setQuery({ reason: '' })}>
              Of any reason
            </button>
          ) : null}
          <CsvButton name="rejects" rows={items} columns={columns} />
        </>
      }
    >
      <DataTable
        label="Latest rejects"
        rows={items}
        columns={mayAct ? [...columns, bytes] : columns}
        keyOf={({ record_id }) => record_id}
      />
      <More more={more} />
    </Card>
  );
}
