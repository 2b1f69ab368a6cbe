/** From the order to the first charge. */
import { type Board, to } from './kit/board.ts';
import { bars, colours, series, stat, table } from './kit/panel.ts';
import { sql } from './kit/query.ts';

const failing = "('failed', 'failure', 'error', 'rejected', 'refused', 'timeout')";

/** Each order with a step in the range as it stands: its last step, whether that failed. What became of its usage: the view lifecycle_to_cash. */
const orders = `(SELECT subscription, argMax(order_id, event_time) AS order_id, argMax(plan, event_time) AS plan, argMax(segment, event_time) AS segment,
    argMax(step, event_time) AS last_step, argMax(lower(result), event_time) IN ${failing} AS stuck, argMax(error, event_time) AS error, min(event_time) AS begun_at,
    max(event_time) AS last_at, countIf(lower(result) IN ${failing}) AS failures
  FROM lifecycle WHERE $__timeFilter(event_time) GROUP BY subscription)`;

export const lifeCycle: Board = {
  uid: 'weir-lifecycle',
  title: 'Weir: life cycle',
  description:
    'Orders on their way: ordered, paid, activated, provisioned, first usage, first charge; where they fail and how long each step takes.',
  from: 'now-7d',
  rows: [
    {
      height: 4,
      panels: [
        [
          6,
          stat({
            title: 'Orders begun',
            description: 'Steps "ordered" in the range: where the way of a customer begins. None for hours: the shop or its feed is down.',
            unit: 'short',
            queries: [sql("SELECT count() AS value FROM lifecycle WHERE step = 'ordered' AND $__timeFilter(event_time)")],
            thresholds: [colours.warning, [1, colours.neutral]],
          }),
        ],
        [
          6,
          stat({
            title: 'Success of steps',
            description: 'Steps that did not fail / all steps of the range. Below 97 % a system refuses orders.',
            unit: 'percentunit',
            decimals: 1,
            min: 0,
            max: 1,
            noValue: 'no steps',
            queries: [
              sql(
                "SELECT if(count() = 0, NULL, countIf(lower(result) NOT IN ('failed', 'failure', 'error', 'rejected', 'refused', 'timeout')) / count()) AS value FROM lifecycle WHERE $__timeFilter(event_time)",
              ),
            ],
            thresholds: [colours.bad, [0.9, colours.warning], [0.97, colours.well]],
          }),
        ],
        [
          6,
          stat({
            title: 'Orders that stand still',
            description: 'Orders with a step in the range whose last word is a failed step.',
            unit: 'short',
            queries: [sql(`SELECT countIf(stuck) AS value FROM ${orders}`)],
            thresholds: [colours.well, [1, colours.warning], [50, colours.bad]],
          }),
        ],
        [
          6,
          stat({
            title: 'Late on the way to cash',
            description:
              'Firing findings of control N04: orders that are used and not charged, or that stand still for longer than such orders take (view lifecycle_to_cash).',
            unit: 'short',
            queries: [sql("SELECT count() AS value FROM findings_latest WHERE detector = 'N04' AND state = 'firing'")],
            panelLinks: [['Control', to('weir-control', { control: 'N04' })]],
            thresholds: [colours.well, [1, colours.warning], [100, colours.bad]],
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
            title: 'Steps by hour',
            description: 'Life-cycle steps by kind. One that stops while the one before goes on is where orders pile up.',
            unit: 'short',
            stacked: true,
            min: 0,
            queries: [
              sql(
                'SELECT toStartOfInterval(event_time, INTERVAL 1 hour) AS time, step, count() AS steps FROM lifecycle WHERE $__timeFilter(event_time) GROUP BY time, step ORDER BY time',
                'series',
              ),
            ],
          }),
        ],
        [
          12,
          series({
            title: 'Failure of steps',
            description: 'Failed steps / steps by kind and hour.',
            unit: 'percentunit',
            decimals: 1,
            min: 0,
            max: 1,
            points: true,
            queries: [
              sql(
                "SELECT toStartOfInterval(event_time, INTERVAL 6 hour) AS time, step, countIf(lower(result) IN ('failed', 'failure', 'error', 'rejected', 'refused', 'timeout')) / count() AS failed FROM lifecycle WHERE $__timeFilter(event_time) GROUP BY time, step ORDER BY time",
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
            title: 'How far orders have come',
            description: 'Orders with a step in the range by the last step that they reached.',
            unit: 'short',
            queries: [sql(`SELECT last_step, count() AS value FROM ${orders} GROUP BY last_step ORDER BY value DESC LIMIT 20`)],
          }),
        ],
        [
          8,
          table({
            title: 'How long steps take',
            description: 'Duration that the systems state: median and 95th percentile by step and system.',
            unit: 'none',
            queries: [
              sql(
                'SELECT step, system, count() AS steps, quantile(0.5)(duration_seconds) AS median, quantile(0.95)(duration_seconds) AS p95 FROM lifecycle WHERE $__timeFilter(event_time) GROUP BY step, system ORDER BY steps DESC LIMIT 100',
              ),
            ],
            columns: [
              { name: 'median', unit: 's' },
              { name: 'p95', unit: 's' },
            ],
          }),
        ],
        [
          8,
          table({
            title: 'Why steps fail',
            description: 'Errors as the systems word them.',
            unit: 'none',
            noValue: 'none failed',
            queries: [
              sql(
                "SELECT step, system, error, count() AS failed, max(event_time) AS last FROM lifecycle WHERE $__timeFilter(event_time) AND lower(result) IN ('failed', 'failure', 'error', 'rejected', 'refused', 'timeout') GROUP BY step, system, error ORDER BY failed DESC LIMIT 100",
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
          24,
          table({
            title: 'Orders that have not reached their first charge',
            description:
              'Orders with a step in the range whose last step is not the first charge: those that failed first, then the oldest, with the step and its error.',
            unit: 'none',
            noValue: 'none',
            queries: [
              sql(
                `SELECT order_id, plan, segment, if(stuck, 'failed', 'in work') AS state, last_step, last_at, error, failures, begun_at FROM ${orders} WHERE last_step NOT IN ('first_charge', 'ceased', 'cancelled') ORDER BY stuck DESC, last_at LIMIT 200`,
              ),
            ],
            columns: [{ name: 'state', values: { failed: ['failed', 'red'], 'in work': ['in work', 'blue'] } }],
          }),
        ],
      ],
    },
  ],
};
