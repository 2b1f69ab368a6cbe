/** `weir simulate`: the files of a whole small operator, with planted leaks and the truth about them. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { stringify } from 'yaml';
import { WeirError } from '../../../core/errors.ts';
import {
  createWorld,
  extensionOf,
  feedSettings,
  history,
  leakScenarios,
  leakTypes,
  lookAlikes,
  nativeFormats,
  nativeText,
  type Scenario,
  type SimulatedFile,
  type Truth,
  type World,
} from '../../../simulator/index.ts';
import { writeSimulatedFile } from '../../demo/writer.ts';
import { arrivals } from '../../simulate/arrivals.ts';
import { type Posting, postFile } from '../../simulate/post.ts';
import type { AddCommand } from '../command.ts';
import { instantOf } from '../instant.ts';
import { grouped, progressLine, table } from '../print.ts';

interface SimulateOptions {
  readonly out?: string;
  readonly post?: string;
  readonly token?: string;
  readonly settings?: string;
  readonly formats?: boolean;
  readonly seed: string;
  readonly days: string;
  readonly subscribers: string;
  readonly events?: string;
  readonly from?: string;
  readonly leaks?: true | readonly string[];
  readonly lookAlikes?: boolean;
  readonly json?: boolean;
}

const dayMs = 86_400_000;
const hourMs = 3_600_000;
/** Calls, messages and data sessions of a subscriber on a workday. */
const eventsEach = 4;
/** History before the first leak, in days, where there is room for it. */
const learning = 14;

export const addSimulate: AddCommand = (program, exit) => {
  program
    .command('simulate')
    .description('write or post the files of a simulated operator, with planted leaks and the truth about them')
    .option('--out <dir>', 'write the files below a directory, with a weir.yaml that reads them and truth.json')
    .option('--post <url>', 'post them to a Weir, e.g. http://127.0.0.1:8080, under the names of the sources')
    .option('--token <token>', 'token of the role ingest for --post; default: WEIR_TOKEN')
    .option('--settings <file>', 'only write a weir.yaml whose sources take what --post posts')
    .option('--formats', `with --out: a day of calls and sessions as ${nativeFormats.join(', ')} in DIR/formats too`)
    .option('--seed <number>', 'the same seed gives the same bytes', '7')
    .option('--days <number>', 'days of files, an hour each', '7')
    .option('--subscribers <number>', 'size of the operator', '3000')
    .option('--events <number>', `calls, messages and data sessions of a workday; default: ${eventsEach} a subscriber`)
    .option('--from <time>', 'first instant, e.g. 2026-11-01; default: so that the last day is yesterday')
    .option('--leaks [control...]', 'plant leaks: of all controls, or of these, e.g. --leaks S07 S14')
    .option('--look-alikes', 'plant what looks like a leak and is none: a quiet day, a campaign, an outage, late files, a node swap')
    .addHelpText(
      'after',
      '\nLeaks begin after two weeks of history, or after half of fewer days. truth.json says what was done: control, scope, time, records,\namount. What looks like a leak and is none has the nature innocent.',
    )
    .action(async (options: SimulateOptions) => exit(await run(options)));
};

async function run(options: SimulateOptions): Promise<number> {
  if (options.settings !== undefined) {
    writeFileSync(options.settings, stringify(settingsOf(postedSources())));
    return 0;
  }
  if ((options.out === undefined) === (options.post === undefined)) throw new WeirError('usage', 'say either --out DIR or --post URL');
  const days = whole(options.days, '--days', 1, 400);
  const subscribers = whole(options.subscribers, '--subscribers', 1, 2_000_000);
  const eventsPerDay = whole(options.events ?? `${eventsEach * subscribers}`, '--events', 1, 100_000_000);
  const seed = whole(options.seed, '--seed', 0, 2 ** 31);
  const from = options.from === undefined ? Math.floor(Date.now() / dayMs) * dayMs - days * dayMs : instantOf(options.from, '--from');
  const world = createWorld({ seed, subscribers, eventsPerDay, pons: 4, ontsPerPon: 8, backOffice: true, billingDays: 7 });
  const to = from + days * dayMs;
  const scenarios = planted(world, options, seed, from, to, days);
  const send = options.out === undefined ? poster(options) : writer(options.out, world);
  const counts = new Map<string, { files: number; records: number }>();
  const progress = progressLine(options.json === true);
  const tail = { length: 0, every: hourMs };
  for (const file of arrivals(history(world, { from, to, every: hourMs, tail, scenarios }))) {
    await send(file);
    const count = counts.get(file.feed) ?? { files: 0, records: 0 };
    count.files++;
    count.records += file.lines.length;
    counts.set(file.feed, count);
    progress.show(`day ${Math.max(1, Math.ceil((file.to - from) / dayMs))} of ${days}`);
  }
  progress.end();
  if (options.out !== undefined && options.formats) writeFormats(join(options.out, 'formats'), world, to);
  const truths = scenarios.map((scenario) => scenario.truth());
  if (options.out !== undefined) writeFileSync(join(options.out, 'truth.json'), `${JSON.stringify(truths, null, 2)}\n`);
  const result = {
    seed,
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    feeds: Object.fromEntries(counts),
    planted: truths,
  };
  process.stdout.write(options.json ? `${JSON.stringify(result)}\n` : `${textOf(counts, truths, options)}\n`);
  return 0;
}

