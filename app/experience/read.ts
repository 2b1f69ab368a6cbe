/** The experience index as it stands, for the command line and the API. */
import { WeirError } from '../../core/errors.ts';
import { type Rater, raters } from '../../core/rater.ts';
import { readInstant } from '../../core/row.ts';
import { type Experience, type ExperienceModel, experienceKpis, experienceOf } from '../../detectors/service/experience/index.ts';
import type { Store } from '../../sql/store.ts';

type Reading = Pick<Store, 'rows'>;
const timeout = { timeoutMs: 60_000 };

/** A segment over days; `segment` is empty for all customers. */
export interface SegmentIndex {
  readonly segment: string;
  readonly customers: number;
  readonly scored: number;
  readonly too_few: number;
  readonly floored: number;
  /** Mean; null: nobody has an index. */
  readonly cei: number | null;
  readonly median: number | null;
  /** A tenth of the customers is below it. */
  readonly p10: number | null;
  readonly below_40: number;
  /** Mean of the worst hours. */
  readonly worst_hour: number | null;
}

/** What a KPI does to the index of a segment. */
export interface KpiEffect {
  readonly kpi: string;
  readonly title: string;
  readonly unit: string;
  readonly rater: Rater;
  readonly customers: number;
  readonly counted: number;
  readonly score: number | null;
  readonly value: number | null;
  readonly samples: number;
  /** Points that it costs per scored customer and day. */
  readonly lost: number;
}

export interface SegmentsReport {
  readonly first: string;
  readonly last: string;
  /** The first is of all customers. */
  readonly segments: readonly SegmentIndex[];
  readonly kpis: readonly KpiEffect[];
  /** Points lost by dimension of service quality. */
  readonly rater: Readonly<Record<Rater, number>>;
}

/** Null for what is no number. */
const maybe = (value: unknown): number | null => (value === null || !Number.isFinite(Number(value)) ? null : Number(value));

/** Titles and units by name of the KPI; one that this Weir does not know stands for itself. */
const titled = (name: string): Pick<KpiEffect, 'kpi' | 'title' | 'unit' | 'rater'> => {
  const kpi = experienceKpis.find((each) => each.name === name);
  return { kpi: name, title: kpi?.title ?? name, unit: kpi?.unit ?? '', rater: kpi?.rater ?? 'reliability' };
};

/** The latest judged day, YYYY-MM-DD; undefined: none was. */
export async function latestDay(store: Reading, tenant: string): Promise<string | undefined> {
  const [row] = await store.rows<{ day: string }>('experience-latest', { tenant });
  return row?.day;
}

/** The day that was asked for, or the latest. @throws WeirError not_found where none was judged */
export async function dayOrLatest(store: Reading, tenant: string, day: string | undefined): Promise<string> {
  const found = day ?? (await latestDay(store, tenant));
  if (found === undefined)
    throw new WeirError('not_found', 'No day of the experience index was judged yet.', {
      hint: 'A day is judged once its records are complete; `npx weir experience judge --from YYYY-MM-DD` does it now.',
    });
  return found;
}

/** Segments and KPIs over days, both included. @param segment of the KPIs; empty = all */
export async function readSegments(store: Reading, tenant: string, first: string, last: string, segment = ''): Promise<SegmentsReport> {
  const params = { tenant, first, last, segment };
  const rows = await store.rows<Record<keyof SegmentIndex, string | number | null>>('experience-segments', params, timeout);
  const effects = await store.rows<Record<string, string | number | null>>('experience-kpis', params, timeout);
  const kpis = effects.map((row) => ({
    ...titled(String(row['kpi'])),
    customers: Number(row['customers']),
    counted: Number(row['counted']),
    score: maybe(row['score']),
    value: maybe(row['value']),
    samples: Number(row['samples']),
    lost: Number(row['lost']),
  }));
  return {
    first,
    last,
    segments: rows
      .filter((row) => Number(row.customers) > 0)
      .map((row) => ({
        segment: String(row.segment),
        customers: Number(row.customers),
        scored: Number(row.scored),
        too_few: Number(row.too_few),
        floored: Number(row.floored),
        cei: maybe(row.cei),
        median: maybe(row.median),
        p10: maybe(row.p10),
        below_40: Number(row.below_40),
        worst_hour: maybe(row.worst_hour),
      })),
    kpis,
    rater: Object.fromEntries(
      raters.map((tag) => [tag, kpis.filter(({ rater }) => rater === tag).reduce((sum, { lost }) => sum + lost, 0)]),
    ) as Record<Rater, number>,
  };
}

