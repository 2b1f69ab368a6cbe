/** Any metric by any dimension. */
import { adhoc, type Board, choice } from './kit/board.ts';
import { colours, series, stat, table } from './kit/panel.ts';
import { kpi, labels, sql, total } from './kit/query.ts';

export const kpiExplorer: Board = {
  uid: 'weir-kpi',
  title: 'Weir: KPI explorer',
  description: 'A metric with what was to be expected of it, cut by a dimension. Filters at the top narrow everything down.',
  variables: [choice('metric', 'metrics', 'Metric', 'usage_records'), choice('dimension', 'dimensions', 'By', 'service'), adhoc()],
  rows: [
    {
      height: 4,
      panels: [
        [
          6,
          stat({
            title: 'Now',
            description: 'The metric over the whole range. Its formula and standard: docs/detectors.md.',
            unit: 'metric',
            queries: [total('$metric', { compare: true })],
            field: '(?!before$|change$).*',
          }),
        ],
        [
          6,
          stat({
            title: 'A week ago',
            description: 'The metric over the same time a week before; of ranges above a week as many whole weeks before.',
            unit: 'metric',
            queries: [total('$metric', { compare: true })],
            field: 'before',
          }),
        ],
        [
          6,
          stat({
            title: 'Change',
            description: 'Now / a week ago - 1. Orange and red mark changes of more than 10 and 30 % in either direction.',
            unit: 'percentunit',
            decimals: 1,
            queries: [total('$metric', { compare: true })],
            field: 'change',
            thresholds: [colours.bad, [-0.3, colours.warning], [-0.1, colours.well], [0.1, colours.warning], [0.3, colours.bad]],
          }),
        ],
        [
          6,
          stat({
            title: 'Series with a finding',
            description: 'Series of all detectors against which a finding stands now.',
            unit: 'none',
            queries: [sql('SELECT countIf(open) AS value FROM series_latest')],
            thresholds: [colours.well, [1, colours.warning], [20, colours.bad]],
          }),
        ],
      ],
    },
    {
      height: 10,
      panels: [
        [
          24,
          series({
            title: 'The metric, with what was to be expected',
            description: 'Grey band: the same time of the four weeks before, p = 0.001 (docs/grafana.md). Filled: the week before.',
            unit: 'metric',
            queries: [kpi('$metric', { band: true, compare: true, stepSeconds: 900 })],
          }),
        ],
      ],
    },
    {
      height: 10,
      panels: [
        [
          14,
          series({
            title: 'The largest, by dimension',
            description: 'The twelve values of the dimension with the most records.',
            unit: 'metric',
            queries: [kpi('$metric', { by: ['$dimension'], stepSeconds: 900 })],
          }),
        ],
        [
          10,
          table({
            title: 'All, against a week ago',
            description: 'The metric of each value of the dimension, now and a week before. Sort by change to see what moved.',
            unit: 'metric',
            queries: [total('$metric', { by: ['$dimension'], compare: true, limit: 100 })],
            columns: [
              {
                name: 'change',
                thresholds: [colours.bad, [-0.3, colours.warning], [-0.1, colours.well], [0.1, colours.warning], [0.3, colours.bad]],
              },
            ],
          }),
        ],
      ],
    },
    {
      height: 9,
      panels: [
        [
          24,
          table({
            title: 'Series that deviate most',
            description:
              'Series of the detectors as they stand: the last judged bucket against its band. Visible drop: the smallest drop that would be seen within an hour; empty means that not even a full stop would be.',
            unit: 'none',
            queries: [
              sql(
                `SELECT detector, metric, ${labels('scope')} AS series, open, score, observed, expected, lower, upper, visible_drop, judged_to FROM series_latest ORDER BY open DESC, score DESC LIMIT 100`,
              ),
            ],
            columns: [
              {
                name: 'visible_drop',
                title: 'smallest visible drop',
                unit: 'percentunit',
                thresholds: [colours.well, [0.3, colours.warning], [0.6, colours.bad]],
              },
              { name: 'series', width: 420 },
              { name: 'open', values: { true: ['finding', 'red'], false: ['–', 'text'] } },
            ],
          }),
        ],
      ],
    },
  ],
};
