/** Life-cycle assurance as it stands, for the command line and the API. */
import { readInstant, writeInstant } from '../../core/row.ts';
import type { Settings } from '../../core/settings/index.ts';
import type { Store } from '../../sql/store.ts';

type Reading = Pick<Store, 'rows'>;
type Plain = Readonly<Record<string, unknown>>;
const timeout = { timeoutMs: 60_000 };
const dayMs = 86_400_000;
/** An order's first attempt is looked for so long before the stretch. */
const backMs = 30 * dayMs;

/** Borders of the ageing buckets, in hours; the last is open. */
export const ageingHours = [1, 4, 24, 72, 168] as const;

/** Event time, half-open, ms since 1970 UTC. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

export interface StepFigures {
  /** Standard step; empty: the whole order. */
  readonly step: string;
  readonly orders: number;
  /** First attempt succeeded. */
  readonly right_first: number;
  /** First attempt failed, a later one succeeded. */
  readonly right_later: number;
  /** Not done so far. */
  readonly failed: number;
  /** Attempts that failed. */
  readonly failures: number;
  /** Share of orders whose first attempt succeeded, 0 to 1. */
  readonly first_time_right: number;
  /** How long the step took as its system states it; 0: not stated. */
  readonly median_seconds: number;
  readonly p95_seconds: number;
  /** The commonest errors. */
  readonly errors: readonly string[];
}

export interface AgeingRow {
  readonly step: string;
  readonly next: string;
  readonly waiting: number;
  readonly stuck: number;
  readonly failed: number;
  /** How long it usually takes to the next step. */
  readonly median_seconds: number;
  readonly usual_seconds: number;
  /** Longer than this is stuck. */
  readonly patience_seconds: number;
  /** Orders that did both steps: what is usual rests on them. */
  readonly finished: number;
  readonly oldest_seconds: number;
  /** Orders by age: below 1 h, 4 h, 24 h, 3 d, 7 d, and above. */
  readonly buckets: readonly number[];
}

export interface StuckOrder {
  readonly customer: string;
  readonly order_id: string;
  readonly plan: string;
  readonly segment: string;
  readonly step: string;
  readonly next: string;
  readonly since: string;
  readonly age_seconds: number;
  readonly usual_seconds: number;
  readonly patience_seconds: number;
  readonly failed_step: string;
  readonly failed_at: string | null;
  readonly error: string;
  readonly failures: number;
}

export interface FailedStep {
  readonly at: string;
  /** Pseudonym. */
  readonly customer: string;
  readonly order_id: string;
  readonly step: string;
  /** The step as the system words it. */
  readonly stated: string;
  readonly plan: string;
  readonly segment: string;
  readonly system: string;
  readonly actor: string;
  /** Error of the first attempt. */
  readonly error: string;
  readonly attempts: number;
  readonly failures: number;
  readonly last_error: string;
  readonly last_at: string;
  /** When a later attempt succeeded; null: none did. */
  readonly succeeded_at: string | null;
  /** open: to be acted on. ended: the order was cancelled or ceased. */
  readonly state: 'open' | 'succeeded' | 'ended';
}

export interface VisitFigures {
  readonly team: string;
  readonly area: string;
  readonly booked: number;
  readonly arrived: number;
  readonly done: number;
  readonly missed: number;
  readonly no_access: number;
  readonly repeated: number;
  /** Visits that are due and to which the team came, or missed. */
  readonly judged: number;
  readonly on_time: number;
  /** on_time / judged; null: nothing is due. */
  readonly on_time_share: number | null;
  /** Not due yet. */
  readonly open: number;
  readonly median_late_seconds: number;
  readonly reasons: readonly string[];
}

const iso = (text: unknown): string | null => {
  const at = readInstant(String(text));
  return at > 0 ? new Date(at).toISOString() : null;
};

/** The row with numbers for the named columns, whatever the database made of them. */
function numbered<T>(row: Plain, columns: readonly (keyof T & string)[]): T {
  return { ...row, ...Object.fromEntries(columns.map((name) => [name, Number(row[name])])) } as T;
}

const stretchParams = (tenant: string, { from, to }: Stretch) => ({
  tenant,
  from: writeInstant(Math.max(0, from)),
  to: writeInstant(to),
  since: writeInstant(Math.max(0, from - backMs)),
});

/** Steps whose first attempt lies in the stretch, the whole orders first. */
export async function readSteps(store: Reading, tenant: string, stretch: Stretch): Promise<readonly StepFigures[]> {
  const rows = await store.rows<Plain>('life-cycle-steps', stretchParams(tenant, stretch), timeout);
  return rows
    .map((row) => {
      const figures = numbered<StepFigures>(row, [
        'orders',
        'right_first',
        'right_later',
        'failed',
        'failures',
        'median_seconds',
        'p95_seconds',
      ]);
      return { ...figures, first_time_right: figures.right_first / figures.orders };
    })
    .sort((a, b) => Number(a.step !== '') - Number(b.step !== '') || b.orders - a.orders || (a.step < b.step ? -1 : 1));
}

