/** Detectors over series: how many, which are open, and what each would not see. */
import { useEffect, useMemo } from 'preact/hooks';
import { pathOf } from '../core/ask.ts';
import { setQuery, usePlace } from '../core/route.ts';
import type { DetectorSummary, SeriesSummary } from '../core/types.ts';
import { useData } from '../core/use-data.ts';
import { Card } from '../parts/Card.tsx';
import { CsvButton } from '../parts/CsvButton.tsx';
import { DataTable } from '../parts/DataTable.tsx';
import { More } from '../parts/More.tsx';
import { Empty, Loading, Problem } from '../parts/Status.tsx';
import { Time } from '../parts/Time.tsx';
import { usePages } from '../parts/use-pages.ts';
import { ChosenSeries } from '../series/ChosenSeries.tsx';
import { detectorColumns, seriesColumns } from '../series/series-columns.tsx';

const views = {
  first: ['All', { sort: 'score' }],
  open: ['Open', { sort: 'score', open: true }],
  blind: ['Blind', { sort: 'volume', blind: true }],
  drop: ['Least visible', { sort: 'drop', blind: false }],
  volume: ['Largest', { sort: 'volume' }],
} as const;
type View = keyof typeof views;

export function Series() {
  const { query } = usePlace();
  const asked = query.get('view') ?? 'first';
  const view: View = asked in views ? (asked as View) : 'first';
  const detector = query.get('detector') ?? '';
  const key = query.get('key') ?? '';
  const days = Number(query.get('days') ?? '2') || 2;
  const { data, error } = useData<{ items: readonly DetectorSummary[] }>('/detectors', 60_000);
  const pages = usePages<SeriesSummary>(pathOf('/series', { limit: 50, detector, ...views[view][1] }));
  const detectors = useMemo(() => new Map((data?.items ?? []).map((one) => [one.detector, one])), [data]);
  const columns = useMemo(() => seriesColumns(detectors), [detectors]);
  useEffect(() => {
    document.title = 'Series · Weir';
  }, []);
  const all = data?.items ?? [];
  const written = all
    .map(({ written_at }) => written_at ?? '')
    .sort()
    .at(-1);
  const heads = detectorColumns(detector);
  return (
    <>
      <div class="head">
        <h1>Series</h1>
        <span class="muted">
          {written ? (
            <>
              as they stood <Time at={written} />
            </>
          ) : null}
        </span>
      </div>
      {error || pages.error ? <Problem text={error || pages.error} /> : null}
      {/^[0-9a-f]{32}$/.test(key) ? (
        <>
          <div class="filters">
            <fieldset class="segments" aria-label="Days">
              {[1, 2, 7, 31].map((each) => (
                <button key={each} type="button" aria-pressed={days === each} onClick={() => setQuery({ days: String(each) })}>
                  {each === 1 ? '1 day' : `${each} days`}
                </button>
              ))}
            </fieldset>
            <button type="button" class="quiet" onClick={() => setQuery({ key: '' })}>
              Close the series
            </button>
          </div>
          <ChosenSeries seriesKey={key} days={days} detectors={detectors} />
        </>
      ) : null}
      <Card title="Detectors" flush tools={<CsvButton name="detectors" rows={all} columns={heads} />}>
        {all.length > 0 ? (
          <DataTable label="Detectors over series" rows={all} columns={heads} keyOf={(one) => one.detector} chosen={detector} />
        ) : null}
        {!data && !error ? <Loading /> : null}
        {data && all.length === 0 ? <Empty title="No detector over series is switched on." /> : null}
      </Card>
      <Card
        title={detector ? `Series of ${detector}` : 'All series'}
        note="a blind series can stop for an hour without being noticed by itself"
        flush
        tools={
          <>
            <fieldset class="segments" aria-label="Show">
              {Object.entries(views).map(([name, [label]]) => (
                <button
                  key={name}
                  type="button"
                  aria-pressed={view === name}
                  onClick={() => setQuery({ view: name === 'first' ? '' : name })}
                >
                  {label}
                </button>
              ))}
            </fieldset>
            <CsvButton name="series" rows={pages.items} columns={columns} />
          </>
        }
      >
        {pages.items.length > 0 ? (
          <DataTable label="Series" rows={pages.items} columns={columns} keyOf={(one) => one.series_key} chosen={key} keys />
        ) : pages.loading ? (
          <Loading />
        ) : (
          <Empty title={view === 'open' ? 'Nothing is open: every series is as it should be.' : 'No such series.'} />
        )}
        <More more={pages.more} />
      </Card>
    </>
  );
}
