/** A PON tree that is out, whole or in part: several of its ONTs lost within a minute. */
import { calm, define, type Evaluation, type Judgement, type Limit } from '../../../core/definition.ts';
import type { RowOf } from '../../../core/row.ts';
import { counted, percent, utc } from '../../controls/texts.ts';
import { largestCluster } from './cluster.ts';

const columns = {
  pon: 'text',
  node: 'text',
  site: 'text',
  complete_to: 'instant',
  devices: 'number',
  names: 'texts',
  since: 'numbers',
  silents: 'numbers',
  powers: 'numbers',
} as const;

/** How a PON stands, see `sql/queries/telemetry-status.sql`. */
export type PonRow = RowOf<typeof columns>;

export interface Outage {
  /** ONTs that were lost together and are still away. */
  readonly lost: readonly string[];
  readonly silent: number;
  /** Share of them that said that their power went. */
  readonly power: number;
  readonly share: number;
  readonly beganAt: number;
}

export interface OutageLimits {
  readonly onts: number;
  readonly share: number;
  readonly withinSeconds: number;
}

/**
 * The outage of a PON, if there is one: the largest number of its ONTs that were lost within `withinSeconds` of each other and are away
 * still. A silent ONT was last heard of anywhere within its interval: it counts with those lost within three stretches.
 * @example outageOf({ devices: 4, names: ['a', 'b'], since: [0, 9], silents: [0, 0], powers: [0, 0] }, { onts: 3, share: 0.1, withinSeconds: 60 }) // undefined
 */
export function outageOf(
  { devices, names, since, silents, powers }: Pick<PonRow, 'devices' | 'names' | 'since' | 'silents' | 'powers'>,
  { onts, share, withinSeconds }: OutageLimits,
): Outage | undefined {
  const said = names.map((_, place) => place).filter((place) => silents[place] === 0);
  const quiet = names.map((_, place) => place).filter((place) => silents[place] === 1);
  const clusterOf = (places: readonly number[], withinMs: number): readonly number[] =>
    largestCluster(
      places.map((place) => since[place]!),
      withinMs,
    ).map((at) => places[at]!);
  const loud = clusterOf(said, withinSeconds * 1000);
  const mute = clusterOf(quiet, 3 * withinSeconds * 1000);
  // What fell silent beside those that said they are down is down too; alone it makes an outage by itself.
  const lost =
    loud.length >= onts || loud.length >= mute.length
      ? [...loud, ...(loud.length > 0 ? nearTo(loud, mute, since, withinSeconds) : [])]
      : mute;
  if (lost.length < onts || lost.length < share * devices) return undefined;
  return {
    lost: lost.map((place) => names[place]!),
    silent: lost.filter((place) => silents[place] === 1).length,
    power: lost.filter((place) => powers[place] === 1).length / lost.length,
    share: lost.length / devices,
    beganAt: Math.min(...lost.map((place) => since[place]!)),
  };
}

function nearTo(loud: readonly number[], mute: readonly number[], since: readonly number[], withinSeconds: number): readonly number[] {
  const at = Math.min(...loud.map((place) => since[place]!));
  return mute.filter((place) => Math.abs(since[place]! - at) <= 6 * withinSeconds * 1000);
}

const limits: readonly Limit[] = [
  { name: 'onts', default: 4, unit: 'ONTs', min: 2, max: 64, description: 'Fewest ONTs lost together', learns: 'up' },
  { name: 'share', default: 0.1, unit: 'ratio', min: 0, max: 1, description: 'Least share of the ONTs of the PON', learns: 'up' },
  { name: 'within', default: 60, unit: 'seconds', min: 5, max: 600, description: 'They were lost within so much time of each other' },
  {
    name: 'power',
    default: 0.5,
    unit: 'ratio',
    min: 0,
    max: 1,
    description: 'Share that said their power went from which on it is a power cut',
  },
];

function judge(row: PonRow, { limit, tenant }: Evaluation): Judgement {
  const { pon, node, site, devices, complete_to: completeTo } = row;
  const outage = outageOf(row, { onts: limit('onts'), share: limit('share'), withinSeconds: limit('within') });
  const start: Judgement = {
    ...calm({ pon }, { from: outage?.beganAt ?? completeTo, to: Math.max(completeTo, outage?.beganAt ?? 0) }),
    observed: devices - (outage?.lost.length ?? 0),
    expected: devices,
    lower: devices,
    upper: devices,
    unit: 'ONTs',
    statistic: outage?.share ?? 0,
  };
  if (!outage) return start;
  const { lost, silent, power, share, beganAt } = outage;
  const cut = power >= limit('power');
  const kind = cut
    ? 'a power cut: most said that their power went'
    : silent === lost.length
      ? 'they fell silent together'
      : 'no power was lost: look at the fibre';
  return {
    ...start,
    state: 'violation',
    direction: 'down',
    p: 0,
    note: 'no amount: an outage',
    title: `${pon}: ${share > 0.9 ? 'all' : counted(lost.length, 'ONT')}${share > 0.9 ? ' ONTs' : ''} lost${cut ? ', power cut' : ''}`,
    summary: `${counted(lost.length, 'ONT')} of ${devices} behind ${pon}${node === '' ? '' : ` of ${node}`}${site === '' ? '' : ` at ${site}`} (${percent(share, 2)}) were lost within ${limit('within')} s, from ${utc(beganAt)} on: ${kind}.`,
    beganAt,
    behind: { type: 'ont', elements: lost, at: beganAt },
    evidence: {
      query: 'telemetry-evidence',
      params: {
        tenant,
        devices: lost.slice(0, 100),
        metrics: ['ont_up', 'online', 'device_up'],
        since: new Date(beganAt - 600_000).toISOString(),
        to: new Date(Math.max(completeTo, beganAt) + 60_000).toISOString(),
      },
    },
  };
}

/**
 * PON-tree outage.
 * @example ponOutage.scope // ['pon']
 */
export const ponOutage = define({
  identity: 'pon_outage',
  title: 'A PON tree is out',
  kind: 'service',
  rater: 'tangibles',
  metric: 'onts_lost',
  trigger: 'minute',
  windowMs: 0,
  needs: { legs: [], tables: ['measurements'], data: 'the status of ONTs (a metric of `service.statusMetrics`: 1 up, 0 down)' },
  query: 'telemetry-status',
  columns,
  lookbackMs: 2 * 3_600_000,
  limits,
  scope: ['pon'],
  holdMs: 0,
  store: 'marked',
  evaluate: (rows, evaluation) => rows.map((row) => judge(row, evaluation)),
  documentation: {
    meaning:
      'Several ONTs of one PON were lost at once: the fibre or a splitter is cut, a port or the OLT is down, or the power of a street is gone. One incident for the tree, with the customers behind the lost ONTs.',
    formula:
      'Of each ONT the latest status; lost since the first 0 after the last 1, or since it was last heard of when it has said nothing for three of its intervals (90 s at least) while others of its node did. The largest number lost within the limit of each other and still away, silent ones beside them counted with them. Violation from the limit of ONTs and share on; over when fewer are away. A power cut when the share of the limit said so (attribute `reason` with dying or power). The PON of an ONT is its parent in the topology, else its name up to the last slash.',
    proof: 'Run the SQL of the finding: what the lost ONTs said. `npx weir topology PON` shows what stands behind.',
    recovery: 'Look at the OLT port first, then measure the fibre to the first splitter; at a power cut ask the utility and wait.',
  },
});