function planted(
  world: World,
  { leaks, lookAlikes: innocent }: SimulateOptions,
  seed: number,
  from: number,
  to: number,
  days: number,
): Scenario[] {
  const controls = Array.isArray(leaks) ? leaks.map((each: string) => each.toUpperCase()) : undefined;
  const known = new Set(leakTypes.map(({ control }) => control));
  for (const control of controls ?? []) {
    if (!known.has(control))
      throw new WeirError('usage', `no leak is known for ${control}`, { place: '--leaks', hint: `known: ${[...known].sort().join(', ')}` });
  }
  const begin = from + Math.min(learning, Math.floor(days / 2)) * dayMs;
  const more = controls ? { controls } : {};
  return [
    ...(leaks === undefined ? [] : leakScenarios(world, { seed, from: begin, to, ...more })),
    ...(innocent ? lookAlikes(world, { seed, from: begin, to }) : []),
  ];
}

/** Writes files below a directory, with settings that read them. */
function writer(out: string, world: World): (file: SimulatedFile) => void {
  const root = resolve(out);
  mkdirSync(root, { recursive: true });
  const sources = feedSettings(root, world);
  for (const { directory } of Object.values(sources)) mkdirSync(directory, { recursive: true });
  writeFileSync(join(root, 'weir.yaml'), stringify(settingsOf(sources)));
  return (file) => writeSimulatedFile(root, file);
}

/** The last day once more, in formats of their own. */
function writeFormats(directory: string, world: World, to: number): void {
  mkdirSync(directory, { recursive: true });
  for (const format of nativeFormats)
    writeFileSync(join(directory, `${format}.${extensionOf(format)}`), [...nativeText(world, format, to - dayMs, to)].join(''));
}

const settingsOf = (sources: object): object => ({
  tenant: 'main',
  country: 'US',
  currency: 'USD',
  timeZone: 'America/New_York',
  reconciliation: { enabled: true },
  sources,
});

/** The feeds as sources that are posted to. */
function postedSources(): object {
  const feeds = Object.entries(feedSettings('.', { backOffice: true }));
  return Object.fromEntries(feeds.map(([name, { country, mapping }]) => [name, { type: 'http', country, mapping }]));
}

function poster({ post, token }: SimulateOptions): (file: SimulatedFile) => Promise<void> {
  const url = post!;
  if (!/^https?:\/\//.test(url))
    throw new WeirError('usage', `--post ${url}: not a URL`, { place: '--post', hint: 'e.g. http://127.0.0.1:8080' });
  const posting: Posting = { url, token: token ?? process.env['WEIR_TOKEN'] ?? '' };
  return (file) => postFile(posting, file);
}

function whole(text: string, option: string, min: number, max: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < min || value > max)
    throw new WeirError('usage', `${option} ${text}: a whole number from ${grouped(min)} to ${grouped(max)}`, { place: option });
  return value;
}

const time = (instant: number): string => (Number.isFinite(instant) ? new Date(instant).toISOString().slice(0, 16).replace('T', ' ') : '-');

function textOf(
  counts: ReadonlyMap<string, { files: number; records: number }>,
  truths: readonly Truth[],
  { out, post }: SimulateOptions,
): string {
  const feeds = table(
    [{ title: 'FEED' }, { title: 'FILES', right: true }, { title: 'RECORDS', right: true }],
    [...counts].map(([feed, { files, records }]) => [feed, grouped(files), grouped(records)]),
  );
  const done = table(
    [
      { title: 'CONTROL' },
      { title: 'PLANTED' },
      { title: 'FROM (UTC)' },
      { title: 'TO (UTC)' },
      { title: 'RECORDS', right: true },
      { title: 'AMOUNT', right: true },
      { title: 'SCOPE', width: 60 },
    ],
    truths.map((truth) => [
      truth.control || '-',
      truth.scenario,
      time(truth.from),
      time(truth.to),
      grouped(truth.records),
      (truth.money / 1e6).toFixed(2),
      Object.entries(truth.scope)
        .map(([name, value]) => `${name}=${value}`)
        .join(' '),
    ]),
  );
  const next = out === undefined ? `Posted to ${post}.` : `Read them:  npx weir start --config ${join(out, 'weir.yaml')}`;
  return [feeds, ...(truths.length > 0 ? [done] : []), next].join('\n\n');
}
