/** How customers fare: the index, by segment, and what it is made of. */
import type { Board } from './kit/board.ts';
import { bars, colours, series, stat, table } from './kit/panel.ts';
import { sql } from './kit/query.ts';

const day = '(SELECT max(day) FROM experience_segments WHERE $__dateFilter(day))';
const index: [string, ...(readonly [number, string])[]] = [colours.bad, [40, colours.warning], [70, colours.well]];

export const customerExperience: Board = {
  uid: 'weir-experience',
  title: 'Weir: customer experience',
  description: 'The customer-experience index by segment and day, the KPIs that cost it most, and the customers who fare worst.',
  from: 'now-30d',
  annotations: null,
  rows: [
    {
      height: 4,
      panels: [
        [
          6,
          stat({
            title: 'Index',
            description:
              'Mean customer-experience index of the last day, 0 to 100: weighted scores of the KPIs of each customer, pulled down by the worst hour and capped by one terrible KPI.',
            unit: 'none',
            decimals: 0,
            min: 0,
            max: 100,
            noValue: 'no day was judged',
            queries: [sql(`SELECT sum(cei * scored) / sum(scored) AS value FROM experience_segments WHERE day = ${day} AND scored > 0`)],
            thresholds: index,
          }),
        ],
        [
          6,
          stat({
            title: 'Customers below 40',
            description: 'Customers of the last day with an index below 40: those who call, or leave without calling.',
            unit: 'short',
            queries: [sql(`SELECT sum(below_40) AS value FROM experience_segments WHERE day = ${day}`)],
            thresholds: [colours.well, [1, colours.warning], [1000, colours.bad]],
          }),
        ],
        [
          6,
          stat({
            title: 'Capped by one KPI',
            description: 'Customers whose index is capped because one KPI is so bad that nothing else matters.',
            unit: 'short',
            queries: [sql(`SELECT sum(floored) AS value FROM experience_segments WHERE day = ${day}`)],
            thresholds: [colours.well, [1, colours.warning], [1000, colours.bad]],
          }),
        ],
        [
          6,
          stat({
            title: 'Too few samples',
            description: 'Customers of the last day of whom too little was measured: they have no index, and are not counted as content.',
            unit: 'short',
            queries: [sql(`SELECT sum(too_few) AS value FROM experience_segments WHERE day = ${day}`)],
            thresholds: [colours.neutral],
          }),
        ],
      ],
    },
    {
      height: 9,
      panels: [
        [
          12,
          series({
            title: 'Index by segment',
            description: 'Mean index by segment and day. A segment that falls alone has a plan, a device or a place in common.',
            unit: 'none',
            decimals: 0,
            min: 0,
            max: 100,
            points: true,
            queries: [
              sql(
                "SELECT toDateTime(day, 'UTC') AS time, segment, cei FROM experience_segments WHERE $__dateFilter(day) AND scored > 0 ORDER BY time",
                'series',
              ),
            ],
            thresholds: index,
          }),
        ],
        [
          12,
          series({
            title: 'The lowest tenth',
            description: 'Tenth percentile of the index by segment: how those fare who fare worst. It moves before the mean does.',
            unit: 'none',
            decimals: 0,
            min: 0,
            max: 100,
            points: true,
            queries: [
              sql(
                "SELECT toDateTime(day, 'UTC') AS time, segment, p10 FROM experience_segments WHERE $__dateFilter(day) AND scored > 0 ORDER BY time",
                'series',
              ),
            ],
            thresholds: index,
          }),
        ],
      ],
    },
    {
      height: 9,
      panels: [
        [
          8,
          bars({
            title: 'What costs most points',
            description:
              'Points lost over all customers of the last day by KPI: share in the mean x (100 - score). The longest bar is the investment that pays.',
            unit: 'short',
            queries: [
              sql(`SELECT kpi, sum(lost) AS value FROM experience_kpis WHERE day = ${day} GROUP BY kpi ORDER BY value DESC LIMIT 15`),
            ],
          }),
        ],
        [
          16,
          table({
            title: 'Segments and KPIs',
            description: 'Mean score and value of each KPI by segment of the last day, and how many customers have enough samples of it.',
            unit: 'none',
            queries: [
              sql(
                `SELECT segment, kpi, customers, counted, score, value, samples, lost FROM experience_kpis WHERE day = ${day} ORDER BY lost DESC LIMIT 300`,
              ),
            ],
            columns: [{ name: 'score', thresholds: index }],
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
            title: 'Customers who fare worst',
            description:
              'The lowest indices of the last day, as pseudonyms, with the KPI that costs most and the worst hour. `npx weir pseudonym NUMBER` finds a number.',
            unit: 'none',
            queries: [
              sql(
                `SELECT toString(customer) AS customer, segment, plan, cei, mean, if(worst_hour_cei IS NULL, NULL, worst_hour) AS worst_hour, worst_hour_cei, floor_kpi, weakest_kpi, samples FROM experience_daily WHERE day = ${day} AND cei IS NOT NULL ORDER BY cei LIMIT 200`,
              ),
            ],
            columns: [{ name: 'cei', title: 'index', thresholds: index }],
          }),
        ],
      ],
    },
  ],
};
