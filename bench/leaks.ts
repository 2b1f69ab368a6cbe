/**
 * `npm run bench -- leaks [--worlds 3] [--seed N] [--days 8] [--controls S07,S13]`: what the controls find of planted leaks, what they say they cost, how
 * soon, and how often they cry wolf. Each world is another operator with other leaks and look-alikes, watched through the real path. Words and
 * rules: bench/README.md.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { WeirError } from '../core/errors.ts';
import { controls } from '../detectors/controls/index.ts';
import { createWorld, leakScenarios, lookAlikes, type Truth } from '../simulator/index.ts';
import { alarmsOf } from './leaks/alarms.ts';
import { type Played, play } from './leaks/operator.ts';
import { alarmLine, byControl, leakLine, particulars, type Total } from './leaks/report.ts';
import { type LeakScore, score } from './leaks/score.ts';
import { whyMissed } from './leaks/why.ts';

const day = 24 * 3_600_000;
/** Billing periods so short that some end while it is watched. */
const billingDays = 4;
/** A leak below this share of the daily value of its feed, or of the operator, need not be found. */
const floorShare = 0.0005;

interface Options {
  readonly worlds: number;
  readonly seed: number;
  readonly events: number;
  readonly historyDays: number;
  readonly days: number;
  readonly everyHours: number;
  readonly controls: readonly string[] | undefined;
  readonly minutes: number;
}

export async function benchLeaks(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      worlds: { type: 'string', default: '3' },
      seed: { type: 'string' },
      events: { type: 'string', default: '12000' },
      history: { type: 'string', default: '22' },
      days: { type: 'string', default: '8' },
      every: { type: 'string', default: '2' },
      controls: { type: 'string' },
      /** Minutes after which a world is watched no longer: leaks that end later do not count. */
      minutes: { type: 'string' },
      /** Files of played worlds: written with --dump, scored again with --score, for whoever works on the scorer. */
      dump: { type: 'string' },
      score: { type: 'string' },
      all: { type: 'boolean', default: false },
    },
  });
  const options: Options = {
    worlds: Number(values.worlds),
    seed: Number(values.seed ?? Date.now() % 1_000_000_000),
    events: Number(values.events),
    historyDays: Number(values.history),
    days: Number(values.days),
    everyHours: Number(values.every),
    controls: values.controls?.split(','),
    minutes: Number(values.minutes ?? Number.POSITIVE_INFINITY),
  };
  if (!(options.worlds >= 1 && options.historyDays >= 2 && options.days >= 1 && 24 % options.everyHours === 0))
    throw new WeirError('usage', '--worlds and --days want numbers from 1, --history from 2, --every a divisor of 24');
  const total: { leaks: Total['leaks'][number][]; alarms: Total['alarms'][number][]; controlDays: Record<string, number> } = {
    leaks: [],
    alarms: [],
    controlDays: {},
  };
  const files = values.score?.split(',') ?? [];
  const worlds = files.length > 0 ? files.length : options.worlds;
  console.log(`seed ${options.seed}, ${worlds} worlds of ${options.days} watched days, ${options.events} events a day`);
  for (let world = 0; world < worlds; world++) {
    const file = files[world];
    const played = file ? (JSON.parse(readFileSync(file, 'utf8')) as Played) : await playWorld(options, world);
    if (values.dump) writeFileSync(`${values.dump}-${world}.json`, JSON.stringify(played));
    for (const failure of new Set(played.failures)) console.log(`  a control failed: ${failure}`);
    add(total, played, world);
  }
  if (values.all) {
    console.log(total.leaks.map(leakLine).join('\n'));
    console.log(total.alarms.map((each) => `${each.found ? '+' : each.related ? '~' : '-'} ${alarmLine(each)}`).join('\n'));
  }
  console.log(`\n${particulars(total)}\n\n${byControl(total)}`);
}

async function playWorld(options: Options, number: number): Promise<Played> {
  const seed = options.seed + 1000 * number;
  const { historyDays, days, everyHours, events } = options;
  // The last watched day is yesterday: what is stored has a life time by the clock.
  const from = Math.floor(Date.now() / day) * day - (days + historyDays) * day;
  const begin = from + historyDays * day;
  const world = createWorld({ seed, eventsPerDay: events, pons: 1, ontsPerPon: 1, backOffice: true, billingDays });
  const end = begin + days * day;
  const scenarios = [
    ...lookAlikes(world, { seed, from: begin - 7 * day, to: end }),
    ...leakScenarios(world, { seed, from: begin, to: end, ...(options.controls ? { controls: options.controls } : {}) }),
  ];
  const started = Date.now();
  const deadline = started + options.minutes * 60_000;
  const seconds = (): string => ((Date.now() - started) / 1000).toFixed(0);
  return play({
    ...{ world, from, historyDays, days, everyHours, scenarios, controls: options.controls, deadline },
    onProgress: (text) => console.log(`  world ${number}, ${seconds()} s: ${text}; load ${loadavg()[0]!.toFixed(0)}`),
  });
}

/** Scores one world and adds it to what the others gave. */
function add(total: { leaks: unknown[]; alarms: unknown[]; controlDays: Record<string, number> }, played: Played, world: number): void {
  const { said, planted, complete, arrivals, lookMs, judging, days, dailyValue, results, watchedTo } = played;
  const operator = Object.values(dailyValue).reduce((most, each) => Math.max(most, each), 0);
  const floor = ({ scope }: Truth): number => floorShare * (dailyValue[scope['source'] ?? ''] ?? operator);
  const facts = controls.map(({ identity, metric, trigger, windowMs }) => ({ identity, metric, trigger, windowMs }));
  const { leaks, alarms } = score({ alarms: alarmsOf(said), planted, complete, arrivals, lookMs, controls: facts, floor, watchedTo });
  const why = (leak: LeakScore): string => (leak.alarm ? '' : whyMissed(leak.truth, results));
  total.leaks.push(...leaks.map((each) => ({ ...each, world, why: why(each) })));
  total.alarms.push(...alarms.map((each) => ({ ...each, world })));
  for (const control of judging) total.controlDays[control] = (total.controlDays[control] ?? 0) + days;
}
