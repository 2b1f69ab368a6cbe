/** Reboots that belong to a firmware: more than others have at the same nodes. */
import { calm, define, type Evaluation, type Judgement, type Limit } from '../../../core/definition.ts';
import type { RowOf } from '../../../core/row.ts';
import { counted, percent, utc } from '../../controls/texts.ts';
import { normalTail } from '../../statistics/normal-tail.ts';

const columns = {
  node: 'text',
  model: 'text',
  firmware: 'text',
  devices: 'number',
  reboots: 'number',
  names: 'texts',
  since: 'number',
  complete_to: 'instant',
} as const;

type Row = RowOf<typeof columns>;

export interface Stratum {
  /** Devices of the firmware and those of them that rebooted. */
  readonly devices: number;
  readonly reboots: number;
  /** The same of all devices of the node. */
  readonly allDevices: number;
  readonly allReboots: number;
}

export interface Excess {
  readonly devices: number;
  readonly reboots: number;
  /** Reboots if the firmware made no difference, node by node. */
  readonly expected: number;
  /** Share of rebooted devices, and that of all others; NaN where there are no others. */
  readonly share: number;
  readonly othersShare: number;
  readonly p: number;
}

/**
 * Whether a firmware reboots more than others at the same nodes: the test of Mantel and Haenszel over nodes, so that a power cut at a node,
 * which reboots every firmware there, is none.
 * @example excessOf([{ devices: 10, reboots: 10, allDevices: 20, allReboots: 10 }]).expected // 5
 */
export function excessOf(strata: readonly Stratum[]): Excess {
  let [devices, reboots, expected, variance, others, othersReboots] = [0, 0, 0, 0, 0, 0];
  for (const { devices: n, reboots: r, allDevices: all, allReboots: allR } of strata) {
    devices += n;
    reboots += r;
    others += all - n;
    othersReboots += allR - r;
    if (all < 2) continue;
    expected += (allR * n) / all;
    variance += (allR * (all - allR) * n * (all - n)) / (all * all * (all - 1));
  }
  const over = reboots - expected - 0.5;
  return {
    devices,
    reboots,
    expected,
    share: devices === 0 ? 0 : reboots / devices,
    othersShare: others === 0 ? Number.NaN : othersReboots / others,
    p: variance <= 0 ? 1 : over <= 0 ? 1 : normalTail(over / Math.sqrt(variance)) / 2,
  };
}

const limits: readonly Limit[] = [
  {
    name: 'devices',
    default: 5,
    unit: 'devices',
    min: 2,
    max: 10_000,
    description: 'Fewest devices of the firmware that rebooted',
    learns: 'up',
  },
  { name: 'share', default: 0.05, unit: 'ratio', min: 0.001, max: 1, description: 'Least share of its devices', learns: 'up' },
  { name: 'times', default: 3, unit: 'times', min: 1.5, max: 100, description: 'So many times the share of the others', learns: 'up' },
  { name: 'p', default: 1e-5, unit: 'p', min: 1e-12, max: 0.01, description: 'Largest p of the test over nodes', learns: 'down' },
  {
    name: 'alone',
    default: 0.3,
    unit: 'ratio',
    min: 0.05,
    max: 1,
    description: 'Share that counts where no other firmware runs to compare with',
  },
];

function judge(rows: readonly Row[], { limit, tenant }: Evaluation): readonly Judgement[] {
  const nodes = new Map<string, { devices: number; reboots: number }>();
  for (const { node, devices, reboots } of rows) {
    const sum = nodes.get(node) ?? { devices: 0, reboots: 0 };
    nodes.set(node, { devices: sum.devices + devices, reboots: sum.reboots + reboots });
  }
  const firmwares = new Map<string, Row[]>();
  for (const row of rows) {
    const key = `${row.model}\n${row.firmware}`;
    firmwares.set(key, [...(firmwares.get(key) ?? []), row]);
  }
  return [...firmwares.values()].map((own) => {
    const { model, firmware } = own[0]!;
    const completeTo = Math.max(...own.map(({ complete_to }) => complete_to));
    const excess = excessOf(
      own.map(({ node, devices, reboots }) => ({
        devices,
        reboots,
        allDevices: nodes.get(node)!.devices,
        allReboots: nodes.get(node)!.reboots,
      })),
    );
    const { devices, reboots, expected, share, othersShare, p } = excess;
    const start: Judgement = {
      ...calm({ model, firmware }, { from: completeTo - 1_800_000, to: completeTo }),
      observed: reboots,
      expected,
      upper: expected,
      unit: 'reboots',
      statistic: share,
      p,
    };
    const compared = Number.isNaN(othersShare) ? share >= limit('alone') : share >= limit('times') * othersShare && p <= limit('p');
    if (reboots < limit('devices') || share < limit('share') || !compared) return start;
    const beganAt = Math.min(...own.filter((row) => row.reboots > 0).map(({ since }) => since));
    const lost = own.flatMap(({ names }) => names);
    return {
      ...start,
      state: 'violation' as const,
      direction: 'up' as const,
      p: Math.min(p, 1e-6),
      note: 'no amount: reboots',
      title: `${model} ${firmware}: ${counted(reboots, 'device')} rebooted`,
      summary: `${counted(reboots, 'device')} of ${devices} with firmware ${firmware} of ${model} (${percent(share, 2)}) rebooted since ${utc(beganAt)}${Number.isNaN(othersShare) ? '; no other firmware runs to compare with' : `, of all others ${percent(othersShare, 2)}`}.`,
      beganAt,
      behind: { type: 'ont', elements: lost, at: beganAt },
      evidence: {
        query: 'telemetry-evidence',
        params: {
          tenant,
          devices: lost.slice(0, 100),
          metrics: ['uptime_seconds', 'uptime'],
          since: new Date(beganAt - 3_600_000).toISOString(),
          to: new Date(completeTo).toISOString(),
        },
      },
    };
  });
}

/**
 * Firmware-wide reboots.
 * @example firmwareReboots.scope // ['model', 'firmware']
 */
export const firmwareReboots = define({
  identity: 'firmware_reboots',
  title: 'A firmware reboots',
  kind: 'service',
  rater: 'tangibles',
  metric: 'reboots',
  trigger: 'minute',
  windowMs: 0,
  needs: {
    legs: [],
    tables: ['measurements'],
    data: 'the uptime of devices (a metric of `service.uptimeMetrics`), their model and firmware; sooner with their status (`service.statusMetrics`)',
  },
  query: 'telemetry-reboots',
  columns,
  lookbackMs: 2 * 3_600_000,
  limits,
  scope: ['model', 'firmware'],
  holdMs: 0,
  store: 'marked',
  evaluate: judge,
  documentation: {
    meaning:
      'Devices of one model and firmware restart where others do not: a bad release, a certificate that ran out, a value from the management system that it cannot bear.',
    formula:
      'A reboot is an uptime that fell by more than 5 s, or a status that went down and came back within ten minutes, which an OLT says at once; each device counts once in 30 minutes. One that is still away counts for its first ten minutes, unless four of its PON went within a minute of each other, which is a cut. Expected: as many as all devices of the same node have, times the part of the firmware in it, added over nodes. Violation when devices, share, the multiple of the share of all others and the p of the Mantel-Haenszel test over nodes all reach their limits. A power cut reboots every firmware of its nodes and is none.',
    proof: 'Run the SQL of the finding: the uptimes of the rebooted devices.',
    recovery:
      'Stop the roll-out, roll back, and ask the vendor with the list of devices. What was changed just before stands at the incident.',
  },
});
