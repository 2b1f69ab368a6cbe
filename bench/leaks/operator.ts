/**
 * An operator watched from outside: the files of a simulated world go through the real pipeline into a real ClickHouse, the detection loop and
 * reconciliation look at them by a clock that moves hour by hour, and everything they say is kept with the instant at which it was said.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { writeSimulatedFile } from '../../app/demo/writer.ts';
import { startDetection } from '../../app/detect/start.ts';
import { completeFile, takeFile } from '../../app/pipeline/file-job.ts';
import { formatOf } from '../../app/pipeline/format-of.ts';
import { openPipeline, type PipelineSource } from '../../app/pipeline/pipeline.ts';
import type { StandingReceipt } from '../../app/pipeline/receipts.ts';
import { startReconciling } from '../../app/reconcile/loop.ts';
import { parseSettings } from '../../app/settings/load.ts';
import { controls } from '../../detectors/controls/index.ts';
import { feedSettings, referenceFiles, type Scenario, type SimulatedFile, startRun, type World } from '../../simulator/index.ts';
import { migrate } from '../../sql/migrate.ts';
import { startServer } from '../../sql/server/start.ts';
import { connect, type Store } from '../../sql/store.ts';
import type { Word } from './alarms.ts';
import type { Completeness, Done, Planted } from './score.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const tenant = 'bench';
/** So many last days of the history come in hourly files, as the watched days do; before that a file holds a day. */
const rhythmDays = 3;

export interface Played {
  readonly said: readonly Word[];
  readonly planted: readonly Planted[];
  readonly complete: readonly Completeness[];
  /** When files came, by feed, ms in order. */
  readonly arrivals: Readonly<Record<string, readonly number[]>>;
  /** Controls that could judge anything while watched: not only "not applicable". */
  readonly judging: readonly string[];
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
  readonly scenarios: readonly Scenario[];
  /** Instant of the wall clock at which watching ends, whatever is left, ms. Default: never. */
  readonly deadline?: number | undefined;
  /** Controls that judge. Default: all that ship. */
  readonly controls?: readonly string[] | undefined;
  readonly onProgress?: (text: string) => void;
}

