/** Limits that people's verdicts have moved: too many false alarms make a limit stricter, true ones make it looser, within bounds. */
import { type Limit, limitOf } from '../../core/definition.ts';
import { learnLimit, type VerdictCounts } from '../../detectors/budget/learn.ts';
import { countsByDetector, readVerdicts } from '../verdicts/counts.ts';
import type { DetectionLog, DetectionStore } from './port.ts';

/** A limit may move up to so many times its configured value, or to that part of it. */
const reach = 10;
/** A tail probability may move up to this power of itself: 1e-4 to 1e-8, or to 1e-2. */
const reachOfP = 2;

/** The configured value of a limit and the one after the verdicts; the same when it does not learn or nobody said anything. */
export interface LearnedLimit {
  readonly name: string;
  readonly unit: string;
  readonly configured: number;
  readonly value: number;
}

/**
 * A limit after the verdicts on its detector. It moves by the rule of `learnLimit` on a logarithmic scale, between its configured value
 * and at most ten times it (a `p`: its square), or as far as the settings let it, and never leaves its own bounds.
 * @param set limits of the settings
 * @param within least and most of it in the settings, `learnWithin`
 * @example learnedLimit([{ name: 'z', default: 4.5, unit: 'z', min: 3, max: 12, description: '', learns: 'up' }], {}, 'z', { true: 0, false: 10 }).value // 9.528
 */
export function learnedLimit(
  limits: readonly Limit[],
  set: Readonly<Record<string, number>> | undefined,
  name: string,
  verdicts: VerdictCounts | undefined,
  within?: readonly number[],
): LearnedLimit {
  const configured = limitOf(limits, set, name);
  const limit = limits.find((each) => each.name === name)!;
  const same = { name, unit: limit.unit, configured, value: configured };
  if (limit.learns === undefined || verdicts === undefined || !(configured > 0)) return same;
  const reached = reachOf(configured, limit, within);
  if (reached[0] >= reached[1]) return same;
  const [low, high] = reached.map(Math.log) as [number, number];
  const bounds = limit.learns === 'up' ? { loose: low, strict: high } : { loose: high, strict: low };
  const learned = Math.exp(learnLimit(Math.log(configured), verdicts, bounds));
  // Four digits are what a person reads, and a verdict more or less must not look like a new limit.
  const value = Math.min(limit.max, Math.max(limit.min, Number(learned.toPrecision(4))));
  return Math.abs(value - configured) <= 1e-3 * configured ? same : { ...same, value };
}

function reachOf(configured: number, { unit, min, max }: Limit, within: readonly number[] | undefined): readonly [number, number] {
  // The configured value is always within reach: without verdicts it holds.
  if (within) return [Math.max(Math.min(configured, ...within), min, Number.MIN_VALUE), Math.min(Math.max(configured, ...within), max)];
  const [low, high] = unit === 'p' ? [configured ** reachOfP, configured ** (1 / reachOfP)] : [configured / reach, configured * reach];
  return [Math.max(low, min, Number.MIN_VALUE), Math.min(high, max)];
}

/**
 * Every limit of a definition that verdicts have moved.
 * @example learnedLimits([], undefined, { true: 9, false: 0 }) // []
 */
export function learnedLimits(
  limits: readonly Limit[],
  set: Readonly<Record<string, number>> | undefined,
  verdicts: VerdictCounts | undefined,
  within: Readonly<Record<string, readonly number[]>> = {},
): readonly LearnedLimit[] {
  return limits
    .map(({ name }) => learnedLimit(limits, set, name, verdicts, within[name]))
    .filter(({ value, configured }) => value !== configured);
}

/**
 * Moved limits in a person's words; empty when there are none.
 * @example learnedText([{ name: 'z', unit: 'z', configured: 4.5, value: 9.5 }], { true: 0, false: 10 }) // 'learned from 10 verdicts: z 9.5 instead of 4.5'
 */
export function learnedText(limits: readonly LearnedLimit[], verdicts: VerdictCounts | undefined): string {
  if (limits.length === 0 || verdicts === undefined) return '';
  const said = verdicts.true + verdicts.false;
  const moved = limits.map(({ name, configured, value }) => `${name} ${value} instead of ${configured}`);
  return `learned from ${said} verdict${said === 1 ? '' : 's'}: ${moved.join(', ')}`;
}

/** Verdicts by detector, read again every minute. */
export interface Verdicts {
  /** Never rejects: what was known stays, and the log says why. */
  refresh(): Promise<void>;
  of(detector: string): VerdictCounts | undefined;
}

export function createVerdicts(store: DetectionStore, tenant: string, log: DetectionLog): Verdicts {
  let counts: ReadonlyMap<string, VerdictCounts> = new Map();
  return {
    async refresh() {
      try {
        counts = countsByDetector(await readVerdicts(store, tenant));
      } catch (error) {
        log.error({ error: String(error) }, 'verdicts could not be read, limits stay as they are');
      }
    },
    of: (detector) => counts.get(detector),
  };
}
