/** One series as a picture, with what it would show. */
import { useMemo } from 'preact/hooks';
import type { DetectorSummary, SeriesColumns } from '../core/types.ts';
import { useData } from '../core/use-data.ts';
import { Card } from '../parts/Card.tsx';
import { CsvButton } from '../parts/CsvButton.tsx';
import { chartOfColumns } from '../parts/chart-data.ts';
import { LazyChart } from '../parts/LazyChart.tsx';
import { Loading, Problem } from '../parts/Status.tsx';
import { Time } from '../parts/Time.tsx';
import { seriesName, sightOf } from './sight.ts';

/** Of the CSV, whose rows are places in the columns. */
const columnsOf = (data: SeriesColumns) => [
  { name: 'event_time', of: (at: number) => new Date(data.time[at]! * 1000).toISOString() },
  ...(['observed', 'expected', 'lower', 'upper'] as const).map((name) => ({ name, of: (at: number) => data[name][at] })),
];

interface ChosenSeriesProps {
  readonly seriesKey: string;
  readonly days: number;
  readonly detectors: ReadonlyMap<string, DetectorSummary>;
}

export function ChosenSeries({ seriesKey, days, detectors }: ChosenSeriesProps) {
  const { data, error } = useData<SeriesColumns>(`/series/${encodeURIComponent(seriesKey)}/columns?days=${days}`);
  const chart = useMemo(() => data && chartOfColumns(data), [data]);
  if (error) return <Problem text={error} />;
  if (!data || !chart)
    return (
      <div class="card">
        <Loading lines={5} />
      </div>
    );
  const { series, time } = data;
  const detector = detectors.get(series.detector);
  const { brief, why } = sightOf(series, detector);
  return (
    <Card
      title={seriesName(series.scope)}
      note={
        <>
          {detector?.title ?? series.detector} · judged to <Time at={series.judged_to} />
        </>
      }
      tools={<CsvButton name={`series-${series.series_key.slice(0, 8)}`} rows={[...time.keys()]} columns={columnsOf(data)} />}
    >
      {time.length > 1 ? (
        <LazyChart data={chart} unit={series.unit} label={`${seriesName(series.scope)}: ${time.length} buckets`} />
      ) : (
        <p class="muted">
          No scores are stored of these days: they are kept of the largest series of each detector, and of all while something is unusual.
        </p>
      )}
      <p class="under">
        <b>{brief}</b> · {why}
      </p>
    </Card>
  );
}
