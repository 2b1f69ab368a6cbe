/** `weir life-cycle`: orders and activations by step, those that are stuck or failed, and field visits. */
import type { Command } from 'commander';
import { WeirError } from '../../../core/errors.ts';
import { failedLines } from '../../life-cycle/failed-lines.ts';
import { allFailed, readAgeing, readFailed, readSteps, readStuck, readVisits, type Stretch } from '../../life-cycle/read.ts';
import { keepWords } from '../../life-cycle/words.ts';
import type { AddCommand } from '../command.ts';
import { instantOf } from '../instant.ts';
import { failedText, stepsText, stuckText, visitsText } from '../life-cycle-table.ts';
import { type CommonOptions, type OpenStore, withStore, workplace } from '../options.ts';

interface StretchOptions extends CommonOptions {
  readonly from?: string;
  readonly to?: string;
}

interface ListOptions extends CommonOptions {
  readonly step?: string;
  readonly limit: string;
}

interface FailedOptions extends StretchOptions, ListOptions {
  readonly state?: string;
  readonly csv?: boolean;
}

const usualDays = 7;
const dayMs = 86_400_000;
const clock = { now: () => Date.now() };
const states = ['open', 'succeeded', 'ended'] as const;

export const addLifeCycle: AddCommand = (program, exit) => {
  const lifeCycle = program
    .command('life-cycle')
    .description('orders and activations: which steps fail, where orders wait, and field visits');
  stretched(
    lifeCycle.command('list', { isDefault: true }).description('steps with their first-time-right share, and orders on their way by age'),
  ).action(async (options: StretchOptions) => exit(await steps(options)));
  listed(lifeCycle.command('stuck').description('orders that wait twice as long as is usual, the oldest first')).action(
    async (options: ListOptions) => exit(await stuck(options)),
  );
  listed(stretched(lifeCycle.command('failed').description('steps that failed the first time, with error and customer')))
    .option('--state <state>', `only these: ${states.join(', ')}`)
    .option('--csv', 'all of them as CSV')
    .action(async (options: FailedOptions) => exit(await failed(options)));
  stretched(lifeCycle.command('visits').description('field visits by team and area: booked, arrived, done, missed, on time')).action(
    async (options: StretchOptions) => exit(await visits(options)),
  );
};

const stretched = (command: Command): Command =>
  command
    .option('--from <time>', `first instant (default: ${usualDays} days before --to)`)
    .option('--to <time>', 'first instant after it (default: now)');

const listed = (command: Command): Command =>
  command.option('--step <step>', 'only this step').option('--limit <count>', 'largest number of lines', '100');

function stretchOf({ from, to }: StretchOptions): Stretch {
  const end = to === undefined ? clock.now() : instantOf(to, '--to');
  const stretch = { from: from === undefined ? end - usualDays * dayMs : instantOf(from, '--from'), to: end };
  if (stretch.to <= stretch.from) throw new WeirError('usage', '--to must be after --from');
  return stretch;
}

function limitOf({ limit }: ListOptions): number {
  const count = Number(limit);
  if (!Number.isInteger(count) || count < 1 || count > 100_000)
    throw new WeirError('usage', `--limit ${limit}: not a number from 1 to 100000`, { place: '--limit' });
  return count;
}

/** Opens the store with the words of the settings in it; a Weir that runs keeps its own. */
async function withWords<T>(options: CommonOptions, work: (open: OpenStore) => Promise<T>): Promise<T> {
  return withStore(await workplace(options), async (open) => {
    if (open.clickhouse.how !== 'attached') await keepWords(open.store, clock, open.settings);
    return work(open);
  });
}

function print<T>(options: CommonOptions, value: T, text: (value: T) => string): void {
  process.stdout.write(options.json ? `${JSON.stringify(value)}\n` : `${text(value)}\n`);
}

async function steps(options: StretchOptions): Promise<number> {
  const stretch = stretchOf(options);
  return withWords(options, async ({ store, settings: { tenant } }) => {
    const figures = { steps: await readSteps(store, tenant, stretch), waiting: await readAgeing(store, tenant, clock.now()) };
    print(options, figures, ({ steps: tried, waiting }) => stepsText(tried, waiting));
    return 0;
  });
}

/** Exit code 1 when an order is stuck. */
async function stuck(options: ListOptions): Promise<number> {
  const limit = limitOf(options);
  return withWords(options, async ({ store, settings: { tenant } }) => {
    const orders = await readStuck(store, tenant, clock.now(), { limit, step: options.step ?? '' });
    print(options, orders, stuckText);
    return orders.length > 0 ? 1 : 0;
  });
}

async function failed(options: FailedOptions): Promise<number> {
  const stretch = stretchOf(options);
  const limit = limitOf(options);
  const state = states.find((each) => each === options.state);
  if (options.state !== undefined && state === undefined)
    throw new WeirError('usage', `--state ${options.state}: not a state`, { hint: `One of ${states.join(', ')}.` });
  const query = { step: options.step ?? '', ...(state ? { state } : {}) };
  return withWords(options, async ({ store, settings: { tenant } }) => {
    if (options.csv) for await (const line of failedLines(allFailed(store, tenant, stretch, query))) process.stdout.write(line);
    else print(options, await readFailed(store, tenant, stretch, { ...query, limit }), failedText);
    return 0;
  });
}

async function visits(options: StretchOptions): Promise<number> {
  const stretch = stretchOf(options);
  return withWords(options, async ({ store, settings }) => {
    print(options, await readVisits(store, settings, stretch, clock.now()), visitsText);
    return 0;
  });
}
