/** What S08 and S09 share: the causes of the latest reconciliations become judgements, one finding per comparison and cause. */
import { calm, type Evaluation, type Judgement, type Limit, notApplicable } from '../../core/definition.ts';
import type { RowOf } from '../../core/row.ts';
import { groupedBy } from '../grouped.ts';
import { type Amount, amountOf } from './amount.ts';
import { counted, figure, percent, utc } from './texts.ts';

export const reconciledColumns = {
  control: 'text',
  comparison: 'text',
  run: 'number',
  leg_a: 'text',
  leg_b: 'text',
  window_from: 'instant',
  window_to: 'instant',
  state: 'text',
  note: 'text',
  records_a: 'number',
  records_b: 'number',
  exact: 'number',
  agreed: 'number',
  charge_a: 'number',
  charge_b: 'number',
  currency: 'text',
  cause: 'text',
  class: 'text',
  text: 'text',
  records: 'number',
  share: 'number',
  more_a: 'number',
  more_b: 'number',
  customers: 'number',
  began_at: 'instant',
  samples: 'texts',
  names: 'texts',
  places: 'texts',
} as const;

type Row = RowOf<typeof reconciledColumns>;

export const reconciledQuery = 'control-reconciliations';

/** Runs of the last eight days are judged, whatever their day: a day that ended, one that late data changed, and old ones that somebody asks for. */
export const reconciledLookbackMs = 8 * 86_400_000;

export const reconciledLimits: readonly Limit[] = [
  {
    name: 'records',
    default: 5,
    unit: 'records',
    min: 1,
    max: 1_000_000,
    description: 'Fewest breaks of one cause in a run that are told',
  },
  {
    name: 'share',
    default: 0.001,
    unit: 'ratio',
    min: 0,
    max: 1,
    description: 'Breaks of one cause over records compared in a run, from which it is told',
    learns: 'up',
  },
  {
    name: 'money_share',
    default: 0.0005,
    unit: 'ratio',
    min: 0,
    max: 1,
    description: 'Amount of one cause over the charges of the legs, from which it is told whatever the count',
  },
];

/** What an amount means that A states more, or that B does. */
export interface Meaning {
  readonly control: string;
  readonly moreA: Pick<Amount, 'class'> & { readonly words: string };
  readonly moreB: Pick<Amount, 'class'> & { readonly words: string };
  readonly needs: string;
}

const sum = (rows: readonly Row[], of: (row: Row) => number): number => rows.reduce((total, row) => total + of(row), 0);

/** One row per run, of the rows of its causes. */
const runsOf = (rows: readonly Row[]): readonly Row[] => [...new Map(rows.map((row) => [row.run, row])).values()];

function moneyOf(rows: readonly Row[], meaning: Meaning): Amount | undefined {
  const moreA = sum(rows, (row) => row.more_a);
  const moreB = sum(rows, (row) => row.more_b);
  if (moreA === 0 && moreB === 0) return undefined;
  const { class: kind, words } = moreA >= moreB ? meaning.moreA : meaning.moreB;
  return {
    micro: Math.max(moreA, moreB),
    class: kind,
    method: `${words}, at the charges of the leg that states them, else at the mean rate of the leg that charges`,
  };
}

/** Whether the breaks of a cause reach the limits in one run: a leak of a day is not thinned by the days beside it. */
function reaches(rows: readonly Row[], run: Row, meaning: Meaning, { limit }: Evaluation): boolean {
  const records = sum(rows, (row) => row.records);
  if (records < limit('records')) return false;
  const charges = Math.max(run.charge_a, run.charge_b);
  const dear = charges > 0 && (moneyOf(rows, meaning)?.micro ?? 0) >= limit('money_share') * charges;
  return dear || records >= limit('share') * Math.max(1, run.records_a, run.records_b);
}

