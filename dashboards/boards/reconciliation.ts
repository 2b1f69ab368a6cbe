/** Two legs, record by record. */
import { type Board, to, variable } from './kit/board.ts';
import { colours, series, stat, table } from './kit/panel.ts';
import { reconciliation, sql } from './kit/query.ts';

const one = { comparisons: ['$comparison'] };
const latest =
  "FROM reconciliations_latest WHERE $__timeFilter(window_from) AND state = 'done' AND $__conditionalAll(comparison IN (${comparison:singlequote}), $comparison)";

export const reconciliationBoard: Board = {
  uid: 'weir-reconciliation',
  title: 'Weir: reconciliation',
  description: 'Records of two legs matched with each other: how many agree, what breaks, and why.',
  from: 'now-30d',
  variables: [variable('comparison', 'comparisons', 'Comparison')],
  rows: [
    {
      height: 4,
      panels: [
        [
          6,
          stat({
            title: 'Agreement',
            description:
              '(exact + within tolerance + settled by the sums of the day) / records of the larger leg, of the latest run of each window. Below 99.9 % look at the causes.',
            unit: 'percentunit',
            decimals: 3,
            min: 0,
            max: 1,
            noValue: 'no run in the range',
            queries: [
              sql(
                `SELECT if(sum(greatest(records_a, records_b)) = 0, NULL, least(1, sum(exact + within_tolerance + settled) / sum(greatest(records_a, records_b)))) AS value ${latest}`,
              ),
            ],
            thresholds: [colours.bad, [0.99, colours.warning], [0.999, colours.well]],
          }),
        ],
        [
          6,
          stat({
            title: 'Records that break',
            description: 'Pairs that differ beyond the tolerances, and records without partner on either side.',
            unit: 'short',
            queries: [sql(`SELECT sum(mismatch + a_only + b_only) AS value ${latest}`)],
            thresholds: [colours.well, [1, colours.warning], [1000, colours.bad]],
          }),
        ],
        [
          6,
          stat({
            title: 'Money of the breaks',
            description:
              'What A states more than B and B more than A in the records that break, by their causes in the latest runs. An estimate of what is to be disputed or billed again.',
            unit: 'money',
            decimals: 2,
            queries: [
              sql(
                `SELECT sum(abs(more_a) + abs(more_b)) / 1e6 AS value FROM reconciliation_causes WHERE (control, comparison, run) IN (SELECT control, comparison, run ${latest})`,
              ),
            ],
            thresholds: [colours.neutral],
          }),
        ],
        [
          6,
          stat({
            title: 'Windows not compared',
            description: 'Windows of the range that were not applicable: a leg had no records. The note in the table says which.',
            unit: 'short',
            queries: [sql(`SELECT count() AS value FROM reconciliations_latest WHERE $__timeFilter(window_from) AND state != 'done'`)],
            thresholds: [colours.well, [1, colours.warning]],
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
            title: 'Agreement by day',
            description:
              'Share of records that agree, by day of the event and comparison. Late records are reconciled again: a day rises when they come.',
            unit: 'percentunit',
            decimals: 2,
            max: 1,
            points: true,
            queries: [
              sql(
                `SELECT window_from AS time, comparison, least(1, (exact + within_tolerance + settled) / greatest(records_a, records_b, 1)) AS agreement ${latest} ORDER BY time`,
                'series',
              ),
            ],
          }),
        ],
        [
          12,
          series({
            title: 'What breaks, by day',
            description:
              'Records by class: mismatch (pairs beyond tolerance), only in A (missing downstream: leakage), only in B (not in the network: over-charge or a duplicate).',
            unit: 'short',
            stacked: true,
            points: true,
            min: 0,
            queries: [
              sql(
                `SELECT window_from AS time, sum(mismatch) AS mismatch, sum(a_only) AS only_in_a, sum(b_only) AS only_in_b ${latest} GROUP BY time ORDER BY time`,
                'series',
              ),
            ],
            colours: { mismatch: 'orange', only_in_a: 'red', only_in_b: 'purple' },
          }),
        ],
      ],
    },
    {
      height: 8,
      panels: [
        [
          24,
          table({
            title: 'Runs',
            description: 'The latest run of each window. A is upstream or our own, B downstream or the partner.',
            unit: 'none',
            queries: [reconciliation('runs', one)],
            sort: ['time', true],
            columns: [{ name: 'agreement', thresholds: [colours.bad, [0.99, colours.warning], [0.999, colours.well]] }],
          }),
        ],
      ],
    },
    {
      height: 8,
      panels: [
        [
          24,
          table({
            title: 'Causes',
            description:
              'Why records break, in words: an offset of clocks, rounding, a ratio, or where they break (node, plan, prefix). One line stands for all its breaks.',
            unit: 'none',
            noValue: 'nothing breaks',
            queries: [reconciliation('causes', one)],
            columns: [
              { name: 'text', title: 'cause', width: 520 },
              { name: 'control', links: [['Control', to('weir-control', { control: '${__data.fields.control}' })]] },
            ],
          }),
        ],
      ],
    },
    {
      height: 10,
      panels: [
        [
          24,
          table({
            title: 'Breaks',
            description:
              'The most costly pairs: what both sides state of one record. This is what one disputes; `npx weir reconcile` writes all of them as CSV.',
            unit: 'none',
            noValue: 'nothing breaks',
            queries: [reconciliation('breaks', one)],
          }),
        ],
      ],
    },
  ],
};