/** Plays an operator from its first day to its last. Rejects when a file cannot be taken in; a control that fails is among `failures`. */
export async function play(options: PlayOptions): Promise<Played> {
  const directory = mkdtempSync(join(tmpdir(), 'weir-leaks-'));
  const server = await startServer({ directory, httpPort: 0, tcpPort: 0 });
  const store = connect({ url: server.url, user: 'weir', password: server.credentials.weir });
  try {
    await migrate(store);
    return await watched(options, store, join(directory, 'in'));
  } finally {
    await store.close();
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function watched(options: PlayOptions, store: Store, inbox: string): Promise<Played> {
  const { world, from, historyDays, days, everyHours, scenarios, onProgress } = options;
  const stepMs = everyHours * hour;
  const sources = feedSettings(inbox, world);
  const settings = {
    ...parseSettings(`tenant: ${tenant}\ncountry: US\ncurrency: USD\nreconciliation:\n  enabled: true\n`, 'bench'),
    sources,
  };
  const begin = from + historyDays * day;
  const end = begin + days * day;
  let now = from;
  const clock = { now: () => now };
  const failures: string[] = [];
  const quiet = {
    info: () => undefined,
    warn: () => undefined,
    error: (fields: object, message: string) => failures.push(`${message}: ${JSON.stringify(fields)}`),
  };
  const log = pino({ level: 'silent' });
  const pipeline = await openPipeline({ store, clock, settings, pseudonymKey: new Uint8Array(32).fill(7), owner: 'bench', log });
  const ready = new Map<string, { source: PipelineSource; receipts: StandingReceipt[] }>();
  for (const [name, source] of Object.entries(sources))
    ready.set(name, { source: pipeline.source(name, formatOf(name, source), source.country), receipts: [] });
  let records = 0;
  const value: Record<string, number> = {};
  const arrivals: Record<string, number[]> = {};
  const take = async (file: SimulatedFile): Promise<void> => {
    const { source, receipts } = ready.get(file.feed)!;
    const pattern = sources[file.feed]!.sequence?.pattern;
    writeSimulatedFile(inbox, file);
    const path = join(inbox, file.feed, file.name);
    const result = await takeFile(pipeline, {
      source,
      file: await completeFile(path),
      receipts,
      ...(pattern ? { sequencePattern: pattern } : {}),
    });
    if (result.error !== '') throw new Error(`${file.name}: ${result.error}`);
    receipts.push(result.receipt);
    records += result.totals.stored;
    if (now > begin) arrivals[file.feed] = [...(arrivals[file.feed] ?? []), now];
    rmSync(path);
  };
  /** Feeds side by side, each in order. */
  const takeAll = async (files: readonly SimulatedFile[]): Promise<void> => {
    const feeds = new Map<string, SimulatedFile[]>();
    for (const file of files) feeds.set(file.feed, [...(feeds.get(file.feed) ?? []), file]);
    await Promise.all(
      [...feeds.values()].map(async (own) => {
        for (const file of own) await take(file);
      }),
    );
  };
  for (const file of referenceFiles(world, from - 30 * day)) await take(file);
  await pipeline.reference.refresh();

  const run = startRun(world, { from, scenarios });
  /** What comes later than it was closed. */
  let held: SimulatedFile[] = [];
  const done = scenarios.map((): Done[] => []);
  const step = async (to: number, flush = false): Promise<void> => {
    held.push(...[...run.until(to, to - run.now(), flush)].filter(({ kind }) => kind !== 'measurement'));
    const due = held.filter(({ modifiedAt }) => modifiedAt <= to + minute).sort((a, b) => a.modifiedAt - b.modifiedAt);
    held = held.filter(({ modifiedAt }) => modifiedAt > to + minute);
    now = to + minute;
    await takeAll(due);
    if (to <= begin) return;
    for (const { feed, figures } of due) for (const figure of figures) value[feed] = (value[feed] ?? 0) + figure.value;
    scenarios.forEach((scenario, index) => {
      const { records: all, money } = scenario.truth();
      done[index]!.push({ at: to, records: all, money });
    });
  };
  for (let at = from; at < begin; ) {
    at += at < begin - rhythmDays * day ? day : stepMs;
    await step(at, (at - from) % day === 0);
    if ((at - from) % day === 0) onProgress?.(`history, day ${(at - from) / day} of ${historyDays}`);
  }

  let watchedTo = begin;
  const said: Word[] = [];
  const complete: Completeness[] = [];
  const detection = await startDetection({
    store,
    clock,
    settings,
    log: quiet,
    definitions: controls.filter(({ identity }) => options.controls === undefined || options.controls.includes(identity)),
    detectors: [],
    everyMs: 0,
    onFindings: (findings) => {
      said.push(...findings.map((finding) => ({ at: now, finding })));
    },
  });
  const reconciling = startReconciling({ store, clock, settings, log: quiet, everyMs: 0 });
  try {
    const spent = { files: 0, looks: 0, matches: 0 };
    const timed = async (what: keyof typeof spent, work: () => Promise<unknown>): Promise<void> => {
      const started = performance.now();
      await work();
      spent[what] += (performance.now() - started) / 1000;
    };
    for (let at = begin + stepMs; at <= end && Date.now() < (options.deadline ?? Number.POSITIVE_INFINITY); at += stepMs) {
      watchedTo = at;
      await timed('files', () => step(at));
      await timed('looks', () => detection.tick());
      now += minute;
      let matched = 0;
      await timed('matches', async () => {
        matched = await reconciling.look().catch((error: unknown) => {
          failures.push(`reconciliation: ${String(error)}`);
          return 0;
        });
      });
      if (matched > 0) await timed('looks', () => detection.tick());
      complete.push({ at: now, legs: await completeLegs(store) });
      if ((at - begin) % day === 0)
        onProgress?.(
          `watched, day ${(at - begin) / day} of ${days}, ${detection.firing().length} findings stand; seconds: ${JSON.stringify(spent)}`,
        );
    }
  } finally {
    await reconciling.stop();
    await detection.stop();
  }
  const watchedDays = (watchedTo - begin) / day;
  const judging = await store.select<{ control: string }>(
    `SELECT DISTINCT control FROM control_results WHERE tenant = '${tenant}' AND state IN ('ok', 'violation') ORDER BY control`,
  );
  return {
    said,
    planted: scenarios.map((scenario, index) => ({ truth: scenario.truth(), done: done[index]! })),
    complete,
    arrivals,
    judging: judging.map(({ control }) => control),
    lookMs: stepMs,
    days: watchedDays,
    watchedTo,
    dailyValue: Object.fromEntries(Object.entries(value).map(([feed, sum]) => [feed, sum / watchedDays])),
    results: await resultNotes(store),
    failures,
    records,
  };
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
