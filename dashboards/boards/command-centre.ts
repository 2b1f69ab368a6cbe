/** What hurts now: the board that hangs on the wall. */
import { adhoc, type Board, to, toIncident } from './kit/board.ts';
import { colours, series, severityValues, stat, stateValues, table } from './kit/panel.ts';
import { accounting, incidents, kpi, sql, total, where } from './kit/query.ts';

const open = (what: string): string =>
  `SELECT ${what} AS value FROM incident_latest WHERE state NOT IN ('resolved', 'closed') AND category != 'digest'`;

export const commandCentre: Board = {
  uid: 'weir-command',
  title: 'Weir: command centre',
  description: 'What is wrong now, what it costs, whom it hurts, and whether the data can be trusted.',
  variables: [adhoc()],
  rows: [
    {
      height: 4,
      panels: [
        [
          4,
          stat({
            title: 'Severity 1 and 2',
            description:
              'Open incidents of severity 1 and 2 (perceived severity, ITU-T X.733). Anything above zero wants a person: open the list below.',
            unit: 'none',
            queries: [sql(open('countIf(severity <= 2)'))],
            thresholds: [colours.well, [1, colours.bad]],
            panelLinks: [['Incidents', to('weir-performance')]],
          }),
        ],
        [
          4,
          stat({
            title: 'Other open incidents',
            description: 'Open incidents of severity 3 to 5. Many of them at once are noise or one cause: look at their explanation.',
            unit: 'none',
            queries: [sql(open('countIf(severity > 2)'))],
            thresholds: [colours.well, [10, colours.warning], [30, colours.bad]],
          }),
        ],
        [
          4,
          stat({
            title: 'Money at stake',
            description:
              'Sum of the amounts of all open incidents in the tenant currency: leakage, over-charge and risk. How each was computed stands in the incident.',
            unit: 'money',
            queries: [sql(open('toFloat64(sum(ifNull(money, 0)))'))],
            decimals: 2,
            thresholds: [colours.well, [100, colours.warning], [10_000, colours.bad]],
            panelLinks: [['Revenue assurance', to('weir-revenue')]],
          }),
        ],
        [
          4,
          stat({
            title: 'Customers concerned',
            description: 'Customers of the largest open incident. Customers of several incidents overlap, so they are not added.',
            unit: 'short',
            queries: [sql(open('max(customers)'))],
            thresholds: [colours.well, [100, colours.warning], [1000, colours.bad]],
          }),
        ],
        [
          4,
          stat({
            title: 'Records, a week on',
            description:
              'Usage records in the range / those of the same time a week before - 1. Beyond 20 % either traffic or a feed is not as usual.',
            unit: 'percentunit',
            queries: [total('usage_records', { compare: true })],
            field: 'change',
            decimals: 1,
            thresholds: [colours.bad, [-0.2, colours.warning], [-0.1, colours.well], [0.2, colours.warning]],
            panelLinks: [['KPI explorer', to('weir-kpi')]],
          }),
        ],
        [
          4,
          stat({
            title: 'Oldest feed',
            description: 'How far the slowest source is behind, event time against the clock. No control judges what is not complete.',
            unit: 's',
            queries: [accounting('completeness')],
            field: 'behind',
            reduce: 'max',
            decimals: 0,
            thresholds: [colours.well, [7200, colours.warning], [86_400, colours.bad]],
            panelLinks: [['Pipeline', to('weir-pipeline')]],
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
            title: 'Records of the switches, against what was to be expected',
            description:
              'Usage records of leg switch by bucket. Grey band: the same time of the four weeks before, p = 0.001. Below it traffic or a feed is missing. Red regions are incidents.',
            unit: 'short',
            queries: [kpi('usage_records', { where: [where('leg', 'switch')], band: true, stepSeconds: 900 })],
            min: 0,
            links: [['Explore', to('weir-kpi', { metric: 'usage_records' })]],
          }),
        ],
        [
          8,
          series({
            title: 'Answer ratio of voice',
            description:
              'ASR = answered / attempts (ITU-T E.411) of leg switch with its expected band. A drop on one partner only shows in the board of voice quality.',
            unit: 'percentunit',
            queries: [kpi('answer_ratio', { where: [where('leg', 'switch'), where('service', 'voice')], band: true, stepSeconds: 3600 })],
            min: 0,
            max: 1,
            decimals: 1,
            links: [['Voice quality', to('weir-voice')]],
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
            title: 'Open incidents',
            description:
              'The most severe first. Severity comes from money and customers; the title says what is wrong. Choose one to see its chart, its explanation and its evidence.',
            unit: 'none',
            queries: [incidents('open')],
            noValue: 'Nothing is wrong.',
            columns: [
              { name: 'severity_name', title: 'severity', width: 100, values: severityValues },
              { name: 'title', title: 'incident', width: 460, links: [toIncident()] },
              { name: 'state', width: 120, values: stateValues },
              {
                name: 'detector',
                title: 'found by',
                width: 140,
                links: [['Control', to('weir-control', { control: '${__data.fields.detector}' })]],
              },
              { name: 'money', width: 110 },
              { name: 'customers', width: 110 },
              ...[
                'timeEnd',
                'text',
                'tags',
                'id',
                'severity',
                'currency',
                'money_class',
                'detected_at',
                'opened_at',
                'acknowledged_at',
                'scope',
                'url',
              ].map((name) => ({ name, hidden: true })),
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
          series({
            title: 'Records by service',
            description: 'Usage records of all legs by service. Stacked: the top line is everything.',
            unit: 'short',
            queries: [kpi('usage_records', { by: ['service'], stepSeconds: 900 })],
            stacked: true,
            min: 0,
          }),
        ],
        [
          12,
          series({
            title: 'Charged, against a week ago',
            description:
              'Charges of leg rating in the tenant currency. Filled grey: the week before. A gap that lasts is leakage until proven otherwise.',
            unit: 'money',
            queries: [kpi('usage_charge', { where: [where('leg', 'rating')], compare: true, stepSeconds: 3600 })],
            min: 0,
            decimals: 2,
            links: [['Revenue assurance', to('weir-revenue')]],
          }),
        ],
      ],
    },
  ],
};
