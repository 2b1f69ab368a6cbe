/** KPI of usage as series or as totals, with what was expected of them and how they were a week before. */
import { WeirError } from '../../../core/errors.ts';
import { writeInstant } from '../../../core/row.ts';
import { type Metric, metrics } from '../../../detectors/series/index.ts';
import { queryNamed } from '../../../sql/queries.ts';
import type { Store } from '../../../sql/store.ts';
import { writeParams } from '../../detect/evidence.ts';
import { weekSeconds } from './band.ts';
import { catalogueGroups, catalogueNamed } from './catalogue.ts';
import { type Frame, type FrameNotice, unitOf } from './frame.ts';
import { type CountedGroup, type Group, type KpiQuery, seriesFrame, totalFrame } from './kpi-frames.ts';
import type { AdhocFilter } from './macros.ts';

export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly intervalMs: number;
}

/** Dimensions of usage, as in the rollups. */
export const usageDimensions: readonly string[] = [
  ...['leg', 'service', 'partner', 'direction', 'node', 'route', 'cell', 'apn', 'rat', 'plan', 'zone', 'segment', 'cause_class'],
];

/** Lengths of a bucket, in seconds: each divides a week, so that weeks lie on each other. */
const steps = [60, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 604_800];
const mostBuckets = 11_000;
/** Of all series together: below the limit of the query, so that none is cut off. */
const mostPoints = 150_000;
const deadline = { timeoutMs: 20_000 };
const slotCount = 5;

/** Metrics that can be asked for. */
export const kpiMetrics: readonly Metric[] = metrics.filter(({ table }) => table === 'usage');

/**
 * The length of a bucket, in seconds: the shortest that is as long as the panel wants, and as is asked for, and gives a bearable number.
 * @param wanted least length, seconds
 * @param series how many there may be, with those of the weeks before
 * @example stepOf({ from: 0, to: 86_400_000, intervalMs: 60_000 }) // 60
 * @example stepOf({ from: 0, to: 86_400_000, intervalMs: 61_000 }) // 300
 */
export function stepOf({ from, to, intervalMs }: Stretch, wanted = 0, series = 1): number {
  const least = Math.max(wanted, intervalMs / 1000, (to - from) / 1000 / mostBuckets, ((to - from) / 1000) * (series / mostPoints));
  return steps.find((step) => step >= least) ?? steps.at(-1)!;
}

const modes: Readonly<Record<string, number>> = { '=': 1, '=|': 1, '!=': 2, '!=|': 2, '=~': 3, '!~': 4 };

/**
 * Filters as parameters of the queries: leg and service beside, since the order of the tables begins with them.
 * @throws WeirError usage for a key or operator that usage does not have
 */
export function filterParams(filters: readonly AdhocFilter[]): Record<string, unknown> {
  const params: Record<string, unknown> = { legs: [], services: [] };
  const rest: AdhocFilter[] = [];
  for (const filter of filters) {
    if (!usageDimensions.includes(filter.key))
      throw new WeirError('usage', `Usage has no dimension ${filter.key}.`, { hint: `One of ${usageDimensions.join(', ')}.` });
    if (modes[filter.operator] === undefined)
      throw new WeirError('usage', `The operator ${filter.operator} of the filter of ${filter.key} is not known.`, {
        hint: `One of ${Object.keys(modes).join(' ')}.`,
      });
    const first = { leg: 'legs', service: 'services' }[filter.key];
    if (first && modes[filter.operator] === 1 && (params[first] as string[]).length === 0) params[first] = filter.values;
    else rest.push(filter);
  }
  if (rest.length > slotCount)
    throw new WeirError('usage', `A KPI takes ${slotCount} filters beside leg and service.`, { hint: 'Leave some out.' });
  for (let slot = 1; slot <= slotCount; slot++) {
    const filter = rest[slot - 1];
    params[`mode_${slot}`] = filter ? modes[filter.operator] : 0;
    params[`key_${slot}`] = filter?.key ?? 'tenant';
    params[`values_${slot}`] = filter?.values ?? [];
  }
  return params;
}

interface Row {
  readonly bucket: string | number;
  readonly a: string;
  readonly b: string;
  readonly c: string;
  readonly up: number;
  readonly down: number;
}

/** How far a leg is complete, ms since 1970. */
export interface LegComplete {
  readonly leg: string;
  readonly complete_to: string;
}

export interface KpiContext {
  readonly store: Pick<Store, 'rows'>;
  /** For KPIs of the catalogue: may share what several panels ask. */
  readonly catalogue: Pick<Store, 'rows'>;
  readonly tenant: string;
  readonly currency: string;
  /** Asked by every panel of a board at once. */
  readonly complete: () => Promise<readonly LegComplete[]>;
}

/** How far each leg is complete. */
export const readComplete = (store: Pick<Store, 'rows'>, tenant: string): Promise<readonly LegComplete[]> =>
  store.rows<LegComplete>('api-query-complete', { tenant }, deadline);