/** A customer in a list. */
export interface CustomerIndex {
  /** Pseudonym. */
  readonly customer: string;
  readonly segment: string;
  readonly plan: string;
  readonly cei: number;
  /** ISO 8601; null: no hour has enough samples. */
  readonly worst_hour: string | null;
  readonly worst_hour_cei: number | null;
  readonly floor_kpi: string;
  readonly weakest_kpi: string;
  readonly samples: number;
}

/** Where a page of customers ended. */
export interface AfterCustomer {
  readonly cei: number;
  readonly customer: string;
}

const hourOf = (text: string): string | null => {
  const at = readInstant(text);
  return at > 0 ? new Date(at).toISOString() : null;
};

/** Customers of a day with the lowest index, the lowest first. */
export async function readWorst(
  store: Reading,
  tenant: string,
  day: string,
  { segment = '', limit, after }: { readonly segment?: string; readonly limit: number; readonly after?: AfterCustomer },
): Promise<readonly CustomerIndex[]> {
  const rows = await store.rows<Record<string, string | number>>(
    'experience-worst',
    { tenant, day, segment, limit, after_cei: after?.cei ?? -1, after_customer: after?.customer ?? '0' },
    timeout,
  );
  return rows.map((row) => ({
    customer: String(row['customer']),
    segment: String(row['segment']),
    plan: String(row['plan']),
    cei: Number(row['cei']),
    worst_hour: hourOf(String(row['worst_hour'])),
    worst_hour_cei: maybe(row['worst_hour_cei'] ?? null),
    floor_kpi: String(row['floor_kpi']),
    weakest_kpi: String(row['weakest_kpi']),
    samples: Number(row['samples']),
  }));
}

/** A day of a customer, explained. */
export interface CustomerDay extends Experience {
  readonly day: string;
  readonly segment: string;
  readonly plan: string;
  readonly worstHour: string | null;
  readonly worstHourCei: number | null;
  /** The settings that held: points, weights, minima. */
  readonly model: ExperienceModel;
}

/** The days of a customer, the latest first, explained by the settings that held then. */
export async function readCustomer(
  store: Reading,
  tenant: string,
  customer: string,
  first: string,
  last: string,
): Promise<readonly CustomerDay[]> {
  interface Row {
    readonly day: string;
    readonly segment: string;
    readonly plan: string;
    readonly worst_hour: string;
    readonly worst_hour_cei: number | null;
    readonly kpi: readonly string[];
    readonly value: readonly number[];
    readonly kpi_samples: readonly string[];
    readonly settings: string;
  }
  const rows = await store.rows<Row>('experience-customer', { tenant, customer, first, last, limit: 400 }, timeout);
  return rows.map((row) => {
    const model = JSON.parse(row.settings) as ExperienceModel;
    const readings = row.kpi.map((kpi, at) => ({ kpi, value: row.value[at]!, samples: Number(row.kpi_samples[at]) }));
    const worst = maybe(row.worst_hour_cei);
    return {
      day: row.day,
      segment: row.segment,
      plan: row.plan,
      worstHour: hourOf(row.worst_hour),
      worstHourCei: worst,
      model,
      ...experienceOf(model, readings, worst ?? undefined),
    };
  });
}
