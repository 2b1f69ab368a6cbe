/** What the host and other partners charge an MVNO, against what it sells. */
import { type Board, to, toIncident, variable } from './kit/board.ts';
import { colours, series, severityValues, stat, stateValues, table } from './kit/panel.ts';
import { incidents, kpi, sql, where } from './kit/query.ts';

const partners = '$__conditionalAll(partner IN (${partner:singlequote}), $partner)';
const wholesale = `FROM usage_hour WHERE $__timeFilter(hour) AND leg IN ('mno_wholesale', 'tap_in', 'partner') AND ${partners}`;

export const mvnoWholesale: Board = {
  uid: 'weir-wholesale',
  title: 'Weir: MVNO wholesale',
  description: 'Wholesale cost against retail revenue, by partner and service, and what does not fit.',
  from: 'now-7d',
  variables: [variable('partner', 'partner', 'Partner')],
  rows: [
    {
      height: 4,
      panels: [
        [
          6,
          stat({
            title: 'Wholesale cost',
            description:
              'Wholesale charges that partners state in their own records (legs mno_wholesale, tap_in, partner), in the tenant currency.',
            unit: 'money',
            decimals: 2,
            queries: [sql(`SELECT toFloat64(sum(wholesale_charge)) AS value ${wholesale}`)],
            thresholds: [colours.neutral],
          }),
        ],
        [
          6,
          stat({
            title: 'Retail revenue of usage',
            description: 'Charges of leg rating: usage only, without recurring fees.',
            unit: 'money',
            decimals: 2,
            queries: [sql("SELECT toFloat64(sum(charge)) AS value FROM usage_hour WHERE $__timeFilter(hour) AND leg = 'rating'")],
            thresholds: [colours.neutral],
          }),
        ],
        [
          6,
          stat({
            title: 'Cost of a charged minute',
            description:
              'Wholesale charge of voice / its minutes, as the partners round them. Above the agreed rate: control S13 says where.',
            unit: 'money',
            decimals: 4,
            noValue: 'no voice',
            queries: [
              sql(
                `SELECT if(sum(billable_seconds) = 0, NULL, toFloat64(sum(wholesale_charge)) / (sum(billable_seconds) / 60)) AS value ${wholesale} AND service = 'voice'`,
              ),
            ],
            thresholds: [colours.neutral, [0.05, colours.warning], [0.2, colours.bad]],
          }),
        ],
        [
          6,
          stat({
            title: 'Open wholesale findings',
            description: 'Firing findings of the wholesale controls: usage (S09), rates (S13), invoices (S14).',
            unit: 'none',
            queries: [sql("SELECT count() AS value FROM findings_latest WHERE state = 'firing' AND detector IN ('S09', 'S13', 'S14')")],
            thresholds: [colours.well, [1, colours.warning], [5, colours.bad]],
            panelLinks: [['Revenue assurance', to('weir-revenue')]],
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
            title: 'Wholesale cost by partner',
            description: 'Wholesale charges by hour and partner, in the tenant currency.',
            unit: 'money',
            decimals: 2,
            stacked: true,
            min: 0,
            queries: [
              sql(
                `SELECT toStartOfInterval(hour, INTERVAL 3 hour) AS time, partner, toFloat64(sum(wholesale_charge)) AS cost ${wholesale} GROUP BY time, partner ORDER BY time`,
                'series',
              ),
            ],
          }),
        ],
        [
          12,
          series({
            title: "Records: ours and the host's",
            description:
              'Usage records of our own leg (switch, pgw) and of the host for the same services. Lines that part show records that one side misses.',
            unit: 'short',
            min: 0,
            queries: [
              kpi('usage_records', {
                by: ['leg'],
                where: [where('leg', 'switch', 'mediation', 'mno_wholesale', 'rating'), where('service', 'voice')],
                stepSeconds: 21_600,
              }),
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
            title: 'Partners and services',
            description: 'What each partner states: records, minutes, gigabytes and cost, with the mean price of a unit.',
            unit: 'none',
            queries: [
              sql(
                `SELECT partner, service, leg, sum(records) AS records, sum(billable_seconds) / 60 AS minutes, sum(octets_up + octets_down) / 1e9 AS gigabytes, toFloat64(sum(wholesale_charge)) AS cost, currency ${wholesale} GROUP BY partner, service, leg, currency ORDER BY cost DESC LIMIT 200`,
              ),
            ],
            columns: [
              { name: 'cost', unit: 'money' },
              { name: 'minutes', unit: 'short' },
            ],
          }),
        ],
        [
          12,
          table({
            title: 'Findings about partners',
            description: 'Incidents of the wholesale controls within the range, with the amount to dispute.',
            unit: 'none',
            noValue: 'none',
            queries: [incidents('list', { detectors: ['S09', 'S13', 'S14', 'usage_volume'] })],
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
                'category',
                'team',
                'assignee',
              ].map((name) => ({ name, hidden: true })),
            ],
            panelLinks: [['Reconciliation', to('weir-reconciliation')]],
          }),
        ],
      ],
    },
  ],
};
