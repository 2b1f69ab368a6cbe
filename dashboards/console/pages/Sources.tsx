/** What came in and what became of it; rejects and their replay. */
import { useEffect, useState } from 'preact/hooks';
import { announce } from '../core/announce.ts';
import { ask, wordsOf } from '../core/ask.ts';
import { count } from '../core/format.ts';
import { setQuery, usePlace } from '../core/route.ts';
import { useData } from '../core/use-data.ts';
import { Card } from '../parts/Card.tsx';
import { CsvButton } from '../parts/CsvButton.tsx';
import { DataTable } from '../parts/DataTable.tsx';
import { Empty, Loading, Problem } from '../parts/Status.tsx';
import { Files } from '../sources/Files.tsx';
import { Reasons, type RejectReason } from '../sources/Reasons.tsx';
import { Rejects } from '../sources/Rejects.tsx';
import { type Source, sourceColumns } from '../sources/source-columns.tsx';

export function Sources() {
  const { query } = usePlace();
  const sources = useData<{ items: readonly Source[] }>('/sources', 15_000);
  const reasons = useData<{ items: readonly RejectReason[] }>('/rejects/reasons', 15_000);
  const [done, setDone] = useState('');
  const [failed, setFailed] = useState('');
  const chosen = query.get('source') ?? '';
  const reason = query.get('reason') ?? '';
  useEffect(() => {
    document.title = 'Sources · Weir';
  }, []);

  const replay = async ({ source, reason: why, waiting }: RejectReason): Promise<void> => {
    if (!confirm(`Send ${count(waiting)} rejects of ${source} with reason ${why} through again?`)) return;
    try {
      const said = await ask<Record<'replayed' | 'stored' | 'rejected' | 'dropped', number>>('/replay', {
        method: 'POST',
        body: { source, reason: why },
      });
      setFailed('');
      setDone(
        `${count(said.replayed)} sent through again: ${count(said.stored)} stored, ${count(said.rejected)} rejected, ${count(said.dropped)} dropped.`,
      );
      announce('Sent through again.');
      await Promise.all([sources.reload(), reasons.reload()]);
    } catch (error) {
      setFailed(wordsOf(error));
    }
  };

  const items = sources.data?.items ?? [];
  const columns = sourceColumns(chosen, (source) => setQuery({ source: source === chosen ? '' : source, reason: '' }));
  return (
    <>
      <div class="head">
        <h1>Sources</h1>
        <span class="muted">read = stored + rejected + dropped, to the record</span>
      </div>
      {failed || sources.error ? <Problem text={failed || sources.error} /> : null}
      {done ? <div class="notice done">{done}</div> : null}
      <Card title="Accounting" flush tools={<CsvButton name="accounting" rows={items} columns={columns} />}>
        {items.length > 0 ? (
          <DataTable label="Accounting by source" rows={items} columns={columns} keyOf={({ source }) => source} chosen={chosen} keys />
        ) : null}
        {!sources.data && !sources.error ? <Loading /> : null}
        {sources.data && items.length === 0 ? (
          <Empty title="There are no sources.">
            <p class="muted">They stand under sources in weir.yaml.</p>
          </Empty>
        ) : null}
      </Card>
      {chosen ? <Files source={chosen} /> : null}
      <Reasons
        items={(reasons.data?.items ?? []).filter(({ source }) => chosen === '' || source === chosen)}
        loaded={reasons.data !== undefined}
        onReplay={replay}
      />
      <Rejects source={chosen} reason={reason} />
    </>
  );
}
