/** The operator at work: time moves on, feeds fill and close their files, scenarios take hold. */
import { feedsOf } from './feeds.ts';
import { fileName, type LineFigures, type SimulatedFile, totalsOf } from './file.ts';
import { day, hour, minute, second } from './instant.ts';
import { lifecycleLine, lifecycleSteps } from './lifecycle.ts';
import { openOffice } from './office/index.ts';
import type { TableFeed } from './office/table-feed.ts';
import { eventQueue } from './queue.ts';
import type { Injection, Scenario } from './scenario.ts';
import { rowLine } from './tables.ts';
import { type Reading, readingLine, readings } from './telemetry.ts';
import { type UsageWriter, usageWriter } from './usage-writer.ts';
import type { World } from './world.ts';

export interface RunOptions {
  /** First instant, ms: what was written before belongs to an earlier run. */
  readonly from: number;
  readonly scenarios?: readonly Scenario[];
  /** Last file number of each feed, where an earlier run ended. Default: none yet. */
  readonly sequences?: Readonly<Record<string, number>>;
  /** Feeds that are written. Default: all. */
  readonly feeds?: (feed: string) => boolean;
}

export interface Run {
  /**
   * Goes on to `to` in steps of `every` ms and yields the files closed on the way, in order of time.
   * @param flush closes every file at the end, also of feeds that would wait longer.
   */
  until(to: number, every: number, flush?: boolean): Generator<SimulatedFile, void, undefined>;
  /** Last file number of each feed: hand it to the next run. */
  sequences(): Record<string, number>;
  /** How far time has moved, ms. */
  now(): number;
}

/** One feed while its file is open. */
interface OpenFile {
  readonly feed: string;
  readonly kind: string;
  readonly extension: string;
  /** Column names between a header and a trailer record; empty = the feed has neither. */
  readonly columns: string;
  /** Column names alone; empty = none. */
  readonly names: string;
  since: number;
  sequence: number;
  lines: string[];
  figures: LineFigures[];
}

interface OpenUsage extends OpenFile {
  readonly period: number;
  readonly writer: UsageWriter;
}

interface OpenTable extends OpenFile {
  readonly table: TableFeed;
}

/** Time a file takes to be closed and sent. */
const transfer = 5 * second;

/**
 * Starts the operator at an instant. Two runs that meet (`from` of the second = end of the first) write each record exactly once.
 * @example [...startRun(createWorld({ subscribers: 50 }), { from: 0 }).until(3_600_000, 3_600_000, true)].length > 0 // true
 */
