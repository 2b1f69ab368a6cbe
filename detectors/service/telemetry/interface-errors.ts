/** Interfaces with errors, from counters that wrap and restart. */
import { calm, define, type Evaluation, type Judgement, type Limit } from '../../../core/definition.ts';
import type { RowOf } from '../../../core/row.ts';
import { figure } from '../../controls/texts.ts';

const columns = {
  device: 'text',
  node: 'text',
  site: 'text',
  errors: 'number',
  packets: 'number',
  past_errors: 'number',
  past_packets: 'number',
  restarts: 'number',
  first_at: 'instant',
  complete_to: 'instant',
} as const;

const limits: readonly Limit[] = [
  { name: 'ratio', default: 1e-4, unit: 'ratio', min: 1e-9, max: 1, description: 'Least share of packets with errors', learns: 'up' },
  { name: 'errors', default: 100, unit: 'packets', min: 1, max: 1e9, description: 'Fewest errors in a quarter of an hour', learns: 'up' },
  { name: 'times', default: 5, unit: 'times', min: 1, max: 1000, description: 'So many times the share of the day before', learns: 'up' },
];

/** Errors of packets; 0 where neither were counted. @example errorRatio(1, 99) // 0.01 */
export function errorRatio(errors: number, packets: number): number {
  return errors + packets <= 0 ? 0 : errors / (errors + packets);
}

function judge(row: RowOf<typeof columns>, { limit, tenant, instant }: Evaluation): Judgement {
  const { device, node, errors, packets, past_errors: pastErrors, past_packets: pastPackets, restarts, complete_to: completeTo } = row;
  const ratio = errorRatio(errors, packets);
  const past = errorRatio(pastErrors, pastPackets);
  const needed = Math.max(limit('ratio'), limit('times') * past);
  const start: Judgement = {
    ...calm({ interface: device }, { from: completeTo - 900_000, to: completeTo }),
    observed: ratio,
    expected: past,
    upper: needed,
    unit: 'ratio',
    statistic: ratio,
    note: restarts > 0 ? `${restarts} restarts of counters` : '',
  };
  if (errors < limit('errors') || ratio < needed) return start;
  return {
    ...start,
    state: 'violation',
    direction: 'up',
    p: 1e-9,
    note: [start.note, 'no amount: errors of an interface'].filter(Boolean).join('; '),
    title: `${device}: errors`,
    summary: `${figure(errors)} of ${figure(errors + packets)} packets of ${device}${node === '' ? '' : ` of ${node}`} had errors in the latest quarter of an hour: ${ratio.toExponential(1)}, ${past.toExponential(1)} the day before.`,
    beganAt: row.first_at > 0 ? row.first_at : completeTo - 900_000,
    evidence: {
      query: 'counter-deltas',
      params: {
        tenant,
        metrics: ['if_in_errors', 'if_out_errors', 'if_in_packets', 'if_out_packets'],
        since: new Date(completeTo - 3_600_000).toISOString().replace('T', ' ').replace('Z', ''),
        instant: new Date(instant).toISOString().replace('T', ' ').replace('Z', ''),
      },
    },
  };
}

/**
 * Interface errors.
 * @example interfaceErrors.scope // ['interface']
 */
export const interfaceErrors = define({
  identity: 'interface_errors',
  title: 'An interface has errors',
  kind: 'service',
  rater: 'tangibles',
  metric: 'error_ratio',
  trigger: 'minute',
  everyMs: 5 * 60_000,
  windowMs: 0,
  needs: { legs: [], tables: ['measurements'], data: 'counters of interfaces: errors or discards, and packets' },
  query: 'counter-errors',
  columns,
  lookbackMs: 24 * 3_600_000,
  limits,
  scope: ['interface'],
  holdMs: 0,
  store: 'marked',
  evaluate: (rows, evaluation) => rows.map((row) => judge(row, evaluation)),
  documentation: {
    meaning: 'An interface loses or spoils packets: a bad optic or cable, a duplex mismatch, a queue that overflows.',
    formula:
      'Growth of the counters whose name has error or discard, over that and the growth of those with packet or pkt, in the latest quarter of an hour, against the day before. A counter that falls from the last quarter of 32 or 64 bits into the first has wrapped and counts on; any other fall is a restart, and what was counted around it is not known and counts nothing, so neither makes a spike. Judged every five minutes.',
    proof: 'Run the SQL of the finding: each step of the counters, and whether it grew, wrapped or restarted.',
    recovery: 'Clean or swap the optic, check speed and duplex at both ends; discards without errors: look at the load.',
  },
});
