/** Leaks: found, proved, recovered. */
import { type Board, to, toIncident, variable } from './kit/board.ts';
import { bars, colours, series, severityValues, stat, stateValues, table } from './kit/panel.ts';
import { incidents, sql } from './kit/query.ts';

const cases = (what: string): string =>
  `SELECT ${what} AS value FROM revenue_cases WHERE detected_at >= $__fromTime AND detected_at <= $__toTime`;

export const revenueAssurance: Board = {
  uid: 'weir-revenue',
  title: 'Weir: revenue assurance',
  description: 'Leaks by control: what was found, what people say of it, and what came back.',
  from: 'now-30d',
  variables: [variable('control', 'controls', 'Control')],
  rows: [
    {
      height: 4,
      panels: [
        [
          4,
          stat({
            title: 'Leakage found',
            description:
              'Sum of the leakage of cases detected in the range, without those that people refuted (TM Forum GB941: leakage identified).',
            unit: 'money',
            decimals: 2,
            queries: [sql(cases("toFloat64(sumIf(revenue_cases.money, money_class = 'leakage' AND verdict != 'false'))"))],
            thresholds: [colours.neutral],
          }),
        ],
        [
          4,
          stat({
            title: 'Over-charged',
            description: 'Sum of over-charge of cases in the range: what customers or partners paid too much. It has to go back.',
            unit: 'money',
            decimals: 2,
            queries: [sql(cases("toFloat64(sumIf(revenue_cases.money, money_class = 'over_charge' AND verdict != 'false'))"))],
            thresholds: [colours.well, [100, colours.warning], [1000, colours.bad]],
          }),
        ],
        [
          4,
          stat({
            title: 'Recovered',
            description: 'Amounts that people entered as billed, credited or got back, of cases detected in the range.',
            unit: 'money',
            decimals: 2,
            queries: [sql(cases('toFloat64(sum(revenue_cases.recovered))'))],
            thresholds: [colours.neutral],
          }),
        ],
        [
          4,
          stat({
            title: 'Still recoverable',
            description: 'Leakage found less recovered, of cases whose date until when they can be billed has not passed.',
            unit: 'money',
            decimals: 2,
            queries: [
              sql(
                cases(
                  "toFloat64(sumIf(greatest(revenue_cases.money - revenue_cases.recovered, 0), money_class = 'leakage' AND verdict != 'false' AND (recoverable_until IS NULL OR recoverable_until >= today())))",
                ),
              ),
            ],
            thresholds: [colours.well, [100, colours.warning], [10_000, colours.bad]],
          }),
        ],
        [
          4,
          stat({
            title: 'Cases without a verdict',
            description: 'Cases of the range that nobody confirmed or refuted. Each verdict teaches the limits of its control.',
            unit: 'none',
            queries: [sql(cases("countIf(verdict = '')"))],
            thresholds: [colours.well, [10, colours.warning], [50, colours.bad]],
          }),
        ],
        [
          4,
          stat({
            title: 'Precision',
            description:
              'Confirmed / (confirmed + refuted) of cases in the range. Below 0.9 people stop looking: raise limits, or teach by verdicts.',
            unit: 'percentunit',
            decimals: 0,
            min: 0,
            max: 1,
            noValue: 'no verdicts',
            queries: [sql(cases("if(countIf(verdict != '') = 0, NULL, countIf(verdict = 'confirmed') / countIf(verdict != ''))"))],
            thresholds: [colours.bad, [0.7, colours.warning], [0.9, colours.well]],
          }),
        ],
      ],
    },
    {
      height: 9,
      panels: [
        [
          14,
          series({
            title: 'Violations by control',
            description:
              'Windows that a control judged as violated, by day of the window. A control that rises here while its money does not is noise.',
            unit: 'none',
            stacked: true,
            fill: 80,
            min: 0,
            points: true,
            queries: [
              sql(
                "SELECT toStartOfDay(window_to) AS time, control, count() AS violations FROM control_results_latest WHERE window_from <= $__toTime AND window_to >= $__fromTime AND state = 'violation' AND $__conditionalAll(control IN (${control:singlequote}), $control) GROUP BY time, control ORDER BY time",
                'series',
              ),
            ],
            links: [['Control', to('weir-control', { control: '${__field.labels.control}' })]],
          }),
        ],
        [
          10,
          bars({
            title: 'Money by control',
            description:
              'Sum of the amounts of incidents of category revenue and data in the range, by the control that found them. The longest bar first: begin there.',
            unit: 'money',
            decimals: 2,
            queries: [
              sql(
                "SELECT JSONExtractString(body, 'finding', 'detector') AS control, toFloat64(sum(ifNull(money, 0))) AS value FROM incident_latest WHERE detected_at >= $__fromTime AND detected_at <= $__toTime AND money > 0 GROUP BY control ORDER BY value DESC LIMIT 15",
              ),
            ],
          }),
        ],
      ],
    },
    {
      height: 11,
      panels: [
        [
          24,
          table({
            title: 'Cases and data incidents',
            description:
              'Incidents of categories revenue and data that lasted within the range. Money: leakage, over-charge or risk, with its method in the incident.',
            unit: 'none',
            queries: [incidents('list', { categories: ['revenue', 'data'] })],
            columns: [
              { name: 'severity_name', title: 'severity', width: 90, values: severityValues },
              { name: 'title', title: 'incident', width: 460, links: [toIncident()] },
              { name: 'state', width: 110, values: stateValues },
              {
                name: 'detector',
                title: 'control',
                width: 100,
                links: [['Control', to('weir-control', { control: '${__data.fields.detector}' })]],
              },
              ...['timeEnd', 'text', 'tags', 'id', 'severity', 'currency', 'opened_at', 'acknowledged_at', 'scope', 'url'].map((name) => ({
                name,
                hidden: true,
              })),
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
          table({
            title: 'Controls as they stand',
            description:
              'For each control: windows judged in the range, how many were violated, waiting for data or not applicable. A control without windows sees nothing: its data is missing.',
            unit: 'none',
            queries: [
              sql(
                "SELECT control, count() AS windows, countIf(state = 'violation') AS violations, countIf(state = 'waiting') AS waiting, countIf(state = 'not_applicable') AS not_applicable, max(judged_at) AS judged FROM control_results_latest WHERE $__timeFilter(judged_at) GROUP BY control ORDER BY violations DESC, control",
              ),
            ],
            columns: [
              { name: 'control', links: [['Control', to('weir-control', { control: '${__data.fields.control}' })]] },
              { name: 'violations', thresholds: [colours.well, [1, colours.warning], [10, colours.bad]] },
            ],
          }),
        ],
        [
          12,
          table({
            title: 'The programme by month',
            description:
              'Cases, amounts and days to recover, by month of detection and control. Precision = confirmed / (confirmed + refuted).',
            unit: 'none',
            noValue: 'no cases of category revenue yet',
            queries: [
              sql(
                "SELECT formatDateTime(month, '%Y-%m') AS month, control, cases, confirmed, refuted, leakage, over_charge, recovered, recoverable, days_to_recover FROM revenue_months ORDER BY month DESC, leakage DESC LIMIT 200",
              ),
            ],
          }),
        ],
      ],
    },
  ],
};
