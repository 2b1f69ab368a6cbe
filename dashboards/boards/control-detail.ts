/** One control: what it judged, and why. */
import { type Board, choice, to, toIncident } from './kit/board.ts';
import { colours, series, severityValues, stat, stateValues, table } from './kit/panel.ts';
import { incidents, labels, sql } from './kit/query.ts';

const judged = "FROM control_results_latest WHERE control = '$control' AND window_from <= $__toTime AND window_to >= $__fromTime";

export const controlDetail: Board = {
  uid: 'weir-control',
  title: 'Weir: control in detail',
  description: 'Every judgement of one control: both sides, the test, the money, and the SQL to see it again.',
  from: 'now-7d',
  variables: [choice('control', 'controls', 'Control', 'S01')],
  annotations: incidents('list', { detectors: ['$control'] }),
  rows: [
    {
      height: 4,
      panels: [
        [
          6,
          stat({
            title: 'Windows judged',
            description:
              'Judgements within the range, the latest of each window and cell. None: the control lacks its data, see notes below.',
            unit: 'short',
            queries: [sql(`SELECT count() AS value ${judged}`)],
            thresholds: [colours.warning, [1, colours.neutral]],
          }),
        ],
        [
          6,
          stat({
            title: 'Violated',
            description: "Windows beyond the control's limit. What the limit is: docs/controls.md, and `npx weir controls`.",
            unit: 'short',
            queries: [sql(`SELECT countIf(state = 'violation') AS value ${judged}`)],
            thresholds: [colours.well, [1, colours.warning], [10, colours.bad]],
          }),
        ],
        [
          6,
          stat({
            title: 'Waiting or not applicable',
            description:
              'Windows that were not compared: a leg was not complete, or had no records (law: a comparison waits for its data).',
            unit: 'short',
            queries: [sql(`SELECT countIf(state IN ('waiting', 'not_applicable')) AS value ${judged}`)],
            thresholds: [colours.neutral, [20, colours.warning]],
          }),
        ],
        [
          6,
          stat({
            title: 'Money of violations',
            description:
              'Sum of the amounts of the violated windows. Windows that look back over days overlap: the incident has the amount that counts.',
            unit: 'money',
            decimals: 2,
            queries: [sql(`SELECT toFloat64(sumIf(ifNull(control_results_latest.money, 0), state = 'violation')) AS value ${judged}`)],
            thresholds: [colours.well, [100, colours.warning], [10_000, colours.bad]],
          }),
        ],
      ],
    },
    {
      height: 9,
      panels: [
        [
          16,
          series({
            title: 'Observed and expected',
            description:
              'Both sides of the comparison by the end of the window (or when it was judged, if that is earlier), added up over cells. What each side is, and its formula: docs/controls.md.',
            unit: 'short',
            points: true,
            queries: [
              sql(
                `SELECT least(window_to, judged_at) AS time, sum(ifNull(observed, 0)) AS observed, sum(ifNull(expected, 0)) AS expected ${judged} GROUP BY time ORDER BY time`,
                'series',
              ),
            ],
            colours: { observed: 'blue', expected: '#8e8e9b' },
          }),
        ],
        [
          8,
          series({
            title: 'States of the windows',
            description: 'Judgements by state and hour: ok, violation, waiting, not applicable.',
            unit: 'short',
            stacked: true,
            points: true,
            min: 0,
            queries: [
              sql(
                `SELECT toStartOfHour(least(window_to, judged_at)) AS time, state, count() AS windows ${judged} GROUP BY time, state ORDER BY time`,
                'series',
              ),
            ],
            colours: { ok: 'green', violation: 'red', waiting: 'orange', not_applicable: '#8e8e9b' },
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
            title: 'Judgements',
            description:
              'Violations first, then the latest. Cell: which source, partner, plan or pair was compared. p: calibrated probability of such a difference by chance.',
            unit: 'none',
            queries: [
              sql(
                `SELECT window_from, window_to, ${labels('cell')} AS what, state, observed, expected, statistic, p, toFloat64(control_results_latest.money) AS money, note, judged_at ${judged} ORDER BY state = 'violation' DESC, window_to DESC LIMIT 500`,
              ),
            ],
            columns: [
              {
                name: 'state',
                values: {
                  ok: ['ok', 'green'],
                  violation: ['violation', 'red'],
                  waiting: ['waiting', 'orange'],
                  not_applicable: ['not applicable', 'text'],
                },
              },
              { name: 'money', unit: 'money' },
              { name: 'what', title: 'cell', width: 320 },
              { name: 'note', width: 360, long: true },
            ],
          }),
        ],
      ],
    },
    {
      height: 8,
      panels: [
        [
          12,
          table({
            title: 'Incidents of this control',
            description: 'Incidents that it found and that lasted within the range.',
            unit: 'none',
            noValue: 'none',
            queries: [incidents('list', { detectors: ['$control'] })],
            columns: [
              { name: 'severity_name', title: 'severity', width: 90, values: severityValues },
              { name: 'title', title: 'incident', width: 380, links: [toIncident()] },
              { name: 'state', width: 110, values: stateValues },
              ...[
                'timeEnd',
                'text',
                'tags',
                'id',
                'severity',
                'currency',
                'opened_at',
                'acknowledged_at',
                'scope',
                'url',
                'detector',
                'category',
                'team',
                'assignee',
              ].map((name) => ({ name, hidden: true })),
            ],
          }),
        ],
        [
          12,
          table({
            title: 'SQL of the latest findings',
            description:
              'The evidence of the latest findings of the control: run it in any ClickHouse client, or in a panel of type SQL, to see the records again.',
            unit: 'none',
            noValue: 'no findings',
            queries: [
              sql(
                "SELECT detected_at, state, title, JSONExtractString(body, 'evidence', 'sql') AS sql FROM findings_latest WHERE detector = '$control' ORDER BY detected_at DESC LIMIT 20",
              ),
            ],
            columns: [{ name: 'sql', width: 500, long: true }],
            panelLinks: [['All incidents', to('weir-command')]],
          }),
        ],
      ],
    },
  ],
};
