/** The SLI of an OpenSLO document: from which queries or KPI the good and all of a slice come. */
import { sqlProblem } from '../../own/check.ts';
import type { Fields } from '../files/fields.ts';
import { durationOf, isFixed, nominalMs } from './duration.ts';
import type { SloSource, SqlMetric } from './objective.ts';
import type { FindObject } from './open-slo.ts';

/** What there is to refer to. */
export interface MetricReading {
  /** What a KPI is; undefined when there is none of that name. */
  kpi(name: string): KpiFacts | undefined;
  readonly kpis: readonly string[];
  /** Text of a file that a document names; undefined when it cannot be read. `from` = the file of the document. */
  queryFile(path: string, from: string): string | undefined;
}

export interface KpiFacts {
  readonly as: 'ratio' | 'value';
  /** What the numerator of a ratio counts. */
  readonly counts: 'success' | 'failure';
  /** Dimensions that `where` may name. */
  readonly dimensions: readonly string[];
  /** Length of its finest slice, ms. */
  readonly sliceMs: number;
}

/** Parameters that a query may use, with their types. */
export const sloParameters: Readonly<Record<string, string>> = {
  tenant: 'String',
  from: "DateTime64(3, 'UTC')",
  to: "DateTime64(3, 'UTC')",
  slice_seconds: 'UInt32',
};

const usualLagMs = 120_000;
const longestQuery = 100_000;

/** The spec of an SLI, and the file that it stands in. */
export interface Sli {
  readonly spec: Fields;
  readonly file: string;
}

interface Metric {
  readonly type: string;
  readonly spec: Fields;
  /** File that it stands in. */
  readonly file: string;
}

/** The metricSource of a metric, its type from the DataSource that it names. */
function metricOf({ spec: parent, file }: Sli, name: string, find: FindObject): Metric | undefined {
  const metric = parent.map(name);
  metric?.only('metricSource');
  const source = metric?.map('metricSource', true);
  if (!source) return undefined;
  source.only('metricSourceRef', 'type', 'spec');
  const reference = source.text('metricSourceRef');
  const named = reference === undefined ? undefined : find('DataSource', reference, source, 'metricSourceRef');
  if (reference !== undefined && !named) return undefined;
  const type = source.text('type') ?? named?.spec.text('type', { required: true });
  if (type === undefined) return source.fail(undefined, 'type is missing', 'sql (a query of ClickHouse) or kpi (a KPI of Weir).');
  if (type !== 'sql' && type !== 'kpi')
    return (source.has('type') ? source : named!.spec).fail(
      'type',
      `type is "${type}"`,
      'sql (a query of ClickHouse) or kpi (a KPI of Weir).',
    );
  const spec = source.map('spec', true);
  return spec && { type, spec, file };
}

function sqlMetric({ spec, file: from }: Metric, facts: MetricReading): SqlMetric | undefined {
  spec.only('query', 'queryFile', 'column', 'legs', 'lag');
  const column = spec.text('column', { like: [/^[a-zA-Z_]\w{0,62}$/, 'The name of a column of the query.'] }) ?? 'value';
  if (spec.has('query') === spec.has('queryFile'))
    return spec.fail(undefined, 'needs query or queryFile, one of them', 'A SELECT with the columns at (begin of the slice) and value.');
  const file = spec.text('queryFile');
  const query = file === undefined ? spec.text('query', { most: longestQuery }) : facts.queryFile(file, from);
  if (query === undefined)
    return file === undefined ? undefined : spec.fail('queryFile', `${file} cannot be read`, 'A path beside the file, of at most 100 kB.');
  const wrong = sqlProblem(query, Object.keys(sloParameters));
  if (wrong) return spec.fail(file === undefined ? 'query' : 'queryFile', `the query ${wrong.message}`, wrong.hint);
  return { query, column };
}

/** Legs and lag, of the first metric that names them. */
function arrivalOf(metrics: readonly Pick<Metric, 'spec'>[]): { readonly legs: readonly string[]; readonly lagMs: number } {
  const legs = [...new Set(metrics.flatMap(({ spec }) => spec.texts('legs') ?? []))];
  let lagMs = usualLagMs;
  for (const { spec } of metrics) {
    const text = spec.text('lag');
    if (text === undefined) continue;
    const duration = durationOf(text);
    if (duration && isFixed(duration)) lagMs = Math.max(lagMs, nominalMs(duration));
    else spec.fail('lag', `lag is "${text}"`, 'A duration such as 5m or 2h.');
  }
  return { legs, lagMs };
}

