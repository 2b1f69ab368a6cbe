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
import type { Finding } from '../../core/finding.ts';
import { controls } from '../../detectors/controls/index.ts';
import {
  feedSettings,
  referenceFiles,
  type Scenario,
  type SimulatedFile,
  startRun,
  type Truth,
  type World,
} from '../../simulator/index.ts';
import { migrate } from '../../sql/migrate.ts';
import { startServer } from '../../sql/server/start.ts';
import { connect, type Store } from '../../sql/store.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const tenant = 'bench';
/** So many last days of the history come in hourly files, as the watched days do; before that a file holds a day. */
const rhythmDays = 3;

/** What was said, and when. */
export interface Said {
  readonly at: number;
  readonly finding: Finding;
}

/** What a scenario had done by an instant. */
export interface Done {
  readonly at: number;
  readonly records: number;
  readonly money: number;
}

/** One planted scenario as it went. */
export interface Planted {
  readonly truth: Truth;
  /** Hour by hour, growing. */
  readonly done: readonly Done[];
}

/** How far each leg was complete at an instant, ms of event time. */
export interface Completeness {
  readonly at: number;
  readonly legs: Readonly<Record<string, number>>;
}

export interface Played {
  readonly said: readonly Said[];
  readonly planted: readonly Planted[];
  readonly complete: readonly Completeness[];
  /** Controls that could judge anything while watched: not only "not applicable". */
  readonly judging: readonly string[];
  /** Watched days. */
  readonly days: number;
  /** Micro-units of retail value behind the records of each feed on a mean watched day. */
  readonly dailyValue: Readonly<Record<string, number>>;
  readonly failures: readonly string[];
  readonly records: number;
}

export interface PlayOptions {
  readonly world: World;
  /** First instant of the history, a midnight UTC. */
  readonly from: number;
  /** Days that are stored before anybody looks. */
  readonly historyDays: number;
  /** Days that are watched. */
  readonly days: number;
  readonly scenarios: readonly Scenario[];
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
  const { world, from, historyDays, days, scenarios, onProgress } = options;
  const sources = feedSettings(inbox);
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
    at += at < begin - rhythmDays * day ? day : hour;
    await step(at, (at - from) % day === 0);
    if ((at - from) % day === 0) onProgress?.(`history, day ${(at - from) / day} of ${historyDays}`);
  }

  const said: Said[] = [];
  const complete: Completeness[] = [];
  const detection = await startDetection({
    store,
    clock,
    settings,
    log: quiet,
    definitions: controls,
    detectors: [],
    everyMs: 0,
    onFindings: (findings) => {
      said.push(...findings.map((finding) => ({ at: now, finding })));
    },
  });
  const reconciling = startReconciling({ store, clock, settings, log: quiet, everyMs: 0 });
  try {
    for (let at = begin + hour; at <= end; at += hour) {
      await step(at);
      await detection.tick();
      now += minute;
      await reconciling.look();
      await detection.tick();
      complete.push({ at: now, legs: await completeLegs(store) });
      if ((at - begin) % day === 0)
        onProgress?.(`watched, day ${(at - begin) / day} of ${days}, ${detection.firing().length} findings stand`);
    }
  } finally {
    await reconciling.stop();
    await detection.stop();
  }
  const judging = await store.select<{ control: string }>(
    `SELECT DISTINCT control FROM control_results WHERE tenant = '${tenant}' AND state IN ('ok', 'violation') ORDER BY control`,
  );
  return {
    said,
    planted: scenarios.map((scenario, index) => ({ truth: scenario.truth(), done: done[index]! })),
    complete,
    judging: judging.map(({ control }) => control),
    days,
    dailyValue: Object.fromEntries(Object.entries(value).map(([feed, sum]) => [feed, sum / days])),
    failures,
    records,
  };
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
