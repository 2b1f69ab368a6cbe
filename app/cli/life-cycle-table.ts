/** Life-cycle assurance as text for the terminal. */
import type { AgeingRow, FailedStep, StepFigures, StuckOrder, VisitFigures } from '../life-cycle/read.ts';
import { durationText, type TableColumn, table } from './print.ts';

const right = true;
const columns = (left: readonly string[], numbers: readonly string[], after: readonly TableColumn[] = []): TableColumn[] => [
  ...left.map((title) => ({ title })),
  ...numbers.map((title) => ({ title, right })),
  ...after,
];
const share = (part: number | null): string => (part === null ? '–' : `${(100 * part).toFixed(1)} %`);
const lasting = (seconds: number): string => (seconds > 0 ? durationText(seconds) : '–');
const minute = (iso: string | null): string => (iso === null ? '–' : iso.slice(0, 16).replace('T', ' '));

/** Steps of a stretch, then where orders wait now. */
export function stepsText(steps: readonly StepFigures[], ageing: readonly AgeingRow[]): string {
  if (steps.length === 0 && ageing.length === 0) return 'No life-cycle event came in that time.';
  const tried = table(
    columns(
      ['STEP'],
      ['ORDERS', 'RIGHT FIRST', 'FIRST-TIME-RIGHT', 'RIGHT LATER', 'NOT DONE', 'FAILURES', 'MEDIAN', 'P95'],
      [{ title: 'ERRORS', width: 60 }],
    ),
    steps.map((each) => [
      each.step === '' ? 'whole order' : each.step,
      each.orders,
      each.right_first,
      share(each.first_time_right),
      each.right_later,
      each.failed,
      each.failures,
      lasting(each.median_seconds),
      lasting(each.p95_seconds),
      each.errors.join('; '),
    ]),
  );
  if (ageing.length === 0) return `${tried}\n\nNo order is on its way.`;
  const waiting = table(
    columns(['DID', 'WAITS FOR'], ['ORDERS', '< 1 H', '< 4 H', '< 24 H', '< 3 D', '< 7 D', 'OLDER', 'OLDEST', 'USUAL', 'STUCK', 'FAILED']),
    ageing.map((each) => [
      each.step,
      each.next,
      each.waiting,
      ...each.buckets,
      lasting(each.oldest_seconds),
      each.finished === 0 ? '–' : lasting(each.usual_seconds),
      each.next === 'first_usage' ? '–' : each.stuck,
      each.failed,
    ]),
  );
  return `${tried}\n\nOn their way; stuck is twice as long as 95 of 100 take, an hour at least:\n${waiting}`;
}

export function stuckText(orders: readonly StuckOrder[]): string {
  if (orders.length === 0) return 'No order is stuck.';
  return table(
    columns(
      ['ORDER'],
      ['CUSTOMER'],
      [
        { title: 'PLAN' },
        { title: 'SEGMENT' },
        { title: 'DID' },
        { title: 'WAITS FOR' },
        { title: 'SINCE' },
        { title: 'AGE', right },
        { title: 'USUAL', right },
        { title: 'FAILED' },
        { title: 'ERROR', width: 50 },
      ],
    ),
    orders.map((each) => [
      each.order_id,
      each.customer,
      each.plan,
      each.segment,
      each.step,
      each.next,
      minute(each.since),
      lasting(each.age_seconds),
      lasting(each.usual_seconds),
      each.failed_step,
      each.error,
    ]),
  );
}

export function failedText(failed: readonly FailedStep[]): string {
  if (failed.length === 0) return 'No step failed the first time.';
  return table(
    columns(
      ['AT', 'STEP', 'ORDER'],
      ['CUSTOMER'],
      [
        { title: 'SEGMENT' },
        { title: 'ERROR', width: 50 },
        { title: 'TRIED', right },
        { title: 'FAILED', right },
        { title: 'STATE' },
        { title: 'SUCCEEDED' },
      ],
    ),
    failed.map((each) => [
      minute(each.at),
      each.step,
      each.order_id,
      each.customer,
      each.segment,
      each.error,
      each.attempts,
      each.failures,
      each.state,
      minute(each.succeeded_at),
    ]),
  );
}

export function visitsText(visits: readonly VisitFigures[]): string {
  if (visits.length === 0) return 'No field visit was booked for that time.';
  const sum = (name: 'booked' | 'arrived' | 'done' | 'missed' | 'no_access' | 'repeated' | 'open' | 'judged' | 'on_time'): number =>
    visits.reduce((total, each) => total + each[name], 0);
  const row = (team: string, area: string, each: Omit<VisitFigures, 'team' | 'area'>) => [
    team,
    area,
    each.booked,
    each.arrived,
    each.done,
    each.missed,
    each.no_access,
    each.repeated,
    each.open,
    share(each.on_time_share),
    lasting(each.median_late_seconds),
    each.reasons.join('; '),
  ];
  const judged = sum('judged');
  const total = {
    booked: sum('booked'),
    arrived: sum('arrived'),
    done: sum('done'),
    missed: sum('missed'),
    no_access: sum('no_access'),
    repeated: sum('repeated'),
    open: sum('open'),
    judged,
    on_time: sum('on_time'),
    on_time_share: judged === 0 ? null : sum('on_time') / judged,
    median_late_seconds: 0,
    reasons: [],
  };
  return table(
    columns(
      ['TEAM', 'AREA'],
      ['BOOKED', 'ARRIVED', 'DONE', 'MISSED', 'NO ACCESS', 'REPEAT', 'OPEN', 'ON TIME', 'USUALLY LATE'],
      [{ title: 'REASONS', width: 60 }],
    ),
    [...visits.map((each) => row(each.team, each.area, each)), ...(visits.length > 1 ? [row('all', '', total)] : [])],
  );
}
