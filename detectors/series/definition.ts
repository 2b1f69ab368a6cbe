/** A detector over series: the shipped ones, and what the settings make of them. */
import type { FindingKind } from '../../core/finding.ts';
import type { DetectorSettings } from '../../core/settings/detectors.ts';
import { dimensionsOf, type Metric, metricNamed, metrics } from './metrics.ts';
import { shippedDetectors } from './shipped.ts';

/** Smallest effect that is a finding. */
export interface EffectFloor {
  readonly relative: number;
  /** In the unit of the metric: of counts and sums by the hour, of a ratio in points. */
  readonly absolute: number;
  readonly money: number;
  readonly customers: number;
}

export interface SeriesDefinition {
  readonly identity: string;
  readonly title: string;
  readonly kind: FindingKind;
  readonly metric: Metric;
  /** Coarse to fine, 1 to 3; every prefix is a series too. */
  readonly dimensions: readonly string[];
  /** Whether the coarsest dimension is a series of its own. */
  readonly total: boolean;
  readonly where: Readonly<Record<string, readonly string[]>>;
  readonly statistic: 'seasonal' | 'ratio' | 'silence';
  readonly direction: 'down' | 'up' | 'both';
  readonly bucketMs: number;
  readonly effect: EffectFloor;
  readonly budget: { readonly perDay: number; readonly per1000SeriesDays: number };
  readonly persistence: { readonly needed: number; readonly among: number; readonly rearm: number };
  readonly calendar: string;
  readonly historyDays: number;
  readonly shards: number;
  readonly pinned: number;
}

/** What is wrong with the settings of a detector. */
export interface DetectorProblem {
  /** Below `detectors`, e.g. ['mine', 'metric']. */
  readonly path: readonly string[];
  readonly message: string;
  readonly hint: string;
}

const minute = 60_000;

/** Everything that a detector need not say. */
const usual = {
  bucketMinutes: 15,
  direction: 'both',
  effect: { relative: 0.2, absolute: 20, money: 0, customers: 0 },
  budget: { perDay: 0.5, per1000SeriesDays: 5 },
  persistence: { needed: 2, among: 3, rearm: 2 },
  calendar: 'home',
  historyDays: 14,
  shards: 1,
  pinned: 100,
} as const;

/**
 * The detectors that run: the shipped ones with what the settings change, then those that only the settings know. Settings that cannot be
 * used are problems, each with its path; such a detector is left out.
 * @example seriesDefinitions({ usage_volume: { enabled: false } }).definitions.some(({ identity }) => identity === 'usage_volume') // false
 */
export function seriesDefinitions(settings: Readonly<Record<string, DetectorSettings>>): {
  readonly definitions: readonly SeriesDefinition[];
  readonly problems: readonly DetectorProblem[];
} {
  const problems: DetectorProblem[] = [];
  const definitions: SeriesDefinition[] = [];
  for (const name of new Set([...Object.keys(shippedDetectors), ...Object.keys(settings)])) {
    const shipped = shippedDetectors[name];
    const { kind, ...base } = shipped ?? { kind: 'service' };
    const given: DetectorSettings = { ...base, ...settings[name] };
    const found = problemsOf(name, given);
    problems.push(...found);
    if (found.length === 0 && given.enabled !== false) definitions.push(definitionOf(name, kind, given, base));
  }
  return { definitions, problems };
}

function definitionOf(identity: string, kind: FindingKind, given: DetectorSettings, base: DetectorSettings): SeriesDefinition {
  const metric = metricNamed(given.metric!)!;
  const ratio = metric.signal === 'ratio';
  return {
    identity,
    kind,
    metric,
    title: given.title ?? metric.description.replace(/[.:,].*$/, ''),
    dimensions: given.dimensions!,
    // A part of a total would be taken for it.
    total: (given.total ?? true) && (given.shards ?? 1) === 1,
    where: given.where ?? {},
    statistic: given.statistic ?? (ratio ? 'ratio' : 'seasonal'),
    direction: given.direction ?? usual.direction,
    bucketMs: (given.bucketMinutes ?? usual.bucketMinutes) * minute,
    effect: { ...usual.effect, ...absoluteFloor(metric), ...base.effect, ...given.effect },
    budget: { ...usual.budget, ...base.budget, ...given.budget },
    persistence: { ...usual.persistence, ...base.persistence, ...given.persistence },
    calendar: given.calendar ?? usual.calendar,
    historyDays: given.historyDays ?? usual.historyDays,
    shards: given.shards ?? usual.shards,
    pinned: given.pinned ?? usual.pinned,
  };
}

/** Twenty events are a floor for counts only; a ratio moves two points, an amount is judged by its relative change. */
function absoluteFloor({ signal }: Metric): { absolute: number } {
  return { absolute: signal === 'count' ? usual.effect.absolute : signal === 'ratio' ? 0.02 : 0 };
}

function problemsOf(name: string, given: DetectorSettings): DetectorProblem[] {
  const problem = (key: string, message: string, hint: string): DetectorProblem => ({ path: [name, key], message, hint });
  if (given.metric === undefined)
    return [
      problem(
        'metric',
        'is missing',
        `No detector of this name ships: say which metric it watches: ${metrics.map((each) => each.name).join(', ')}.`,
      ),
    ];
  const metric = metricNamed(given.metric);
  if (!metric)
    return [problem('metric', `no metric is called ${given.metric}`, `Metrics: ${metrics.map((each) => each.name).join(', ')}.`)];
  if (given.dimensions === undefined)
    return [problem('dimensions', 'is missing', 'Say how the metric is cut, e.g. [leg, service, partner].')];
  const known = dimensionsOf[metric.table];
  const wrong = given.dimensions.find((dimension) => !known.includes(dimension));
  if (wrong !== undefined) return [problem('dimensions', `${metric.table} has no dimension ${wrong}`, `Dimensions: ${known.join(', ')}.`)];
  if (new Set(given.dimensions).size < given.dimensions.length) return [problem('dimensions', 'names a dimension twice', 'Each once.')];
  if (metric.table === 'usage' && given.dimensions[0] !== 'leg')
    return [problem('dimensions', 'must begin with leg', 'Usage is complete leg by leg, so each leg is judged by itself.')];
  const filters = Object.keys(given.where ?? {});
  const strange = filters.find((dimension) => !known.includes(dimension));
  if (strange !== undefined) return [problem('where', `${metric.table} has no dimension ${strange}`, `Dimensions: ${known.join(', ')}.`)];
  if (filters.length > 2) return [problem('where', 'names more than two dimensions', 'At most two.')];
  if (given.statistic === 'ratio' && metric.signal !== 'ratio')
    return [problem('statistic', `${metric.name} is no ratio`, 'seasonal or silence.')];
  if (given.statistic === 'silence' && metric.signal !== 'count')
    return [problem('statistic', `${metric.name} is no count`, 'seasonal or ratio.')];
  if ((given.shards ?? 1) > 1 && given.dimensions.length < 2)
    return [problem('shards', 'needs a second dimension to cut by', 'Name two dimensions, or leave shards out.')];
  const { needed, among } = { ...usual.persistence, ...given.persistence };
  if (needed > among) return [problem('persistence', `${needed} of ${among} cannot be`, 'needed must not exceed among.')];
  return [];
}
