/** Objectives and what is left of their error budgets. */
import { type Board, variable } from './kit/board.ts';
import { colours, series, stat, table } from './kit/panel.ts';
import { slo, sql } from './kit/query.ts';

const one = { objectives: ['$objective'] };

export const sloAndSla: Board = {
  uid: 'weir-slo',
  title: 'Weir: SLO and SLA',
  description: 'Service level objectives: share of good, error budget, burn rates, and which alerts fire.',
  from: 'now-7d',
  variables: [variable('objective', 'objectives', 'Objective')],
  rows: [
    {
      height: 4,
      panels: [
        [
          6,
          stat({
            title: 'Objectives missed',
            description:
              'Objectives whose error budget is used up (state exhausted). What is left of the month cannot make it good: talk to the partner, plan the credit.',
            unit: 'none',
            queries: [sql("SELECT countIf(state = 'exhausted') AS value FROM slo_state_latest")],
            thresholds: [colours.well, [1, colours.bad]],
          }),
        ],
        [
          6,
          stat({
            title: 'Objectives that burn',
            description: 'Objectives with a burn-rate rule that fires (several windows, Google SRE workbook, chapter 5).',
            unit: 'none',
            queries: [sql('SELECT countIf(notEmpty(firing)) AS value FROM slo_state_latest')],
            thresholds: [colours.well, [1, colours.warning], [5, colours.bad]],
          }),
        ],
        [
          6,
          stat({
            title: 'Least budget left',
            description: 'Smallest share of an error budget that is left: 1 - bad / allowed. Below zero it is overspent.',
            unit: 'percentunit',
            decimals: 0,
            noValue: 'no data',
            queries: [sql('SELECT minOrNull(budget_left) AS value FROM slo_state_latest')],
            thresholds: [colours.bad, [0, colours.warning], [0.25, colours.well]],
          }),
        ],
        [
          6,
          stat({
            title: 'Objectives without data',
            description: 'Objectives of which nothing was counted: neither good nor bad. Their legs or metrics are missing.',
            unit: 'none',
            queries: [sql("SELECT countIf(state = 'no_data') AS value FROM slo_state_latest")],
            thresholds: [colours.well, [1, colours.warning]],
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
            title: 'Objectives',
            description: 'As they stand, the most burnt first. Share: good / all in the window. Budget left: 1 - bad / allowed.',
            unit: 'none',
            queries: [slo('objectives', one)],
            columns: [
              { name: 'budget left', thresholds: [colours.bad, [0, colours.warning], [0.25, colours.well]] },
              {
                name: 'state',
                values: {
                  ok: ['ok', 'green'],
                  burning: ['burning', 'orange'],
                  exhausted: ['exhausted', 'red'],
                  no_data: ['no data', 'text'],
                  learning: ['learning', 'blue'],
                },
              },
              { name: 'title', width: 320 },
            ],
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
            title: 'Error budget left',
            description:
              'Share of the budget of the window that is left, over event time. A line that falls faster than its window passes will be used up before the end.',
            unit: 'percentunit',
            max: 1,
            decimals: 0,
            points: true,
            queries: [
              sql(
                'SELECT toStartOfInterval(at, INTERVAL 15 minute) AS time, slo, argMax(budget_left, slo_burn.at) AS budget_left FROM slo_burn WHERE $__timeFilter(at) AND $__conditionalAll(slo IN (${objective:singlequote}), $objective) GROUP BY time, slo ORDER BY time',
                'series',
              ),
            ],
            thresholds: [colours.bad, [0, colours.warning], [0.25, colours.well]],
          }),
        ],
        [
          12,
          series({
            title: 'Burn rate',
            description: '(bad / all) / (1 - target) by window: 1 uses the budget up exactly at the end, 14.4 in two days of thirty.',
            unit: 'none',
            min: 0,
            decimals: 1,
            points: true,
            queries: [slo('history', one)],
            thresholds: [colours.well, [1, colours.warning], [14.4, colours.bad]],
          }),
        ],
      ],
    },
  ],
};