/** The frames of a KPI query: a metric of the rollups, or a KPI of the catalogue. Series end where all their data has arrived. */
export async function kpiFrames(context: KpiContext, query: KpiQuery, stretch: Stretch): Promise<Frame[]> {
  const { catalogue, tenant, currency } = context;
  const kpi = catalogueNamed(query.metric);
  const metric = kpi ? undefined : metricNamed(query.metric);
  const total = query.format === 'total';
  const weeks = query.band ? 4 : query.compare ? 1 : 0;
  const step = stepOf(stretch, query.stepSeconds, (query.dimensions.length === 0 ? 1 : query.limit) * (weeks + 1));
  const hourly = total ? stretch.to - stretch.from > 2 * 86_400_000 : step >= 3600;
  const grain = total ? (hourly ? 3600 : 60) : step;
  const from = Math.floor(stretch.from / 1000 / grain) * grain;
  const to = Math.ceil(stretch.to / 1000 / grain) * grain;
  // The total of a stretch longer than a week is set beside as many whole weeks before.
  const shift = total ? Math.max(1, Math.ceil((to - from) / weekSeconds)) * weekSeconds : weekSeconds;
  const asked = { from, to, step, hourly, total, shift, weeks };
  const [{ groups, legs, sql }, complete] = await Promise.all([
    kpi
      ? catalogueGroups(catalogue, tenant, { kpi, ...query, from, to, step: total ? 0 : step, before: weeks, shift })
      : rollupGroups(context, metric!, query, asked),
    context.complete(),
  ]);
  const known = complete.filter(({ leg }) => legs.length === 0 || legs.includes(leg)).map(({ complete_to }) => Number(complete_to) / 1000);
  const end = known.length === 0 || total ? to : Math.min(to, Math.floor(Math.max(...known) / step) * step);
  const upTo = new Date(end * 1000).toISOString().slice(0, 16);
  const notices: FrameNotice[] =
    end < Math.min(to, stretch.to / 1000)
      ? [{ severity: 'info', text: `All records have arrived up to ${upTo}Z; what is later is not shown.` }]
      : [];
  const about = {
    signal: metric?.signal ?? (kpi?.unit === 'ratio' ? ('ratio' as const) : ('mean' as const)),
    title: kpi?.title ?? titleOf(metric!),
    unit: unitOf(kpi?.unit ?? metric!.unit, currency),
    sql,
    notices,
  };
  if (total) return [totalFrame(groups, query, about, from, shift)];
  const buckets = Array.from({ length: Math.max(0, Math.round((end - from) / step)) }, (_, index) => from + index * step);
  return groups.map((group) => seriesFrame(group, query, about, buckets));
}

/** @throws WeirError usage, with those that there are */
function metricNamed(name: string): Metric {
  const metric = kpiMetrics.find((each) => each.name === name);
  if (metric) return metric;
  throw new WeirError('usage', `There is no metric ${name}.`, {
    hint: `One of ${kpiMetrics.map((each) => each.name).join(', ')}, or a KPI of GET /api/v1/kpis.`,
  });
}

interface Asked {
  readonly from: number;
  readonly to: number;
  readonly step: number;
  readonly hourly: boolean;
  readonly total: boolean;
  readonly shift: number;
  readonly weeks: number;
}

interface Answered {
  readonly groups: readonly Group[];
  readonly legs: readonly string[];
  readonly sql: string;
}

/** A metric out of the rollups. */
async function rollupGroups({ store, tenant, currency }: KpiContext, metric: Metric, query: KpiQuery, asked: Asked): Promise<Answered> {
  const { dimensions } = query;
  const wrong = dimensions.find((dimension) => !usageDimensions.includes(dimension));
  if (wrong !== undefined)
    throw new WeirError('usage', `Usage has no dimension ${wrong}.`, { hint: `One of ${usageDimensions.join(', ')}.` });
  const { hourly, step } = asked;
  const params = {
    ...filterParams(query.filters),
    tenant,
    source: hourly ? 'usage_hour' : 'usage_minute',
    time: hourly ? 'hour' : 'minute',
    from: writeInstant(asked.from * 1000),
    to: writeInstant(asked.to * 1000),
    step: hourly ? Math.max(3600, step) : step,
    shift: asked.shift,
    weeks: asked.weeks,
    whole: asked.total ? 1 : 0,
    first: dimensions[0] ?? 'tenant',
    second: dimensions[1] ?? 'tenant',
    third: dimensions[2] ?? 'tenant',
    numerator: metric.numerator,
    denominator: metric.denominator || 'records',
    currency: metric.unit === 'currency' ? currency : '',
    series: dimensions.length === 0 ? 0 : query.limit,
  };
  const rows = await store.rows<Row>('api-query-kpi', params, deadline);
  const { legs } = params as unknown as Pick<Answered, 'legs'>;
  return { groups: groupsOf(rows, dimensions), legs, sql: writeParams(queryNamed('api-query-kpi').sql, params as never) };
}

function groupsOf(rows: readonly Row[], dimensions: readonly string[]): Group[] {
  const groups = new Map<string, CountedGroup>();
  for (const { bucket, a, b, c, up, down } of rows) {
    const key = dimensions.length === 0 ? '' : `${a}\0${b}\0${c}`;
    let group = groups.get(key);
    if (!group) {
      const values = [a, b, c];
      group = { labels: Object.fromEntries(dimensions.map((dimension, index) => [dimension, values[index]!])), counted: new Map() };
      groups.set(key, group);
    }
    group.counted.set(Number(bucket), { up: Number(up), down: Number(down) });
  }
  return [...groups.values()];
}

/**
 * What a metric is called on a panel.
 * @example titleOf({ name: 'answer_ratio' }) // 'answer ratio'
 */
export function titleOf({ name }: Pick<Metric, 'name'>): string {
  return name.replace(/_(ms|seconds)$/, '').replaceAll('_', ' ');
}
