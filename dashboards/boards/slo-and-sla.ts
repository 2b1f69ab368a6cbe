/** Objectives and what is left of their error budgets; agreements, what they promised, and what is owed for it. */
import { type Board, variable } from './kit/board.ts';
import { colours, series, stat, table } from './kit/panel.ts';
import { slo, sql } from './kit/query.ts';

const one = { objectives: ['$objective'] };

/** Months of agreements that are over and of which a carrier owes something that can still be claimed. */
const claims = "direction = 'they-owe-us' AND target = '' AND final AND credit > 0 AND (claim_until IS NULL OR claim_ends > now64(3))";
const states = { kept: ['kept', 'green'], missed: ['missed', 'red'], no_data: ['no data', 'text'] } as const;
const directions = { 'they-owe-us': ['they owe us', 'blue'], 'we-owe-them': ['we owe them', 'purple'] } as const;
const months = { final: ['final', 'green'], preliminary: ['preliminary', 'text'] } as const;

export const sloAndSla: Board = {
  uid: 'weir-slo',
  title: 'Weir: SLO and SLA',
  description:
    'Service level objectives: share of good, error budget, burn rates, and which alerts fire. Agreements with partners: promised, attained, credits in both directions, last days of claims.',
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
            without: '/budget left$/',
            queries: [slo('history', one)],
            thresholds: [colours.well, [1, colours.warning], [14.4, colours.bad]],
          }),
        ],
      ],
    },
    {
      title: 'Agreements',
      height: 4,
      panels: [
        [
          6,
          stat({
            title: 'Targets missed this month',
            description:
              'Targets of agreements that are missed in the running month as it stands, in both directions. Preliminary: it may still turn.',
            unit: 'none',
            queries: [sql("SELECT countIf(target != '' AND state = 'missed' AND NOT final) AS value FROM sla_periods_latest")],
            thresholds: [colours.well, [1, colours.warning], [5, colours.bad]],
          }),
        ],
        [
          6,
          stat({
            title: 'Credits to be claimed',
            description:
              'Months of agreements that are over, in which a carrier owes us a credit that can still be claimed. Each is an incident of control N17.',
            unit: 'none',
            queries: [sql(`SELECT countIf(${claims}) AS value FROM sla_periods_latest`)],
            thresholds: [colours.well, [1, colours.warning]],
          }),
        ],
        [
          6,
          stat({
            title: 'Next last day of a claim',
            description: 'Time that is left until the first of these claims can be made no more. After it the money is lost.',
            unit: 's',
            decimals: 0,
            noValue: 'no claim',
            queries: [
              sql(
                `SELECT minOrNull(dateDiff('second', now64(3), claim_ends)) AS value FROM sla_periods_latest WHERE ${claims} AND claim_until IS NOT NULL`,
              ),
            ],
            thresholds: [colours.bad, [7 * 86_400, colours.warning], [14 * 86_400, colours.well]],
          }),
        ],
        [
          6,
          stat({
            title: 'Targets without data',
            description:
              'Targets of the running month of which nothing was measured: neither kept nor missed. Their legs or metrics are missing. Repair times without an incident are not counted.',
            unit: 'none',
            queries: [
              sql(
                "SELECT countIf(target != '' AND state = 'no_data' AND NOT final AND NOT startsWith(promise, 'incidents solved')) AS value FROM sla_periods_latest",
              ),
            ],
            thresholds: [colours.well, [1, colours.warning]],
          }),
        ],
      ],
    },
    {
      height: 8,
      panels: [
        [
          9,
          table({
            title: 'Credits',
            description:
              'Sums by direction and currency of all months that are kept. Claimable: what carriers owe us for months that are over and can still be claimed. The running month is preliminary.',
            unit: 'none',
            decimals: 2,
            queries: [
              sql(
                `SELECT direction, currency, toFloat64(sumIf(credit, final)) AS finished, toFloat64(sumIf(credit, ${claims})) AS claimable, toFloat64(sumIf(credit, NOT final)) AS running FROM sla_periods_latest WHERE target = '' GROUP BY direction, currency ORDER BY direction, currency`,
              ),
            ],
            columns: [
              { name: 'direction', values: directions },
              { name: 'finished', title: 'months that are over' },
              { name: 'running', title: 'running month' },
            ],
          }),
        ],
        [
          15,
          table({
            title: 'Agreements by month',
            description:
              'Each agreement and month: whether a target was missed, the credit after the cap, and the last day on which it can be claimed. The report in full: npx weir report sla.',
            unit: 'none',
            queries: [
              sql(
                "SELECT month, agreement, partner, direction, state, toFloat64(credit) AS credit, currency, ifNull(toString(claim_until), '') AS `claim until`, if(final, 'final', 'preliminary') AS figures, completeness FROM sla_periods_latest WHERE target = '' ORDER BY month DESC, agreement LIMIT 500",
              ),
            ],
            columns: [
              { name: 'direction', values: directions },
              { name: 'state', values: states },
              { name: 'figures', values: months },
              { name: 'completeness', unit: 'percentunit', thresholds: [colours.bad, [0.9, colours.warning], [0.99, colours.well]] },
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
            title: 'Targets of agreements',
            description:
              'Promised against attained, target by target: percent of ratios and shares, else the unit of the KPI. Attained leaves out maintenance, force majeure and what the customer caused; beside it stands the figure with everything counted.',
            unit: 'none',
            queries: [
              sql(
                "SELECT month, agreement, target, promise, promised, attained, without_exclusions AS `with everything`, state, credit_percent AS `credit %`, toFloat64(credit) AS credit, currency, if(final, 'final', 'preliminary') AS figures, excluded_minutes AS `excluded min`, completeness FROM sla_periods_latest WHERE target != '' ORDER BY month DESC, agreement, target LIMIT 1000",
              ),
            ],
            columns: [
              { name: 'promise', width: 380, long: true },
              { name: 'state', values: states },
              { name: 'figures', values: months },
              { name: 'completeness', unit: 'percentunit', thresholds: [colours.bad, [0.9, colours.warning], [0.99, colours.well]] },
            ],
          }),
        ],
      ],
    },
  ],
};
