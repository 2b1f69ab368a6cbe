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
import { type Alarm, alarmsOf, beganAt } from './leaks/alarms.ts';
import { type Played, play } from './leaks/operator.ts';
import { alarmLine, byControl, leakLine, particulars, type Total } from './leaks/report.ts';
import { type LeakScore, score } from './leaks/score.ts';
import { whyMissed } from './leaks/why.ts';

const day = 24 * 3_600_000;
/** Billing periods so short that some end while it is watched. */
const billingDays = 3;
/** A leak below this share of the daily value of its feed, or of the operator, need not be found. */
const floorShare = 0.0005;

interface Options {
  readonly worlds: number;
  readonly seed: number;
  readonly events: number;
  readonly historyDays: number;
  readonly days: number;
  readonly everyHours: number;
  readonly pastEvery: number;
  readonly controls: readonly string[] | undefined;
  readonly judge: readonly string[] | undefined;
  readonly until: number;
  readonly minutes: number;
  readonly leaks: number;
  readonly keep: string | undefined;
  readonly state: string | undefined;
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
      /** Hours of a file in the last days of the past. Default: as `every`. */
      'past-every': { type: 'string' },
      controls: { type: 'string' },
      /** Controls that judge, where several processes share the work on the same leaks; their dumps are scored together with --score. */
      judge: { type: 'string' },
      /** Days that are watched, fewer than the world is made for. */
      until: { type: 'string' },
      /** Minutes after which a world is watched no longer: leaks that end later do not count. */
      minutes: { type: 'string' },
      /** Seed of the leaks, where the worlds are those of another run. */
      leaks: { type: 'string' },
      /** Directory in which the pasts of worlds are kept for another run. */
      keep: { type: 'string' },
      /** Directory in which worlds are left when the minutes are up, to be watched on by the same command. */
      state: { type: 'string' },
      /** Files of played worlds: written with --dump, scored again with --score, for whoever works on the scorer. */
      dump: { type: 'string' },
      score: { type: 'string' },
      all: { type: 'boolean', default: false },
    },
  });
  const seed = Number(values.seed ?? Date.now() % 1_000_000_000);
  const options: Options = {
    worlds: Number(values.worlds),
    seed,
    leaks: Number(values.leaks ?? seed),
    keep: values.keep,
    state: values.state,
    events: Number(values.events),
    historyDays: Number(values.history),
    days: Number(values.days),
    everyHours: Number(values.every),
    pastEvery: Number(values['past-every'] ?? values.every),
    controls: values.controls?.split(','),
    judge: (values.judge ?? values.controls)?.split(','),
    until: Number(values.until ?? values.days),
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
    const dump = (played: Played): void => {
      if (values.dump) writeFileSync(`${values.dump}-${world}.json`, JSON.stringify(played));
    };
    const played = file ? (JSON.parse(readFileSync(file, 'utf8')) as Played) : await playWorld(options, world, dump);
    dump(played);
    for (const failure of new Set(played.failures)) console.log(`  a control failed: ${failure}`);
    add(total, played, world);
  }
  if (values.all) {
    console.log(total.leaks.map(leakLine).join('\n'));
    console.log(total.alarms.map((each) => `${each.found ? '+' : each.related ? '~' : '-'} ${alarmLine(each)}`).join('\n'));
  }
  console.log(`\n${particulars(total)}\n\n${byControl(total)}`);
}

async function playWorld(options: Options, number: number, onDay: (played: Played) => void): Promise<Played> {
  const seed = options.seed + 1000 * number;
  const { historyDays, days, until, everyHours, events } = options;
  // The last watched day is yesterday: what is stored has a life time by the clock.
  const from = Math.floor(Date.now() / day) * day - (days + historyDays) * day;
  const begin = from + historyDays * day;
  const world = createWorld({ seed, eventsPerDay: events, pons: 1, ontsPerPon: 1, backOffice: true, billingDays });
  const end = begin + until * day;
  const innocent = () => lookAlikes(world, { seed, from: begin - 7 * day, to: begin + days * day });
  const scenarios = [
    ...innocent(),
    ...leakScenarios(world, {
      seed: options.leaks + 1000 * number,
      from: begin,
      to: end,
      ...(options.controls ? { controls: options.controls } : {}),
    }),
  ];
  const started = Date.now();
  const seconds = (): string => ((Date.now() - started) / 1000).toFixed(0);
  return play({
    ...{
      world,
      from,
      historyDays,
      days: until,
      everyHours,
      pastEvery: options.pastEvery,
      scenarios,
      before: innocent(),
      keep: options.keep,
      state: options.state === undefined ? undefined : `${options.state}-${number}`,
      controls: options.judge,
      minutes: options.minutes,
      onDay,
    },
    onProgress: (text) => console.log(`  world ${number}, ${seconds()} s: ${text}; load ${loadavg()[0]!.toFixed(0)}`),
  });
}

/** Whether an alarm was there when watching began: it opened with the first look and is about what lies before it. */
function isOfPast(alarm: Alarm, begin: number, lookMs: number): boolean {
  return beganAt(alarm) < begin && alarm.opened < begin + 2 * lookMs;
}

/** Scores one world and adds it to what the others gave. */
function add(total: { leaks: unknown[]; alarms: unknown[]; controlDays: Record<string, number> }, played: Played, world: number): void {
  const { planted, complete, arrivals, lookMs, judging, days, dailyValue, results, watchedTo } = played;
  const begin = watchedTo - days * day;
  const said = alarmsOf(played.said).filter((alarm) => !isOfPast(alarm, begin, lookMs));
  const operator = Object.values(dailyValue).reduce((most, each) => Math.max(most, each), 0);
  const floor = ({ scope }: Truth): number => floorShare * (dailyValue[scope['source'] ?? ''] ?? operator);
  const facts = controls.map(({ identity, metric, trigger, windowMs }) => ({ identity, metric, trigger, windowMs }));
  const { leaks, alarms } = score({ alarms: said, planted, complete, arrivals, lookMs, controls: facts, floor, watchedTo });
  // Another process looks for the leaks of the other controls.
  const own = (control: string): boolean => played.controls?.includes(control) ?? true;
  const why = (leak: LeakScore): string => (leak.alarm ? '' : whyMissed(leak.truth, results));
  total.leaks.push(...leaks.filter(({ truth }) => own(truth.control)).map((each) => ({ ...each, world, why: why(each) })));
  total.alarms.push(...alarms.map((each) => ({ ...each, world })));
  for (const control of judging.filter(own)) total.controlDays[control] = (total.controlDays[control] ?? 0) + days;
}
