/** Fixed access and devices: light, ports, devices that fell silent. */
import type { Board } from './kit/board.ts';
import { bars, colours, series, stat, table } from './kit/panel.ts';
import { sql } from './kit/query.ts';

const gauge = (metric: string): string => `FROM measurements WHERE metric = '${metric}' AND $__timeFilter(event_time)`;
const latest = (metric: string): string =>
  `(SELECT device, any(node) AS node, any(site) AS site, any(model) AS model, any(firmware) AS firmware, argMax(value, event_time) AS last, max(event_time) AS at ${gauge(metric)} GROUP BY device)`;

export const accessAndDevices: Board = {
  uid: 'weir-access',
  title: 'Weir: access and devices',
  description: 'Optical power, devices online, throughput of uplinks, firmware: what telemetry says of the access network.',
  rows: [
    {
      height: 4,
      panels: [
        [
          6,
          stat({
            title: 'Devices that speak',
            description: 'Devices with a reading in the range.',
            unit: 'short',
            queries: [sql('SELECT uniqExact(device) AS value FROM measurements WHERE $__timeFilter(event_time)')],
            thresholds: [colours.warning, [1, colours.neutral]],
          }),
        ],
        [
          6,
          stat({
            title: 'Weak light',
            description: 'Devices whose last received power is below -27 dBm (ITU-T G.984.2 class B+: receiver sensitivity -27 dBm).',
            unit: 'short',
            queries: [sql(`SELECT countIf(last < -27) AS value FROM ${latest('rx_power_dbm')}`)],
            thresholds: [colours.well, [1, colours.warning], [50, colours.bad]],
          }),
        ],
        [
          6,
          stat({
            title: 'Worst light',
            description: 'Lowest last received power of a device.',
            unit: 'dBm',
            decimals: 1,
            noValue: 'none',
            queries: [sql(`SELECT minOrNull(last) AS value FROM ${latest('rx_power_dbm')}`)],
            thresholds: [colours.bad, [-27, colours.warning], [-25, colours.well]],
          }),
        ],
        [
          6,
          stat({
            title: 'Oldest reading',
            description: 'How long ago the most silent device of the range spoke, against the newest reading of all.',
            unit: 's',
            decimals: 0,
            queries: [
              sql(
                "SELECT dateDiff('second', min(at), max(at)) AS value FROM (SELECT device, max(event_time) AS at FROM measurements WHERE $__timeFilter(event_time) GROUP BY device)",
              ),
            ],
            thresholds: [colours.well, [90_000, colours.warning], [180_000, colours.bad]],
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
            title: 'Devices online behind each PON',
            description: 'Mean of the ONTs online that each PON port states. A step down is a cut fibre or a power failure of its street.',
            unit: 'short',
            min: 0,
            queries: [
              sql(
                `SELECT toStartOfInterval(event_time, INTERVAL 30 minute) AS time, device, avg(value) AS online ${gauge('onts_online')} AND device IN (SELECT device ${gauge('onts_online')} GROUP BY device ORDER BY count() DESC, device LIMIT 20) GROUP BY time, device ORDER BY time`,
                'series',
              ),
            ],
          }),
        ],
        [
          12,
          series({
            title: 'Throughput of uplinks',
            description: 'Octets a second out of counters (RFC 2863 ifHCInOctets, ifHCOutOctets): difference over time, restarts left out.',
            unit: 'Bps',
            queries: [
              sql(
                "SELECT time, device, metric, octets / seconds AS rate FROM (SELECT event_time AS time, device, metric, value - lagInFrame(value) OVER w AS octets, dateDiff('second', lagInFrame(event_time) OVER w, event_time) AS seconds FROM measurements WHERE metric IN ('if_in_octets', 'if_out_octets') AND $__timeFilter(event_time) WINDOW w AS (PARTITION BY device, metric ORDER BY event_time)) WHERE octets >= 0 AND seconds BETWEEN 1 AND 86400 ORDER BY time LIMIT 50000",
                'series',
              ),
            ],
          }),
        ],
      ],
    },
    {
      height: 9,
      panels: [
        [
          8,
          bars({
            title: 'Received power, how many devices',
            description:
              'Devices by their last received power, in steps of 1 dB. A second hump to the left is a splitter or a batch of devices.',
            unit: 'short',
            queries: [
              sql(
                `SELECT concat(toString(floor(last)), ' dBm') AS power, count() AS value FROM ${latest('rx_power_dbm')} GROUP BY floor(last), power ORDER BY floor(last) LIMIT 25`,
              ),
            ],
          }),
        ],
        [
          16,
          table({
            title: 'Worst devices',
            description:
              'Devices with the lowest last received power, with node, model and firmware. Several of one node: the fibre; of one model or firmware: the devices.',
            unit: 'none',
            queries: [
              sql(
                `SELECT device, node, site, model, firmware, last AS rx_power, at FROM ${latest('rx_power_dbm')} ORDER BY rx_power LIMIT 100`,
              ),
            ],
            columns: [
              {
                name: 'rx_power',
                title: 'received power',
                unit: 'dBm',
                thresholds: [colours.bad, [-27, colours.warning], [-25, colours.well]],
              },
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
            title: 'Models and firmware',
            description:
              'Devices, mean received power and silent devices by model and firmware. One firmware that stands out is a roll-out to stop.',
            unit: 'none',
            queries: [
              sql(
                `SELECT model, firmware, count() AS devices, avg(last) AS rx_power, countIf(last < -27) AS weak FROM ${latest('rx_power_dbm')} GROUP BY model, firmware ORDER BY devices DESC LIMIT 100`,
              ),
            ],
            columns: [
              { name: 'rx_power', title: 'mean received power', unit: 'dBm' },
              { name: 'weak', thresholds: [colours.well, [1, colours.warning]] },
            ],
          }),
        ],
        [
          12,
          table({
            title: 'Metrics',
            description: 'Readings and devices by metric of the range.',
            unit: 'none',
            queries: [
              sql(
                'SELECT metric, any(unit) AS unit, count() AS readings, uniq(device) AS devices, max(event_time) AS last FROM measurements WHERE $__timeFilter(event_time) GROUP BY metric ORDER BY readings DESC LIMIT 100',
              ),
            ],
          }),
        ],
      ],
    },
  ],
};
