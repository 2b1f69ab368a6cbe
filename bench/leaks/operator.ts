/**
 * An operator watched from outside: the files of a simulated world go through the real pipeline into a real ClickHouse, the detection loop and
 * reconciliation look at them by a clock that moves hour by hour, and everything they say is kept with the instant at which it was said.
 */
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { controls } from '../../detectors/controls/index.ts';
import type { Scenario, World } from '../../simulator/index.ts';
import { startServer } from '../../sql/server/start.ts';
import { connect, type Store } from '../../sql/store.ts';
import type { Word } from './alarms.ts';
import { openSender } from './files-of.ts';
import { hourlyOf } from './hourly.ts';
import { openIntake, type Receipts, tenant } from './intake.ts';
import { pastOf, skipPast } from './past.ts';
import type { Completeness, Done, Planted } from './score.ts';
import { timedStore } from './timed.ts';
import { openWatch } from './watch.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

export interface Played {
  readonly said: readonly Word[];
  readonly planted: readonly Planted[];
  readonly complete: readonly Completeness[];
  /** When files came, by feed, ms in order. */
  readonly arrivals: Readonly<Record<string, readonly number[]>>;
  /** Controls that could judge anything while watched: not only "not applicable". */
  readonly judging: readonly string[];
  /** Controls that judged, where not all did. */
  readonly controls?: readonly string[] | undefined;
  /** Time between two looks, ms. */
  readonly lookMs: number;
  /** Watched days: fewer than planned where the time was up. */
  readonly days: number;
  /** Event time up to which it was watched, ms. */
  readonly watchedTo: number;
  /** Micro-units of retail value behind the records of each feed on a mean watched day. */
  readonly dailyValue: Readonly<Record<string, number>>;
  /** What the controls wrote down beside their findings: by control, state and note. */
  readonly results: readonly ResultNote[];
  readonly failures: readonly string[];
  readonly records: number;
}

/** Judgements of one cell with the same state and note. */
export interface ResultNote {
  readonly control: string;
  readonly state: string;
  readonly note: string;
  readonly cell: Readonly<Record<string, string>>;
  /** Event time, ms. */
  readonly from: number;
  readonly to: number;
  readonly times: number;
}

export interface PlayOptions {
  readonly world: World;
  /** First instant of the history, a midnight UTC. */
  readonly from: number;
  /** Days that are stored before anybody looks. */
  readonly historyDays: number;
  /** Days that are watched. */
  readonly days: number;
  /** Hours of a file, and between two looks. */
  readonly everyHours: number;
  /** The same in the last days of the past. */
  readonly pastEvery: number;
  readonly scenarios: readonly Scenario[];
  /** Those that may begin in the history: what looks like a leak. */
  readonly before: readonly Scenario[];
  /** Directory in which the past of a world is kept for another time. */
  readonly keep?: string | undefined;
  /** Directory in which an operator is left as it is when the time is up, and from which it is watched on. Default: it is removed. */
  readonly state?: string | undefined;
  /** Minutes of the wall clock after which watching ends, whatever is left. Default: never. */
  readonly minutes?: number | undefined;
  /** Controls that judge. Default: all that ship. */
  readonly controls?: readonly string[] | undefined;
  readonly onProgress?: (text: string) => void;
  /** Told after each watched day what has come of it so far: for whoever does not wait for the end. */
  readonly onDay?: (played: Played) => void;
}

/** What was said and stored when watching was left. */
interface Left {
  readonly watchedTo: number;
  readonly said: readonly Word[];
  readonly complete: readonly Completeness[];
  readonly failures: readonly string[];
  readonly records: number;
  readonly receipts: Receipts;
}

/** Plays an operator from its first day to its last. Rejects when a file cannot be taken in; a control that fails is among `failures`. */
export async function play(options: PlayOptions): Promise<Played> {
  const { world, from, historyDays: days, pastEvery: everyHours, before, keep, state, onProgress } = options;
  const note = state === undefined ? '' : join(state, 'left.json');
  const left = note !== '' && existsSync(note) ? (JSON.parse(readFileSync(note, 'utf8')) as Left) : undefined;
  const past = left ? undefined : await pastOf({ world, from, days, everyHours, scenarios: before, keep, onProgress });
  if (past && state !== undefined) {
    cpSync(past.directory, state, { recursive: true });
    rmSync(past.directory, { recursive: true, force: true });
  }
  const directory = state ?? past!.directory;
  const server = await startServer({ directory, httpPort: 0, tcpPort: 0 });
  const store = connect({ url: server.url, user: 'weir', password: server.credentials.weir });
  try {
    return await watched(options, store, join(directory, 'in'), past?.receipts ?? left!.receipts, left, (now) => {
      if (note !== '') writeFileSync(note, JSON.stringify(now));
    });
  } finally {
    await store.close();
    await server.stop();
    if (state === undefined) rmSync(directory, { recursive: true, force: true });
  }
}

