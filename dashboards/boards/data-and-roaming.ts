/** Data sessions and volume, at home and abroad. */
import { type Board, choice, variable } from './kit/board.ts';
import { colours, series, stat, table } from './kit/panel.ts';
import { kpi, sql, total, where } from './kit/query.ts';

const data = [where('service', 'data'), where('leg', '$leg'), where('apn', '$apn')];
const rollup =
  "FROM usage_minute WHERE service = 'data' AND $__timeFilter(minute) AND leg = '$leg' AND $__conditionalAll(apn IN (${apn:singlequote}), $apn)";

export const dataAndRoaming: Board = {
  uid: 'weir-data',
  title: 'Weir: data and roaming',
  description: 'Volume and sessions by access point, radio technology and cell; usage of our subscribers in other networks.',
  variables: [choice('leg', 'leg', 'Leg', 'switch'), variable('apn', 'apn', 'APN or DNN')],
  rows: [
    {
      height: 4,
      panels: [
        [
          6,
          stat({
            title: 'Volume down',
            description:
              'Octets to subscribers over the range (3GPP TS 32.298, downlink volume). Several legs count the same octets: choose one.',
            unit: 'decbytes',
            decimals: 1,
            queries: [total('usage_octets_down', { where: data })],
            thresholds: [colours.neutral],
          }),
        ],
        [
          6,
          stat({
            title: 'Volume up',
            description: 'Octets from subscribers over the range. A surge without one down is an upload, or a device that is not its own.',
            unit: 'decbytes',
            decimals: 1,
            queries: [total('usage_octets_up', { where: data })],
            thresholds: [colours.neutral],
          }),
        ],
        [
          6,
          stat({
            title: 'Session records',
            description: 'Data session records over the range, partial ones included.',
            unit: 'short',
            queries: [total('usage_records', { where: data })],
            thresholds: [colours.warning, [1, colours.neutral]],
          }),
        ],
        [
          6,
          stat({
            title: 'Volume against a week ago',
            description: 'Octets down / those of a week before - 1. Beyond -20 % look at access points and cells below.',
            unit: 'percentunit',
            decimals: 1,
            queries: [total('usage_octets_down', { where: data, compare: true })],
            field: 'change',
            thresholds: [colours.bad, [-0.2, colours.warning], [-0.1, colours.well], [0.3, colours.warning]],
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
            title: 'Volume down, with what was to be expected',
            description: 'Octets to subscribers by bucket. Grey: the same time of the four weeks before, p = 0.001.',
            unit: 'decbytes',
            min: 0,
            queries: [kpi('usage_octets_down', { where: data, band: true, stepSeconds: 900 })],
          }),
        ],
        [
          12,
          series({
            title: 'Volume by access point',
            description: 'Octets to subscribers by APN or DNN. One that stops alone is its gateway or its policy.',
            unit: 'decbytes',
            stacked: true,
            min: 0,
            queries: [kpi('usage_octets_down', { by: ['apn'], where: data, stepSeconds: 900 })],
          }),
        ],
      ],
    },
    {
      height: 9,
      panels: [
        [
          8,
          series({
            title: 'By radio technology',
            description: 'Session records by RAT (3GPP TS 29.061). A shift from 5G to 4G is a layer that is down.',
            unit: 'short',
            stacked: true,
            min: 0,
            queries: [kpi('usage_records', { by: ['rat'], where: data, stepSeconds: 900 })],
          }),
        ],
        [
          8,
          table({
            title: 'Cells, against a week ago',
            description: 'Octets down of the busiest cells now and a week before. A cell that is missing here serves nobody.',
            unit: 'decbytes',
            queries: [total('usage_octets_down', { by: ['cell'], where: data, compare: true, limit: 100 })],
            columns: [{ name: 'change', thresholds: [colours.bad, [-0.5, colours.warning], [-0.2, colours.well]] }],
          }),
        ],
        [
          8,
          table({
            title: 'Plans',
            description: 'Sessions, gigabytes and charges by plan. Much volume without charge: control S11 (zero-rated usage).',
            unit: 'none',
            queries: [
              sql(
                `SELECT plan, sum(records) AS sessions, sum(octets_up + octets_down) / 1e9 AS gigabytes, toFloat64(sum(charge)) AS charge ${rollup} GROUP BY plan ORDER BY gigabytes DESC LIMIT 100`,
              ),
            ],
            columns: [{ name: 'charge', unit: 'money' }],
          }),
        ],
      ],
    },
    {
      title: 'Roaming',
      height: 9,
      panels: [
        [
          12,
          series({
            title: 'Records by partner',
            description:
              'Usage records by partner network of all services. A partner that stops is a failed agreement, a failed link, or missing files (NRTRDE, TAP).',
            unit: 'short',
            stacked: true,
            min: 0,
            queries: [kpi('usage_records', { by: ['partner'], limit: 12, stepSeconds: 900 })],
          }),
        ],
        [
          12,
          table({
            title: 'Partners and zones',
            description: 'Records, minutes, gigabytes and charges by partner and zone of all services in the range.',
            unit: 'none',
            queries: [
              sql(
                'SELECT partner, zone, service, sum(records) AS records, sum(billable_seconds) / 60 AS minutes, sum(octets_up + octets_down) / 1e9 AS gigabytes, toFloat64(sum(charge)) AS charge FROM usage_hour WHERE $__timeFilter(hour) GROUP BY partner, zone, service ORDER BY records DESC LIMIT 200',
              ),
            ],
            columns: [
              { name: 'charge', unit: 'money' },
              { name: 'minutes', unit: 'short' },
            ],
          }),
        ],
      ],
    },
  ],
};