/** Orders on their way by step and age, at an instant. */
export async function readAgeing(store: Reading, tenant: string, instant: number): Promise<readonly AgeingRow[]> {
  const rows = await store.rows<Plain>('life-cycle-ageing', { tenant, instant: writeInstant(instant) }, timeout);
  return rows.map((row) => ({
    ...numbered<AgeingRow>(row, [
      'waiting',
      'stuck',
      'failed',
      'median_seconds',
      'usual_seconds',
      'patience_seconds',
      'finished',
      'oldest_seconds',
    ]),
    buckets: (row['buckets'] as readonly unknown[]).map(Number),
  }));
}

/** Where a page of stuck orders ended. */
export interface AfterOrder {
  /** As ClickHouse writes it. */
  readonly at: string;
  readonly customer: string;
}

/** Orders that wait longer than twice what is usual, the oldest first. */
export async function readStuck(
  store: Reading,
  tenant: string,
  instant: number,
  { step = '', limit, after }: { readonly step?: string; readonly limit: number; readonly after?: AfterOrder },
): Promise<readonly StuckOrder[]> {
  const params = {
    tenant,
    instant: writeInstant(instant),
    step,
    limit,
    after_at: after?.at ?? writeInstant(0),
    after_customer: after?.customer ?? '0',
  };
  const rows = await store.rows<Plain>('life-cycle-stuck', params, timeout);
  return rows.map((row) => ({
    ...numbered<StuckOrder>(row, ['age_seconds', 'usual_seconds', 'patience_seconds', 'failures']),
    since: iso(row['since'])!,
    failed_at: iso(row['failed_at']),
  }));
}

export interface FailedQuery {
  readonly step?: string;
  /** Only these; empty = all. */
  readonly state?: FailedStep['state'] | '';
  readonly limit: number;
  readonly after?: { readonly at: string; readonly id: string };
}

/** The identity of a failed step in the order of the list. */
export const failedId = ({ order_id, step, customer }: FailedStep): string => `${order_id}/${step}/${customer}`;

/** Steps that failed the first time within the stretch, the latest first. */
export async function readFailed(
  store: Reading,
  tenant: string,
  stretch: Stretch,
  { step = '', state = '', limit, after }: FailedQuery,
): Promise<readonly FailedStep[]> {
  const params = {
    ...stretchParams(tenant, stretch),
    step,
    state,
    limit,
    after_at: after?.at ?? '2299-01-01 00:00:00.000',
    after_id: after?.id ?? '',
  };
  const rows = await store.rows<Plain>('life-cycle-failures', params, timeout);
  return rows.map((row) => ({
    ...numbered<FailedStep>(row, ['attempts', 'failures']),
    at: iso(row['at'])!,
    last_at: iso(row['last_at'])!,
    succeeded_at: iso(row['succeeded_at']),
  }));
}

/** Rows of one query of a list that is read whole. */
const pageRows = 5_000;

/** All failed steps, page by page. */
export async function* allFailed(store: Reading, tenant: string, stretch: Stretch, query: Omit<FailedQuery, 'limit' | 'after'>) {
  let after: FailedQuery['after'];
  for (;;) {
    const rows: readonly FailedStep[] = await readFailed(store, tenant, stretch, {
      ...query,
      limit: pageRows,
      ...(after ? { after } : {}),
    });
    yield* rows;
    const last = rows.at(-1);
    if (rows.length < pageRows || !last) return;
    after = { at: writeInstant(Date.parse(last.at)), id: failedId(last) };
  }
}

/** Field visits booked within the stretch, by team and area, those that missed most first. */
export async function readVisits(
  store: Reading,
  { tenant, lifeCycle }: Pick<Settings, 'tenant' | 'lifeCycle'>,
  stretch: Stretch,
  instant: number,
): Promise<readonly VisitFigures[]> {
  const params = {
    tenant,
    from: writeInstant(Math.max(0, stretch.from)),
    to: writeInstant(stretch.to),
    instant: writeInstant(instant),
    grace_minutes: lifeCycle.visitGraceMinutes,
  };
  const rows = await store.rows<Plain>('life-cycle-visits', params, timeout);
  return rows.map((row) => {
    const figures = numbered<VisitFigures>(row, [
      'booked',
      'arrived',
      'done',
      'missed',
      'no_access',
      'repeated',
      'judged',
      'on_time',
      'open',
      'median_late_seconds',
    ]);
    return { ...figures, on_time_share: figures.judged === 0 ? null : figures.on_time / figures.judged };
  });
}
