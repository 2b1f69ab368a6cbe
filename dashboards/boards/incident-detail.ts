/** One incident in full. */
import { type Board, choice, to } from './kit/board.ts';
import { bars, colours, series, stat, table } from './kit/panel.ts';
import { incidents, sql } from './kit/query.ts';

const one = (view: string) => incidents(view, { incident: '$incident' });

export const incidentDetail: Board = {
  uid: 'weir-incident',
  title: 'Weir: incident in detail',
  description: 'What was expected, what was seen, what it costs, why, what was done, and the SQL to see it again.',
  from: 'now-7d',
  variables: [choice('incident', 'incidents', 'Incident')],
  rows: [
    {
      height: 4,
      panels: [
        [
          4,
          stat({
            title: 'Severity',
            description: 'Perceived severity (ITU-T X.733): 1 critical to 5 informational, from money and customers.',
            unit: 'none',
            queries: [one('summary')],
            field: 'severity',
            links: [['Control that found it', to('weir-control', { control: '${__data.fields.detector}' })]],
            thresholds: [colours.bad, [3, colours.warning], [5, colours.neutral]],
          }),
        ],
        [
          5,
          stat({
            title: 'Money',
            description: 'Amount at stake. Its class (leakage, over-charge, risk) and the way it was computed stand below.',
            unit: 'money',
            decimals: 2,
            noValue: 'no amount',
            queries: [one('summary')],
            field: 'money',
            thresholds: [colours.neutral, [100, colours.warning], [10_000, colours.bad]],
          }),
        ],
        [
          5,
          stat({
            title: 'Customers',
            description: 'Customers concerned, as counted when it was last looked at.',
            unit: 'short',
            noValue: 'not known',
            queries: [one('summary')],
            field: 'customers',
            thresholds: [colours.neutral, [100, colours.warning], [1000, colours.bad]],
          }),
        ],
        [
          5,
          stat({
            title: 'Score',
            description:
              '-log10 of the calibrated p: 3 is one in a thousand. What detectors say is certain to this degree; controls that count say 99.',
            unit: 'none',
            decimals: 1,
            queries: [one('summary')],
            field: 'score',
            thresholds: [colours.neutral, [3, colours.warning], [6, colours.bad]],
          }),
        ],
        [
          5,
          stat({
            title: 'Observed, and expected',
            description: 'Observed and expected value of the finding, side by side in the unit of its metric.',
            unit: 'metric',
            queries: [one('summary')],
            field: 'observed|expected',
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
              'Stored scores of the series with its band (p = 0.001), or what the control judged window by window. Regions are incidents: the finding began where this one begins.',
            unit: 'metric',
            points: true,
            queries: [one('chart')],
            colours: { observed: 'blue', expected: '#8e8e9b' },
          }),
        ],
        [
          8,
          bars({
            title: 'What explains it',
            description:
              'Share of the change that each value of a dimension explains. One bar near 100 % is the cause; many small ones are a cause above all of them.',
            unit: 'percentunit',
            decimals: 0,
            min: 0,
            max: 1,
            noValue: 'no dimension explains it',
            queries: [one('explanation')],
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
            title: 'What it is',
            description: 'The incident in words, with scope, method of the money, and until when it can be billed.',
            unit: 'none',
            queries: [one('facts')],
            columns: [
              { name: 'what', width: 180 },
              { name: 'value', title: ' ', long: true },
            ],
          }),
        ],
      ],
    },
    {
      height: 9,
      panels: [
        [
          10,
          table({
            title: 'Timeline',
            description: 'Every transition with who did it: the basis of MTTA and MTTR.',
            unit: 'none',
            queries: [one('timeline')],
            sort: ['time', true],
            columns: [{ name: 'text', width: 420, long: true }],
          }),
        ],
        [
          14,
          table({
            title: 'Evidence',
            description:
              'The SQL that shows it again, sample records, and changes shortly before it. Paste the SQL into a panel of type SQL or any ClickHouse client.',
            unit: 'none',
            queries: [one('evidence')],
            columns: [
              { name: 'kind', width: 130 },
              { name: 'value', long: true },
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
            title: 'Also seen',
            description:
              'Findings of the same cause on other legs or metrics, and of elements behind it, each with the reason why it belongs here.',
            unit: 'none',
            noValue: 'nothing else',
            queries: [one('findings')],
            columns: [{ name: 'reason', width: 420, long: true }],
          }),
        ],
        [
          12,
          table({
            title: 'Deliveries',
            description: 'Attempts to tell targets of it. dead: given up, see `npx weir deliveries`.',
            unit: 'none',
            noValue: 'told to nobody',
            queries: [
              sql(
                "SELECT at, endpoint, sequence, attempt, state, http_status, duration_ms, error FROM deliveries WHERE incident_id = '$incident' ORDER BY at DESC LIMIT 100",
              ),
            ],
            columns: [
              { name: 'state', values: { delivered: ['delivered', 'green'], retry: ['retry', 'orange'], dead: ['dead', 'red'] } },
              { name: 'duration_ms', unit: 'ms' },
            ],
          }),
        ],
      ],
    },
  ],
};
