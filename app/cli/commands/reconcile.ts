/** `weir reconcile`: two legs record by record, day by day, now and for any days. */
import { WeirError } from '../../../core/errors.ts';
import type { Window } from '../../../core/finding.ts';
import { fromMicro } from '../../../core/money.ts';
import type { Cause } from '../../../detectors/explain/breaks.ts';
import { comparisonsOf } from '../../reconcile/comparison.ts';
import { type Reconciled, reconcile } from '../../reconcile/run.ts';
import type { AddCommand } from '../command.ts';
import { periodOf } from '../days.ts';
import { type CommonOptions, withStore, workplace } from '../options.ts';
import { grouped, progressLine, table } from '../print.ts';

interface ReconcileOptions extends CommonOptions {
  readonly control: string;
  readonly comparison?: string;
  readonly from: string;
  readonly to?: string;
}

const dayMs = 86_400_000;
/** Days of one command: a year and a bit. */
const mostDays = 400;

export const addReconcile: AddCommand = (program, exit) => {
  program
    .command('reconcile')
    .description('reconcile two legs record by record, day by day; the findings of S08 and S09 follow from what it stores')
    .requiredOption('--control <id>', 'S08 (own legs) or S09 (MVNO with host network)')
    .requiredOption('--from <day>', 'first day, YYYY-MM-DD, UTC')
    .option('--to <day>', 'last day, included; default: the first')
    .option('--comparison <name>', 'one comparison of reconciliation.comparisons; default: all of the control')
    .action(async (options: ReconcileOptions) => exit(await run(options)));
};

async function run(options: ReconcileOptions): Promise<number> {
  const days = daysOf(options);
  return withStore(await workplace(options), async ({ store, settings }) => {
    const comparisons = comparisonsOf(settings, options.control.toUpperCase(), options.comparison);
    const progress = progressLine(options.json === true);
    const done: Reconciled[] = [];
    for (const comparison of comparisons) {
      for (const window of days) {
        const request = { tenant: settings.tenant, currency: settings.currency, comparison, window };
        const at = `${comparison.name} ${dayText(window)}`;
        done.push(
          await reconcile(store, { now: () => Date.now() }, request, (step, share) =>
            progress.show(`${at}: ${step}, ${Math.round(share * 100)} %`),
          ),
        );
      }
    }
    progress.end();
    process.stdout.write(options.json ? `${JSON.stringify(done.map(plain))}\n` : `${textOf(done, settings.currency)}\n`);
    return done.some(({ counts }) => counts.mismatch + counts.a_only + counts.b_only > 0) ? 1 : 0;
  });
}

function daysOf({ from, to = from }: ReconcileOptions): readonly Window[] {
  const period = periodOf({ from, to });
  const count = Math.round((period.to - period.from) / dayMs);
  if (count > mostDays) throw new WeirError('usage', `${count} days are more than ${mostDays}`, { hint: 'Take fewer at a time.' });
  return Array.from({ length: count }, (_, at) => ({ from: period.from + at * dayMs, to: period.from + (at + 1) * dayMs }));
}

const dayText = ({ from }: Window): string => new Date(from).toISOString().slice(0, 10);

function plain({ comparison, window, state, note, counts, legs, causes, tookMs, run: number }: Reconciled): object {
  const { control, name, a, b } = comparison;
  return {
    control,
    comparison: name,
    a,
    b,
    day: dayText(window),
    run: number,
    state,
    note,
    records_a: legs.recordsA,
    records_b: legs.recordsB,
    ...counts,
    causes,
    took_ms: tookMs,
  };
}

function textOf(done: readonly Reconciled[], currency: string): string {
  const result = table(
    [
      { title: 'COMPARISON' },
      { title: 'DAY' },
      ...['A', 'B', 'EXACT', 'WITHIN', 'BY DAY', 'DIFFER', 'A ONLY', 'B ONLY', 'SECONDS'].map((title) => ({ title, right: true })),
      { title: 'NOTE', width: 100 },
    ],
    done.map(({ comparison, window, legs, counts, tookMs, state, note }) => [
      comparison.name,
      dayText(window),
      legs.recordsA,
      legs.recordsB,
      counts.exact,
      counts.within_tolerance,
      counts.settled,
      counts.mismatch,
      counts.a_only,
      counts.b_only,
      (tookMs / 1000).toFixed(1),
      state === 'done' ? note : `not applicable, needs ${note}`,
    ]),
  );
  const causes = done.flatMap(({ comparison, window, causes: all }) => all.map((cause) => ({ comparison, window, cause })));
  if (causes.length === 0) return result;
  const money = (micro: number): string => (micro === 0 ? '' : `${grouped(Number(fromMicro(Math.round(micro))).toFixed(2))} ${currency}`);
  const row = ({ text, records, share, moreA, moreB, customers }: Cause) => [
    records,
    `${(share * 100).toFixed(1)} %`,
    customers,
    money(moreA),
    money(moreB),
    text,
  ];
  return `${result}\n\n${table(
    [
      { title: 'COMPARISON' },
      { title: 'DAY' },
      ...['BREAKS', 'SHARE', 'CUSTOMERS', 'A STATES MORE', 'B STATES MORE'].map((title) => ({ title, right: true })),
      { title: 'CAUSE', width: 90 },
    ],
    causes.map(({ comparison, window, cause }) => [comparison.name, dayText(window), ...row(cause)]),
  )}`;
}