export function startRun(world: World, options: RunOptions): Run {
  const injections = (options.scenarios ?? []).map((scenario) => scenario.inject);
  const wanted = options.feeds ?? (() => true);
  const feeds = feedsOf(world).filter(({ feed }) => wanted(feed));
  const slowest = Math.max(...feeds.map((feed) => feed.delay));
  const events = eventQueue(world, options.from, slowest, injections);
  const open = (feed: string, kind: string, extension: string, columns: string, names = ''): OpenFile => ({
    feed,
    kind,
    extension,
    columns,
    names,
    since: options.from,
    sequence: options.sequences?.[feed] ?? 0,
    lines: [],
    figures: [],
  });
  const office = openOffice(world, injections, options.from);
  const tables: OpenTable[] = (office?.feeds ?? []).map((table) => ({
    ...open(table.feed, table.kind, 'csv', '', table.columns.join(',')),
    table,
  }));
  const usage: OpenUsage[] = feeds.map((feed) => ({
    ...open(feed.feed, 'usage', 'csv', feed.columns.join(',')),
    period: feed.period,
    writer: usageWriter(feed, world, injections, options.from, Math.floor(options.from / second) * 100, office?.written[feed.leg]),
  }));
  const telemetry = open('olt-telemetry', 'measurement', 'jsonl', '');
  const lifecycle = open('crm-lifecycle', 'lifecycle', 'jsonl', '');
  let now = options.from;

  function* step(to: number, every: number, flush: boolean): Generator<SimulatedFile, void, undefined> {
    // Hour by hour, so that events are written and forgotten while they are young, however long the file.
    for (let at = now; at < to; ) {
      at = Math.min(to, at + hour);
      events.advance(at);
      for (const feed of usage) feed.writer.write(events.closed, at, feed);
      office?.count(events.closed, at);
      events.forget(at - slowest);
    }
    for (const feed of usage) if (flush || to - feed.since >= feed.period) yield* close(feed, to, injections);
    for (const feed of tables) {
      const { since, table } = feed;
      if (!flush && to - since < table.period) continue;
      let rows = table.rows(since, to);
      for (const injection of injections) rows = injection.rows ? injection.rows(rows, table.feed, since, to) : rows;
      feed.lines = rows.map((row) => rowLine(row, table.columns));
      yield* close(feed, to, injections);
      feed.since = to;
    }
    const rest = every >= day ? 7 * day : minute;
    if (wanted(telemetry.feed) && (flush || to - telemetry.since >= Math.min(rest, every))) {
      telemetry.lines = readingLines(world, telemetry.since, to, injections);
      yield* close(telemetry, to, injections);
    }
    if (wanted(lifecycle.feed) && (flush || to - lifecycle.since >= rest)) {
      lifecycle.lines = lifecycleSteps(world, lifecycle.since, to).map((step) => lifecycleLine(step, world));
      yield* close(lifecycle, to, injections);
    }
    now = to;
  }

  return {
    *until(to, every, flush = false) {
      while (now < to) {
        const next = Math.min(now + every, to);
        yield* step(next, every, flush && next === to);
      }
    },
    sequences: () => Object.fromEntries([...usage, ...tables, telemetry, lifecycle].map(({ feed, sequence }) => [feed, sequence])),
    now: () => now,
  };
}

function readingLines(world: World, from: number, to: number, injections: readonly Injection[]): string[] {
  const taken: Reading[] = [];
  for (const reading of readings(world, from, to)) {
    let changed: typeof reading | undefined = reading;
    for (const injection of injections) changed = changed && injection.reading ? injection.reading(changed, world) : changed;
    if (changed) taken.push(changed);
  }
  for (const injection of injections) if (injection.readings) taken.push(...injection.readings(from, to, world));
  return taken.sort((a, b) => a.at - b.at).map((reading) => readingLine(reading, world));
}

/** Closes the open file, unless a scenario holds it; of feeds with header and trailer also an empty one, as switches do at night. A scenario that loses it is told what was in it. */
function* close(open: OpenFile, to: number, injections: readonly Injection[]): Generator<SimulatedFile, void, undefined> {
  if (open.lines.length === 0 && open.columns === '') return;
  const verdicts = injections.map((injection) => injection.closing?.(open.feed, open.since, to) ?? 'write');
  if (verdicts.includes('delay')) return;
  const lost = verdicts.includes('lose');
  const sequence = lost ? open.sequence : ++open.sequence;
  const file: SimulatedFile = {
    feed: open.feed,
    name: fileName(open.feed, sequence, to, open.extension),
    kind: open.kind,
    sequence,
    from: open.since,
    to,
    modifiedAt: to + transfer,
    head: open.columns !== '' ? [`#header,${sequence}`, open.columns] : open.names === '' ? [] : [open.names],
    lines: open.lines,
    figures: open.figures,
    declared: open.columns === '' ? undefined : totalsOf(open.figures),
  };
  open.since = to;
  open.lines = [];
  open.figures = [];
  if (lost) {
    injections.forEach((injection, index) => {
      if (verdicts[index] === 'lose') injection.lost?.(file);
    });
    return;
  }
  let files: readonly SimulatedFile[] = [file];
  for (const { file: change } of injections) if (change) files = files.flatMap((each) => change(each));
  yield* files;
}