function kpiSource(
  { spec }: Metric,
  facts: MetricReading,
  wanted: 'success' | 'failure' | 'value',
  sliceMs: number,
  at: Fields,
): SloSource | undefined {
  spec.only('kpi', 'where', 'legs', 'lag');
  const name = spec.text('kpi', { required: true });
  if (name === undefined) return undefined;
  const kpi = facts.kpi(name);
  if (!kpi) return spec.fail('kpi', `there is no KPI ${name}`, `Known: ${facts.kpis.join(', ') || 'none'}.`);
  if (kpi.as === 'value' && wanted !== 'value')
    return spec.fail('kpi', `${name} is a value, not a ratio`, 'Use it in a thresholdMetric, with op and value in the objective.');
  if (kpi.as === 'ratio' && wanted !== 'value' && wanted !== kpi.counts)
    return spec.fail('kpi', `${name} counts ${kpi.counts === 'failure' ? 'failures' : 'successes'}`, `Set rawType: ${kpi.counts}.`);
  if (sliceMs < kpi.sliceMs || sliceMs % kpi.sliceMs !== 0)
    return at.fail(
      undefined,
      `a slice of ${sliceMs / 60_000} min is finer than KPI ${name} knows`,
      `At least ${kpi.sliceMs / 60_000} min.`,
    );
  const where = spec.labels('where');
  for (const dimension of Object.keys(where))
    if (!kpi.dimensions.includes(dimension))
      return spec.fail('where', `${name} has no dimension ${dimension}`, `It has: ${kpi.dimensions.join(', ') || 'none'}.`);
  return { kind: 'kpi', kpi: name, where, as: wanted, ...arrivalOf([{ spec }]) };
}

/** The source of an objective; undefined when something is wrong, which has been said. */
export function readSource(from: Sli, objective: Fields, find: FindObject, facts: MetricReading, sliceMs: number): SloSource | undefined {
  const { spec: sli, file } = from;
  sli.only('description', 'thresholdMetric', 'ratioMetric');
  if (sli.has('thresholdMetric') === sli.has('ratioMetric'))
    return sli.fail(undefined, 'needs thresholdMetric or ratioMetric, one of them', 'A value to compare, or good (or bad) and total.');
  if (sli.has('thresholdMetric')) {
    const metric = metricOf(from, 'thresholdMetric', find);
    if (!metric) return undefined;
    if (metric.type === 'kpi') return kpiSource(metric, facts, 'value', sliceMs, objective);
    const value = sqlMetric(metric, facts);
    return value && { kind: 'sql', value, ...arrivalOf([metric]) };
  }
  const ratio = sli.map('ratioMetric')!;
  ratio.only('counter', 'good', 'bad', 'total', 'raw', 'rawType');
  if (ratio.flag('counter') === true && !ratio.has('raw'))
    return ratio.fail(
      'counter',
      'counters that only grow are not read',
      'Let the query give what was added in each slice, and set counter: false.',
    );
  if (ratio.has('raw')) {
    const rawType = ratio.text('rawType', { required: true, oneOf: ['success', 'failure'] }) as 'success' | 'failure' | undefined;
    const metric = metricOf({ spec: ratio, file }, 'raw', find);
    if (ratio.has('good') || ratio.has('bad') || ratio.has('total'))
      return ratio.fail('raw', 'raw stands beside good, bad or total', 'Either raw with rawType, or good (or bad) with total.');
    if (!metric || !rawType) return undefined;
    if (metric.type === 'kpi') return kpiSource(metric, facts, rawType, sliceMs, objective);
    const share = sqlMetric(metric, facts);
    return share && { kind: 'sql', ratio: share, ratioOf: rawType, ...arrivalOf([metric]) };
  }
  if (ratio.has('good') === ratio.has('bad') || !ratio.has('total'))
    return ratio.fail(undefined, 'needs total, and good or bad', 'good: and total:, or bad: and total:, or raw: with rawType.');
  const side = ratio.has('good') ? 'good' : 'bad';
  const [metric, total] = [metricOf({ spec: ratio, file }, side, find), metricOf({ spec: ratio, file }, 'total', find)];
  if (!metric || !total) return undefined;
  if (metric.type === 'kpi' || total.type === 'kpi')
    return ratio.fail(side, 'a KPI is a ratio by itself', 'Name it under raw, with rawType: success (or failure).');
  const [first, all] = [sqlMetric(metric, facts), sqlMetric(total, facts)];
  return first && all && { kind: 'sql', [side]: first, total: all, ...arrivalOf([metric, total]) };
}
