/** Why records were rejected, and sending them through again after the fix. */
import { useState } from 'preact/hooks';
import { count } from '../core/format.ts';
import { setQuery } from '../core/route.ts';
import { useMayAct } from '../core/session.ts';
import { Card } from '../parts/Card.tsx';
import { CsvButton } from '../parts/CsvButton.tsx';
import { DataTable, type ShownColumn } from '../parts/DataTable.tsx';
import { Empty, Loading } from '../parts/Status.tsx';
import { Time } from '../parts/Time.tsx';

export interface RejectReason {
  readonly source: string;
  readonly reason: string;
  readonly field: string;
  readonly rejects: number;
  /** Not replayed yet and kept whole. */
  readonly waiting: number;
  readonly last_at: string;
  readonly example: string;
}

interface ReasonsProps {
  readonly items: readonly RejectReason[];
  readonly loaded: boolean;
  readonly onReplay: (reason: RejectReason) => Promise<void>;
}

function Replay({ row, onReplay }: { readonly row: RejectReason; readonly onReplay: ReasonsProps['onReplay'] }) {
  const [busy, setBusy] = useState(false);
  const click = async (): Promise<void> => {
    setBusy(true);
    await onReplay(row);
    setBusy(false);
  };
  return (
    <button
      type="button"
      class="quiet"
      disabled={busy}
      aria-label={`Replay rejects of ${row.source} with reason ${row.reason}`}
      onClick={() => void click()}
    >
      {busy ? 'Replaying…' : 'Replay'}
    </button>
  );
}

export function Reasons({ items, loaded, onReplay }: ReasonsProps) {
  const mayAct = useMayAct();
  const columns: readonly ShownColumn<RejectReason>[] = [
    {
      name: 'reason',
      title: 'Reason',
      head: true,
      wide: true,
      of: ({ reason }) => reason,
      show: ({ source, reason, field }) => (
        <>
          <button type="button" class="link title" onClick={() => setQuery({ source, reason })}>
            {reason}
            {field ? `: ${field}` : ''}
          </button>
          <div class="muted small">{source}</div>
        </>
      ),
    },
    { name: 'source', title: 'Source', hidden: true, of: ({ source }) => source },
    { name: 'field', title: 'Field', hidden: true, of: ({ field }) => field },
    {
      name: 'example',
      title: 'For example',
      wide: true,
      of: ({ example }) => example,
      show: ({ example }) => <span class="muted">{example}</span>,
    },
    { name: 'rejects', title: 'Records', number: true, of: ({ rejects }) => rejects, show: ({ rejects }) => count(rejects) },
    {
      name: 'waiting',
      title: 'Not replayed',
      number: true,
      of: ({ waiting }) => waiting,
      show: ({ waiting }) => <span class={waiting > 0 ? 'wrong' : undefined}>{count(waiting)}</span>,
    },
    { name: 'last_at', title: 'Latest', nowrap: true, of: (row) => row.last_at, show: (row) => <Time at={row.last_at} as="ago" /> },
  ];
  const action: ShownColumn<RejectReason> = {
    name: 'replay',
    title: 'Replay',
    of: () => '',
    show: (row) => (mayAct && row.waiting > 0 ? <Replay row={row} onReplay={onReplay} /> : null),
  };
  return (
    <Card
      title="Rejected records, by reason"
      note="kept with their bytes; replay them after the fix"
      flush
      tools={<CsvButton name="reject-reasons" rows={items} columns={columns} />}
    >
      {items.length > 0 ? (
        <DataTable
          label="Rejected records by reason"
          rows={items}
          columns={mayAct ? [...columns, action] : columns}
          keyOf={({ source, reason, field }) => `${source} ${reason} ${field}`}
        />
      ) : null}
      {loaded ? null : <Loading />}
      {loaded && items.length === 0 ? <Empty title="No record was rejected." /> : null}
    </Card>
  );
}