async function watched(
  options: PlayOptions,
  plain: Store,
  inbox: string,
  receipts: Receipts,
  left: Left | undefined,
  leave: (now: Left) => void,
): Promise<Played> {
  const { world, from, historyDays, days, everyHours, onProgress } = options;
  const stepMs = everyHours * hour;
  const begin = from + historyDays * day;
  const end = begin + days * day;
  let now = (left?.watchedTo ?? begin) + minute;
  const clock = { now: () => now };
  const { store, slowest } = timedStore(plain);
  const intake = await openIntake(store, clock, world, inbox, receipts);
  const { settings } = intake;
  const value: Record<string, number> = {};
  const arrivals: Record<string, number[]> = {};
  const hours = options.scenarios.map(hourlyOf);
  const scenarios = hours.map(({ scenario }) => scenario);
  const sender = openSender(world, from, scenarios);
  skipPast(sender, { world, from, days: historyDays, everyHours: options.pastEvery, scenarios });
  const done = scenarios.map((): Done[] => []);
  const step = async (to: number, take: boolean): Promise<void> => {
    const due = sender.next(to);
    if (take) {
      now = to + minute;
      await intake.take(due);
      // As ingest does by itself every minute.
      await intake.refresh();
    }
    for (const { feed, figures } of due) {
      arrivals[feed] = [...(arrivals[feed] ?? []), to + minute];
      for (const figure of figures) value[feed] = (value[feed] ?? 0) + figure.value;
    }
    scenarios.forEach((scenario, index) => {
      const { records: all, money } = scenario.truth();
      done[index]!.push({ at: to, records: all, money });
    });
  };

  let watchedTo = begin;
  const said: Word[] = [...(left?.said ?? [])];
  const complete: Completeness[] = [...(left?.complete ?? [])];
  const watch = await openWatch({
    ...{ store, clock, settings },
    matching: options.controls === undefined || options.controls.some((identity) => identity === 'S08' || identity === 'S09'),
    definitions: controls.filter(({ identity }) => options.controls === undefined || options.controls.includes(identity)),
    onFindings: (findings) => {
      said.push(...findings.map((finding) => ({ at: now, finding })));
    },
  });
  const failures = (): readonly string[] => [...(left?.failures ?? []), ...watch.failures()];
  const records = (): number => (left?.records ?? 0) + intake.records();
  const facts = async (): Promise<Played> => {
    const watchedDays = (watchedTo - begin) / day;
    const judging = await store.select<{ control: string }>(
      `SELECT DISTINCT control FROM control_results WHERE tenant = '${tenant}' AND state IN ('ok', 'violation') ORDER BY control`,
    );
    return {
      said,
      planted: scenarios.map((scenario, index) => ({ truth: scenario.truth(), done: done[index]!, hourly: hours[index]!.hourly() })),
      complete,
      arrivals,
      controls: options.controls,
      judging: judging.map(({ control }) => control),
      lookMs: stepMs,
      days: watchedDays,
      watchedTo,
      dailyValue: Object.fromEntries(Object.entries(value).map(([feed, sum]) => [feed, sum / watchedDays])),
      results: await resultNotes(store),
      failures: failures(),
      records: records(),
    };
  };
  const started = Date.now();
  let files = 0;
  const later = (): void => {
    now += minute;
  };
  try {
    for (
      let at = begin + stepMs;
      at <= end && Date.now() - started < (options.minutes ?? Number.POSITIVE_INFINITY) * minute;
      at += stepMs
    ) {
      watchedTo = at;
      const before = performance.now();
      const again = left !== undefined && at <= left.watchedTo;
      await step(at, !again);
      if (again) continue;
      files += (performance.now() - before) / 1000;
      await watch.look(later);
      complete.push({ at: now, legs: await completeLegs(store) });
      if ((at - begin) % (day / 2) > 0) continue;
      const { looks, matches } = watch.spent();
      const seconds = `files ${files.toFixed(0)} s, looks ${looks.toFixed(0)} s, matches ${matches.toFixed(0)} s`;
      if ((at - begin) % day === 0) options.onDay?.(await facts());
      onProgress?.(`watched, ${(at - begin) / day} of ${days} days, ${watch.firing()} findings stand; ${seconds}; ${slowest()}`);
    }
    leave({ watchedTo, said, complete, failures: failures(), records: records(), receipts: intake.receipts() });
  } finally {
    await watch.stop();
  }
  return facts();
}

async function resultNotes(store: Store): Promise<readonly ResultNote[]> {
  const rows = await store.select<Record<keyof ResultNote, string>>(
    `SELECT control, state, note, toJSONString(mapFilter((name, text) -> name NOT IN ('at', 'batch', 'file'), cell)) AS cell,
       toString(toUnixTimestamp64Milli(min(window_from))) AS from, toString(toUnixTimestamp64Milli(max(window_to))) AS to, toString(count()) AS times
     FROM control_results WHERE tenant = '${tenant}' AND (state != 'ok' OR note != '') GROUP BY control, state, note, cell LIMIT 20000`,
  );
  return rows.map(({ control, state, note, cell, from, to, times }) => ({
    ...{ control, state, note, cell: JSON.parse(cell) as Record<string, string> },
    ...{ from: Number(from), to: Number(to), times: Number(times) },
  }));
}

/** A leg is complete as far as its slowest source that is not a day behind, as the loop sees it. */
async function completeLegs(store: Store): Promise<Readonly<Record<string, number>>> {
  const rows = await store.select<{ leg: string; complete: string }>(
    `SELECT leg, toString(toUnixTimestamp64Milli(minIf(upto, upto >= newest - INTERVAL 1 DAY))) AS complete FROM
     (SELECT leg, source, argMax(complete_to, updated_at) AS upto, max(upto) OVER (PARTITION BY leg) AS newest
      FROM watermarks WHERE tenant = '${tenant}' AND leg != 'weir' GROUP BY leg, source) GROUP BY leg`,
  );
  return Object.fromEntries(rows.map(({ leg, complete }) => [leg, Number(complete)]));
}
