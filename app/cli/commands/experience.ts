/** `weir experience`: the customer-experience index of segments and customers, explained to the single KPI. */
import type { Command } from 'commander';
import { WeirError } from '../../../core/errors.ts';
import { experienceDue } from '../../experience/due.ts';
import { type JudgedDay, judgeDay } from '../../experience/judge.ts';
import { dayOrLatest, readCustomer, readSegments, readWorst } from '../../experience/read.ts';
import type { AddCommand } from '../command.ts';
import { dayOf, periodOf } from '../days.ts';
import { customerText, judgedText, segmentsText, worstText } from '../experience-table.ts';
import { type CommonOptions, withStore, workplace } from '../options.ts';
import { progressLine } from '../print.ts';

interface ShowOptions extends CommonOptions {
  readonly day?: string;
  readonly days: string;
  readonly segment?: string;
  readonly customer?: string;
  readonly worst?: string;
}

interface JudgeOptions extends CommonOptions {
  readonly from?: string;
  readonly to?: string;
  readonly month?: string;
}

const dayMs = 86_400_000;
const mostDays = 400;
const mostWorst = 10_000;

export const addExperience: AddCommand = (program, exit) => {
  const experience = program
    .command('experience')
    .description('the customer-experience index: how a day was for customers, 0 to 100, and why');
  addShow(experience, exit);
  addJudge(experience, exit);
};

function addShow(experience: Command, exit: (code: number) => void): void {
  experience
    .command('list', { isDefault: true })
    .description('the index of segments and what costs points; of one customer; or the customers with the lowest')
    .option('--day <day>', 'last day, YYYY-MM-DD, UTC (default: the latest that was judged)')
    .option('--days <count>', 'so many days up to it', '1')
    .option('--segment <name>', 'only this segment; unknown = customers without one')
    .option('--customer <pseudonym>', 'explain the days of one customer: npx weir pseudonym NUMBER')
    .option('--worst <count>', 'so many customers with the lowest index of the day')
    .action(async (options: ShowOptions) => exit(await show(options)));
}

function addJudge(experience: Command, exit: (code: number) => void): void {
  experience
    .command('judge')
    .description('judge days now: those that are due, or any')
    .option('--from <day>', 'first day, YYYY-MM-DD, UTC; default: the days that are due')
    .option('--to <day>', 'last day, included; default: the first')
    .option('--month <month>', 'YYYY-MM, in place of both')
    .action(async (options: JudgeOptions) => exit(await judge(options)));
}

const whole = (text: string, option: string, most: number): number => {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > most)
    throw new WeirError('usage', `${option} ${text}: not a number from 1 to ${most}`, { place: option });
  return count;
};

async function show(options: ShowOptions): Promise<number> {
  const count = whole(options.days, '--days', mostDays);
  if (options.day !== undefined) dayOf(options.day, '--day');
  if (options.customer !== undefined && !/^\d{1,20}$/.test(options.customer))
    throw new WeirError('usage', `--customer ${options.customer}: not a pseudonym`, { hint: 'npx weir pseudonym NUMBER says it.' });
  const worst = options.worst === undefined ? undefined : whole(options.worst, '--worst', mostWorst);
  return withStore(await workplace(options), async ({ store, settings: { tenant } }) => {
    const last = await dayOrLatest(store, tenant, options.day);
    const first = new Date(Date.parse(last) - (count - 1) * dayMs).toISOString().slice(0, 10);
    const print = <T>(value: T, text: (value: T) => string): void => {
      process.stdout.write(options.json ? `${JSON.stringify(value)}\n` : `${text(value)}\n`);
    };
    const segment = options.segment ?? '';
    if (options.customer !== undefined) {
      const { customer } = options;
      print(await readCustomer(store, tenant, customer, first, last), (found) => customerText(customer, found));
    } else if (worst !== undefined)
      print(await readWorst(store, tenant, last, { segment, limit: worst }), (found) => worstText(last, found));
    else print(await readSegments(store, tenant, first, last, segment), (found) => segmentsText(found, segment));
    return 0;
  });
}

async function judge(options: JudgeOptions): Promise<number> {
  const asked = options.from !== undefined || options.month !== undefined;
  const period = asked ? periodOf(options) : undefined;
  if (period && (period.to - period.from) / dayMs > mostDays) throw new WeirError('usage', `At most ${mostDays} days at once.`);
  return withStore(await workplace(options), async ({ store, settings }) => {
    const clock = { now: () => Date.now() };
    const due = period
      ? Array.from({ length: Math.round((period.to - period.from) / dayMs) }, (_, at) => {
          const from = period.from + at * dayMs;
          return { from, state: from + dayMs <= clock.now() ? ('complete' as const) : ('partial' as const) };
        })
      : await experienceDue(store, settings, clock.now());
    const progress = progressLine(options.json === true);
    const done: JudgedDay[] = [];
    for (const { from, state } of due) {
      const day = new Date(from).toISOString().slice(0, 10);
      const onRange = (share: number): void => progress.show(`${day}: ${Math.round(100 * share)} %`);
      done.push(await judgeDay(store, clock, settings, from, state === 'complete', { onRange }));
    }
    progress.end();
    if (options.json) process.stdout.write(`${JSON.stringify(done)}\n`);
    else process.stdout.write(`${done.length === 0 ? 'No day is due.' : judgedText(done)}\n`);
    return 0;
  });
}
