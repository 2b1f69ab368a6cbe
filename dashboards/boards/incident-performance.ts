/** How well incidents are handled. */
import { type Board, toIncident } from './kit/board.ts';
import { colours, series, severityValues, stat, stateValues, table } from './kit/panel.ts';
import { incidents, sql } from './kit/query.ts';

const performance = incidents('performance');

export const incidentPerformance: Board = {
  uid: 'weir-performance',
  title: 'Weir: incident performance',
  description: 'Time to detect, acknowledge and resolve, share of the first line, and how much noise there is.',
  from: 'now-30d',
  annotations: null,
  rows: [
    {
      height: 4,
      panels: [
        [
          4,
          stat({
            title: 'Median time to detect',
            description:
              'MTTD: from the first affected moment to the detection, middle of all incidents that opened in the range. The wait for complete data is part of it.',
            unit: 's',
            decimals: 0,
            noValue: 'none',
            queries: [performance],
            field: 'MTTD median',
            reduce: 'firstNotNull',
            thresholds: [colours.well, [3600, colours.warning], [86_400, colours.bad]],
          }),
        ],
        [
          4,
          stat({
            title: 'Median time to acknowledge',
            description: 'MTTA: from opening to the first acknowledgement or beginning of work.',
            unit: 's',
            decimals: 0,
            noValue: 'none acknowledged',
            queries: [performance],
            field: 'MTTA median',
            reduce: 'firstNotNull',
            thresholds: [colours.well, [900, colours.warning], [3600, colours.bad]],
          }),
        ],
        [
          4,
          stat({
            title: 'Median time to resolve',
            description: 'MTTR: from opening to the resolution that lasted.',
            unit: 's',
            decimals: 0,
            noValue: 'none resolved',
            queries: [performance],
            field: 'MTTR median',
            reduce: 'firstNotNull',
            thresholds: [colours.well, [14_400, colours.warning], [86_400, colours.bad]],
          }),
        ],
        [
          4,
          stat({
            title: 'Solved by the first line',
            description: 'Share of resolved incidents that never left the first line of support.',
            unit: 'percentunit',
            decimals: 0,
            min: 0,
            max: 1,
            noValue: 'none resolved',
            queries: [performance],
            field: 'first line',
            reduce: 'firstNotNull',
            thresholds: [colours.bad, [0.5, colours.warning], [0.7, colours.well]],
          }),
        ],
        [
          4,
          stat({
            title: 'Compression',
            description: '1 - incidents / findings: how much noise was saved. Say it together with what was missed.',
            unit: 'percentunit',
            decimals: 0,
            min: 0,
            max: 1,
            noValue: 'no findings',
            queries: [performance],
            field: 'compression',
            reduce: 'firstNotNull',
            thresholds: [colours.neutral],
          }),
        ],
        [
          4,
          stat({
            title: 'Called false',
            description: 'Verdicts "false" / all verdicts of the range. Above 10 % people stop trusting.',
            unit: 'percentunit',
            decimals: 0,
            noValue: 'no verdicts',
            queries: [
              sql(
                "SELECT if(count() = 0, NULL, countIf(verdict = 'false') / count()) AS value FROM verdicts WHERE $__timeFilter(at) AND verdict IN ('true', 'false', 'useful')",
              ),
            ],
            thresholds: [colours.well, [0.1, colours.warning], [0.3, colours.bad]],
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
            title: 'Opened and resolved',
            description: 'Incidents opened and resolved by day. Lines that part are a backlog.',
            unit: 'none',
            points: true,
            min: 0,
            queries: [
              sql(
                "SELECT toStartOfDay(at) AS time, countIf(transition = 'opened') AS opened, countIf(transition = 'resolved') AS resolved, countIf(transition = 'reopened') AS reopened FROM incidents WHERE $__timeFilter(at) AND category != 'digest' GROUP BY time ORDER BY time",
                'series',
              ),
            ],
            colours: { opened: 'red', resolved: 'green', reopened: 'orange' },
          }),
        ],
        [
          12,
          series({
            title: 'What became of findings',
            description:
              'Findings by outcome and day: own incident, symptom, child, suppressed by a silence, gated for lack of data, waiting for what is above.',
            unit: 'none',
            stacked: true,
            points: true,
            min: 0,
            queries: [
              sql(
                'SELECT toStartOfDay(detected_at) AS time, outcome, count() AS findings FROM incident_findings_latest WHERE $__timeFilter(detected_at) GROUP BY time, outcome ORDER BY time',
                'series',
              ),
            ],
          }),
        ],
      ],
    },
    {
      height: 8,
      panels: [
        [
          14,
          table({
            title: 'By severity',
            description: 'Median and 90th percentile, because means of skewed times say little. First row: all.',
            unit: 'none',
            queries: [performance],
            columns: [{ name: 'severity', values: severityValues }],
          }),
        ],
        [
          10,
          table({
            title: 'By control or detector',
            description: 'Who opens incidents, how many of them people called false, and how long they last. The noisiest first.',
            unit: 'none',
            noValue: 'none',
            queries: [
              sql(
                "SELECT JSONExtractString(body, 'finding', 'detector') AS detector, count() AS incidents, countIf(state NOT IN ('resolved', 'closed')) AS open, toFloat64(sum(ifNull(money, 0))) AS amount FROM incident_latest WHERE $__timeFilter(detected_at) AND category != 'digest' GROUP BY detector ORDER BY incidents DESC LIMIT 50",
              ),
            ],
            columns: [{ name: 'amount', unit: 'money' }],
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
            title: 'Incidents of the range',
            description: 'All that lasted within the range. Age: from its beginning to its end, or now.',
            unit: 'none',
            noValue: 'none',
            queries: [incidents('list')],
            columns: [
              { name: 'severity_name', title: 'severity', width: 90, values: severityValues },
              { name: 'title', title: 'incident', width: 460, links: [toIncident()] },
              { name: 'state', width: 110, values: stateValues },
              ...['text', 'tags', 'id', 'severity', 'currency', 'money_class', 'scope', 'url'].map((name) => ({ name, hidden: true })),
            ],
          }),
        ],
      ],
    },
  ],
};