function causeJudgement(all: readonly Row[], runs: readonly Row[], start: Judgement, meaning: Meaning, evaluation: Evaluation): Judgement {
  const { tenant, currency } = evaluation;
  const of = (run: Row): readonly Row[] => all.filter((row) => row.run === run.run);
  // A few breaks on other days are the noise of the legs, not this matter.
  const told = runs.filter((run) => reaches(of(run), run, meaning, evaluation));
  const compared = (list: readonly Row[]): number =>
    Math.max(
      1,
      sum(list, (run) => Math.max(run.records_a, run.records_b)),
    );
  if (told.length === 0) {
    const few = sum(all, (row) => row.records);
    return { ...start, observed: few, statistic: few / compared(runs) };
  }
  const rows = told.flatMap(of);
  const latest = rows.at(-1)!;
  const window = { from: Math.min(...told.map((run) => run.window_from)), to: Math.max(...told.map((run) => run.window_to)) };
  const records = sum(rows, (row) => row.records);
  const amount = moneyOf(rows, meaning);
  const share = records / compared(told);
  const beganAt = Math.min(...rows.map((row) => row.began_at));
  const customers = Math.max(...rows.map((row) => row.customers));
  const dimensions = Object.fromEntries(latest.names.map((name, at) => [name, latest.places[at] ?? '']));
  const legs = `A is ${latest.leg_a}, B is ${latest.leg_b}`;
  return {
    ...start,
    window,
    state: 'violation',
    observed: records,
    direction: 'up',
    statistic: share,
    p: 0,
    ...(amount ? { money: amountOf(amount, currency) } : {}),
    ...(customers > 0 ? { customers: { count: customers, segments: { unknown: customers } } } : {}),
    ...(latest.names.length > 0 ? { explanation: [{ dimensions, share: latest.share, remaining: Math.max(0, 1 - latest.share) }] } : {}),
    note: amount ? '' : 'no amount: neither leg charges such records, or the units agree',
    title: `${latest.comparison}: ${counted(records, 'break')}, ${latest.text}`,
    summary: `${counted(records, 'record')} of ${figure(compared(told))} (${percent(share)}) break between ${latest.leg_a} and ${latest.leg_b}: ${latest.text} (${legs}). Since ${utc(beganAt)}.`,
    beganAt,
    samples: rows.flatMap((row) => row.samples).slice(0, 5),
    evidence: {
      query: 'control-reconciliation-evidence',
      params: {
        tenant,
        control: meaning.control,
        comparison: latest.comparison,
        class: latest.class,
        from: new Date(window.from).toISOString(),
        to: new Date(window.to).toISOString(),
        ...Object.fromEntries(['node', 'plan', 'prefix', 'zone', 'route'].map((name) => [name, dimensions[name] ?? ''])),
      },
    },
  };
}

function judgeComparison(comparison: string, rows: readonly Row[], meaning: Meaning, evaluation: Evaluation): readonly Judgement[] {
  const runs = runsOf(rows.filter(({ run }) => run !== 0));
  const done = runs.filter(({ state }) => state === 'done');
  const latest = runs.at(-1);
  const whole = { comparison, cause: '' };
  if (done.length === 0) return latest ? [notApplicable(reconciledQuery, whole, evaluation.window, latest.note)] : [];
  const window = { from: Math.min(...done.map((run) => run.window_from)), to: Math.max(...done.map((run) => run.window_to)) };
  const byCause = groupedBy(
    rows.filter(({ cause }) => cause !== ''),
    ({ cause }) => cause,
  );
  const judged = [...byCause].map(([cause, all]) =>
    causeJudgement(
      all.filter(({ run }) => run !== 0),
      done,
      { ...calm({ comparison, cause }, window), unit: 'records', evidence: { query: reconciledQuery, params: {} } },
      meaning,
      evaluation,
    ),
  );
  const matched = sum(done, (run) => run.exact + run.agreed);
  const compared = sum(done, (run) => Math.max(run.records_a, run.records_b));
  const summary = `${figure(matched)} of ${figure(compared)} records agree between ${done[0]!.leg_a} and ${done[0]!.leg_b}.`;
  return [
    {
      ...calm(whole, window),
      unit: 'records',
      observed: matched,
      expected: compared,
      summary,
      evidence: { query: reconciledQuery, params: {} },
    },
    ...judged,
  ];
}

/** Judgements of the comparisons of one control: the whole as ok, and each cause. Causes that are no more are ok, which clears them. */
export function judgeReconciled(rows: readonly Row[], meaning: Meaning, evaluation: Evaluation): readonly Judgement[] {
  const own = rows.filter(({ control }) => control === meaning.control);
  const judged = [...groupedBy(own, ({ comparison }) => comparison)].flatMap(([comparison, of]) =>
    judgeComparison(comparison, of, meaning, evaluation),
  );
  return judged.length > 0 ? judged : [notApplicable(reconciledQuery, { comparison: '', cause: '' }, evaluation.window, meaning.needs)];
}
