/** Columns of the tables of detectors and of series. */
import { count, figure, percent } from '../core/format.ts';
import { setQuery } from '../core/route.ts';
import type { DetectorSummary, SeriesSummary } from '../core/types.ts';
import type { ShownColumn } from '../parts/DataTable.tsx';
import { Time } from '../parts/Time.tsx';
import { seriesName, sightOf } from './sight.ts';

export function detectorColumns(chosen: string): readonly ShownColumn<DetectorSummary>[] {
  return [
    {
      name: 'detector',
      title: 'Detector',
      head: true,
      wide: true,
      of: ({ detector }) => detector,
      show: ({ detector, title, dimensions, bucket_seconds }) => (
        <>
          <button
            type="button"
            class="link title"
            aria-pressed={chosen === detector}
            onClick={() => setQuery({ detector: chosen === detector ? '' : detector, key: '' })}
          >
            {title}
          </button>
          <div class="muted small">
            {detector} · by {dimensions.join(', ')} · every {count(bucket_seconds / 60)} min
          </div>
        </>
      ),
    },
    { name: 'series', title: 'Series', number: true, of: ({ series }) => series, show: ({ series }) => count(series) },
    {
      name: 'open',
      title: 'Open',
      number: true,
      of: ({ open }) => open,
      show: ({ open }) => <span class={open > 0 ? 'wrong' : undefined}>{count(open)}</span>,
    },
    {
      name: 'median_visible_drop',
      title: 'Half show a drop of',
      number: true,
      of: (row) => row.median_visible_drop,
      show: ({ series, learning, median_visible_drop: drop }) =>
        series === learning ? '–' : drop === null ? 'not even a stop' : percent(drop),
    },
    { name: 'blind', title: 'Blind now', number: true, of: ({ blind }) => blind, show: ({ blind }) => count(blind) },
    { name: 'learning', title: 'Learning', number: true, of: ({ learning }) => learning, show: ({ learning }) => count(learning) },
    {
      name: 'judged_to',
      title: 'Judged to',
      nowrap: true,
      of: (row) => row.judged_to,
      show: ({ series, judged_to }) => (series > 0 ? <Time at={judged_to} /> : <span class="muted">no data yet</span>),
    },
  ];
}

export function seriesColumns(detectors: ReadonlyMap<string, DetectorSummary>): readonly ShownColumn<SeriesSummary>[] {
  return [
    {
      name: 'scope',
      title: 'Series',
      head: true,
      wide: true,
      of: ({ scope }) => seriesName(scope),
      show: ({ scope, open, detector, series_key }) => (
        <>
          <button type="button" class="link title" onClick={() => setQuery({ key: series_key })}>
            {seriesName(scope)}
          </button>
          <div class="muted small">
            {open ? <span class="wrong">open · </span> : null}
            {detectors.get(detector)?.title ?? detector}
          </div>
        </>
      ),
    },
    {
      name: 'observed',
      title: 'Observed',
      number: true,
      of: ({ observed }) => observed,
      show: ({ observed, lower, upper, unit }) => {
        const outside = observed !== null && ((lower !== null && observed < lower) || (upper !== null && observed > upper));
        return (
          <>
            <span class={outside ? 'wrong' : undefined}>{observed === null ? 'no data' : figure(observed)}</span>
            <div class="muted small">{unit}</div>
          </>
        );
      },
    },
    { name: 'expected', title: 'Expected', number: true, of: ({ expected }) => expected, show: ({ expected }) => figure(expected) },
    {
      name: 'range',
      title: 'Usual range',
      number: true,
      of: ({ lower, upper }) => (lower === null ? '' : `${lower} to ${upper}`),
      show: ({ lower, upper }) => (lower === null || upper === null ? '–' : `${figure(lower)} to ${figure(upper)}`),
    },
    {
      name: 'visible_drop',
      title: 'Seen within an hour',
      wide: true,
      of: ({ visible_drop }) => visible_drop,
      show: (series) => {
        const { brief, why, tone } = sightOf(series, detectors.get(series.detector));
        return (
          <>
            <span class={tone}>{brief}</span>
            <div class="muted small">{why}</div>
          </>
        );
      },
    },
    {
      name: 'judged_to',
      title: 'Last bucket',
      nowrap: true,
      of: (row) => row.judged_to,
      show: (row) => <Time at={row.judged_to} as="ago" />,
    },
  ];
}
