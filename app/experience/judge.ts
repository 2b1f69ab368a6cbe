/**
 * Judges one day of the customer-experience index inside ClickHouse: one INSERT SELECT for each range of pseudonyms, then the row that makes
 * the run the one that holds. A run that is interrupted leaves rows that no view shows and that the next run of the day drops.
 */
import type { Clock } from '../../core/clock.ts';
import { readRows, writeInstant } from '../../core/row.ts';
import type { Settings } from '../../core/settings/index.ts';
import { type ExperienceModel, experienceModel, services } from '../../detectors/service/experience/index.ts';
import { queryNamed } from '../../sql/queries.ts';
import { dropRuns } from '../../sql/runs.ts';
import type { Store } from '../../sql/store.ts';

export type ExperienceStore = Pick<Store, 'rows' | 'command' | 'insert' | 'cluster'>;

export interface JudgedDay {
  /** YYYY-MM-DD. */
  readonly day: string;
  readonly run: number;
  readonly state: 'complete' | 'partial';
  readonly customers: number;
  readonly scored: number;
  readonly floored: number;
  readonly tookMs: number;
}

/** What a day has: the leg that tells of each service, and whether complaints are known. */
export interface DaySources {
  /** Service of usage to leg. */
  readonly legs: Readonly<Record<string, string>>;
  readonly line: boolean;
  readonly care: boolean;
}

const dayMs = 86_400_000;
const timeoutMs = 120_000;
/** Customers of one statement: what it holds in memory. */
const customersPerStatement = 100_000;
const usageServices = ['voice', 'sms', 'mms', 'data'] as const;

const legColumns = { service: 'text', leg: 'text', records: 'number' } as const;
const sizeColumns = { customers: 'number' } as const;
const countColumns = { customers: 'number', scored: 'number', floored: 'number' } as const;

/** What there is of a day, ms since 1970. */
export async function sourcesOf(store: Pick<Store, 'rows'>, settings: Settings, from: number): Promise<DaySources> {
  const { tenant, experience } = settings;
  const params = {
    tenant,
    legs: experience.legs,
    online_metrics: settings.service.statusMetrics,
    from: writeInstant(from),
    to: writeInstant(from + dayMs),
  };
  const read = readRows(legColumns, await store.rows('experience-legs', params, { timeoutMs }));
  if (!read.ok) throw new Error(`query experience-legs: ${read.error}`);
  const has = (service: string, leg = ''): boolean => read.rows.some((row) => row.service === service && row.leg === leg);
  const legs = usageServices.flatMap((service) => {
    const leg = experience.legs.find((each) => has(service, each));
    return leg === undefined ? [] : [[service, leg] as const];
  });
  return { legs: Object.fromEntries(legs), line: has('line'), care: has('care') };
}

/** The arrays that the query wants, in the order of the catalogue. */
export function modelParams({ kpis, services: weights, floor, worstHour }: ExperienceModel): Readonly<Record<string, unknown>> {
  return {
    bads: kpis.map(({ bad }) => bad),
    goods: kpis.map(({ good }) => good),
    weights: kpis.map(({ weight }) => weight),
    minimums: kpis.map(({ minimum }) => minimum),
    floors: kpis.map((kpi) => (kpi.floor ? 1 : 0)),
    service_weights: services.map((service) => weights[service]),
    floor_below: floor.below,
    floor_cap: floor.cap,
    hour_share: worstHour.share,
    hour_minimum: worstHour.minimum,
  };
}

/**
 * Ranges that hold all pseudonyms, equally large.
 * @example rangesOf(2) // [{ low: 0n, high: 9223372036854775807n }, { low: 9223372036854775808n, high: 18446744073709551615n }]
 */
export function rangesOf(count: number): readonly { readonly low: bigint; readonly high: bigint }[] {
  const all = 1n << 64n;
  const edge = (at: number): bigint => (all * BigInt(at)) / BigInt(count);
  return Array.from({ length: count }, (_, at) => ({ low: edge(at), high: edge(at + 1) - 1n }));
}

/** Grows with time; of two days or tenants in one millisecond they differ. */
function runOf(tenant: string, day: string, instant: number): number {
  let hash = 7;
  for (const character of `${tenant}/${day}`) hash = (hash * 31 + character.charCodeAt(0)) % 997;
  return instant * 1000 + hash;
}

/** Called before each statement with how much is done, 0 to 1. */
export type OnRange = (done: number) => void;

/**
 * Judges a day. Rejects when ClickHouse does; the views then show the run before.
 * @param from start of the day, ms since 1970 UTC
 * @param complete whether all records of the day are there
 * @param perStatement customers of one statement
 */
export async function judgeDay(
  store: ExperienceStore,
  clock: Clock,
  settings: Settings,
  from: number,
  complete: boolean,
  { onRange = () => undefined, perStatement = customersPerStatement }: { readonly onRange?: OnRange; readonly perStatement?: number } = {},
): Promise<JudgedDay> {
  const began = clock.now();
  const { tenant, experience } = settings;
  const { model } = experienceModel(experience);
  const day = new Date(from).toISOString().slice(0, 10);
  const run = runOf(tenant, day, began);
  const { legs, care } = await sourcesOf(store, settings, from);
  const params = {
    tenant,
    run,
    legs: [...new Set(Object.values(legs))],
    service_legs: usageServices.map((service) => legs[service] ?? ''),
    online_metrics: settings.service.statusMetrics,
    complaints_known: care ? 1 : 0,
    from: writeInstant(from),
    to: writeInstant(from + dayMs),
    ...modelParams(model),
  };
  const size = readRows(sizeColumns, await store.rows('experience-size', params, { timeoutMs }));
  if (!size.ok) throw new Error(`query experience-size: ${size.error}`);
  const ranges = rangesOf(Math.max(1, Math.ceil((size.rows[0]?.customers ?? 0) / perStatement)));
  for (const [at, { low, high }] of ranges.entries()) {
    onRange(at / ranges.length);
    await store.command(queryNamed('experience-judge').sql, { ...params, low: low.toString(), high: high.toString() });
  }
  const counts = readRows(countColumns, await store.rows('experience-counts', params, { timeoutMs }));
  if (!counts.ok) throw new Error(`query experience-counts: ${counts.error}`);
  const finished = clock.now();
  const judged: JudgedDay = {
    day,
    run,
    state: complete ? 'complete' : 'partial',
    customers: 0,
    scored: 0,
    floored: 0,
    ...counts.rows[0],
    tookMs: finished - began,
  };
  const { tookMs, ...stored } = judged;
  const row = {
    tenant,
    ...stored,
    legs,
    settings: JSON.stringify(model),
    finished_at: writeInstant(finished),
    took_ms: Math.round(tookMs),
  };
  await store.insert('experience_runs', [row], `experience/${tenant}/${run}`);
  const replaced = await store.rows<{ run: string }>('experience-replaced', params, { timeoutMs });
  await dropRuns(
    store,
    replaced.map((each) => Number(each.run)),
    ['experience_scores'],
  );
  onRange(1);
  return judged;
}
