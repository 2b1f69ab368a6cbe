/** The operator at work: time moves on, feeds fill and close their files, scenarios take hold. */
import { byClosing, eventsOfHour, longest, type UsageEvent } from './event.ts';
import { type Draft, fillDraft, type UsageFeed, usageFeeds } from './feed.ts';
import { fileName, type LineFigures, type SimulatedFile, totalsOf } from './file.ts';
import { day, hour, minute, second } from './instant.ts';
import { lifecycleLine, lifecycleSteps } from './lifecycle.ts';
import { mix } from './random.ts';
import type { Injection, Scenario } from './scenario.ts';
import { readingLine, readings } from './telemetry.ts';
import type { World } from './world.ts';

export interface RunOptions {
  /** First instant, ms: what was written before belongs to an earlier run. */
  readonly from: number;
  readonly scenarios?: readonly Scenario[];
  /** Last file number of each feed, where an earlier run ended. Default: none yet. */
  readonly sequences?: Readonly<Record<string, number>>;
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
  readonly columns: string;
  since: number;
  sequence: number;
  lines: string[];
  figures: LineFigures[];
}

interface OpenUsage extends OpenFile {
  readonly usage: UsageFeed;
  localSequence: number;
  /** Records with a writing time before this are done, ms. */
  writtenTo: number;
}

/** Time a file takes to be closed and sent. */
const transfer = 5 * second;
const slowest = Math.max(...usageFeeds.map((feed) => feed.delay));

/**
 * Starts the operator at an instant. Two runs that meet (`from` of the second = end of the first) write each record exactly once.
 * @example [...startRun(createWorld({ subscribers: 50 }), { from: 0 }).until(3_600_000, 3_600_000, true)].length > 0 // true
 */
export function startRun(world: World, options: RunOptions): Run {
  const injections = (options.scenarios ?? []).map((scenario) => scenario.inject);
  const events = eventQueue(world, options.from, injections);
  const open = (feed: string, kind: string, extension: string, columns: string): OpenFile => ({
    feed,
    kind,
    extension,
    columns,
    since: options.from,
    sequence: options.sequences?.[feed] ?? 0,
    lines: [],
    figures: [],
  });
  const usage: OpenUsage[] = usageFeeds.map((feed) => ({
    ...open(feed.feed, 'usage', 'csv', feed.columns.join(',')),
    usage: feed,
    localSequence: Math.floor(options.from / second) * 100,
    writtenTo: options.from,
  }));
  const telemetry = open('olt-telemetry', 'measurement', 'jsonl', '');
  const lifecycle = open('crm-lifecycle', 'lifecycle', 'jsonl', '');
  let now = options.from;

  function* step(to: number, every: number, flush: boolean): Generator<SimulatedFile, void, undefined> {
    events.advance(to);
    for (const feed of usage) {
      write(feed, events.closed, to, world, injections);
      if (flush || to - feed.since >= feed.usage.period) yield* close(feed, to, injections);
    }
    events.forget(to - slowest);
    const rest = every >= day ? 7 * day : minute;
    if (flush || to - telemetry.since >= Math.min(rest, every)) {
      telemetry.lines = readingLines(world, telemetry.since, to, injections);
      yield* close(telemetry, to, injections);
    }
    if (flush || to - lifecycle.since >= rest) {
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
    sequences: () => Object.fromEntries([...usage, telemetry, lifecycle].map(({ feed, sequence }) => [feed, sequence])),
    now: () => now,
  };
}

/** Events in order of closing, generated hour by hour as time moves on. */
interface EventQueue {
  /** Closed events not yet forgotten, in order. */
  closed: UsageEvent[];
  advance(to: number): void;
  /** Lets go of what was closed before an instant. */
  forget(before: number): void;
}

function eventQueue(world: World, from: number, injections: readonly Injection[]): EventQueue {
  const shaping = injections.filter((injection) => injection.traffic);
  let changes: Change[] = [];
  let nextHour = Math.floor((from - longest - slowest - hour) / hour);
  let pending: UsageEvent[] = [];
  const queue: EventQueue = {
    closed: [],
    advance(to) {
      while (nextHour * hour < to) {
        const fresh = eventsOfHour(world, nextHour++);
        for (const event of fresh) shape(event, shaping, world, pending, changes);
        pending.sort(byClosing);
      }
      changes = tell(changes, from, to);
      let ready = 0;
      while (ready < pending.length && pending[ready]!.closedAt < to) ready++;
      for (let i = 0; i < ready; i++) queue.closed.push(pending[i]!);
      if (ready > 0) pending = pending.slice(ready);
    },
    forget(before) {
      let done = 0;
      while (done < queue.closed.length && queue.closed[done]!.closedAt < before) done++;
      if (done > 0) queue.closed = queue.closed.slice(done);
    },
  };
  return queue;
}

/** What a scenario made of an event, until the event's start has passed. */
interface Change {
  readonly event: UsageEvent;
  readonly times: number;
  readonly injection: Injection;
}

/** Adds the event to `into` as often as the scenarios say. */
function shape(event: UsageEvent, shaping: readonly Injection[], world: World, into: UsageEvent[], changes: Change[]): void {
  let count = 1;
  for (const injection of shaping) {
    const times = injection.traffic!(event, world);
    if (times !== 1 && count > 0) changes.push({ event, times, injection });
    count *= times;
  }
  if (count > 0) into.push(event);
  for (let copy = 1; copy < count; copy++) into.push(another(event, copy));
}

/** Tells of the changes to events that began in [from, to) and keeps the later ones. */
function tell(changes: Change[], from: number, to: number): Change[] {
  if (changes.length === 0) return changes;
  const later: Change[] = [];
  for (const change of changes) {
    const { event, times, injection } = change;
    if (event.start >= to) later.push(change);
    else if (event.start >= from) injection.changed?.(event, times);
  }
  return later;
}

/** One more event like this one, up to a minute later, with an identity of its own. */
function another(event: UsageEvent, copy: number): UsageEvent {
  const lot = mix(event.lot + copy);
  const shift = 1000 + (lot % 59_000);
  return {
    ...event,
    start: event.start + shift,
    answer: event.answer === 0 ? 0 : event.answer + shift,
    end: event.end + shift,
    closedAt: event.closedAt + shift,
    reference: `${event.reference}${copy.toString(36)}`,
    lot,
  };
}

const scratch = {} as Draft;

/** Writes the records of [writtenTo, to) into the open file. */
function write(feed: OpenUsage, closed: readonly UsageEvent[], to: number, world: World, injections: readonly Injection[]): void {
  const { usage } = feed;
  const last = to - usage.delay;
  for (let i = firstAt(closed, feed.writtenTo - usage.delay); i < closed.length; i++) {
    const event = closed[i]!;
    if (event.closedAt >= last) break;
    if (!usage.takes(event)) continue;
    fillDraft(scratch, usage, event, ++feed.localSequence);
    for (const injection of injections) injection.record?.(scratch, usage, world);
    for (let copy = 0; copy < scratch.copies; copy++) {
      feed.lines.push(flat(usage.row(scratch, world)));
      feed.figures.push(figuresOf(scratch));
    }
  }
  feed.writtenTo = to;
}

/**
 * The same text in one piece. Concatenation leaves a tree of some fifty parts per row that the garbage collector would copy for as long as the
 * file is open (measured: half of the run time); reading a character makes the engine join them.
 */
function flat(text: string): string {
  return text.charCodeAt(0) === 0 ? '' : text;
}

/** Index of the first event closed at or after an instant. */
function firstAt(closed: readonly UsageEvent[], instant: number): number {
  let low = 0;
  let high = closed.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (closed[middle]!.closedAt < instant) low = middle + 1;
    else high = middle;
  }
  return low;
}

function figuresOf(draft: Draft): LineFigures {
  const { octetsUp, octetsDown } = draft;
  return {
    durationMs: draft.durationMs,
    octets: (typeof octetsUp === 'number' ? octetsUp : 0) + (typeof octetsDown === 'number' ? octetsDown : 0),
    charge: draft.charge,
    value: draft.event.charge,
  };
}

function readingLines(world: World, from: number, to: number, injections: readonly Injection[]): string[] {
  const lines: string[] = [];
  for (const reading of readings(world, from, to)) {
    let changed: typeof reading | undefined = reading;
    for (const injection of injections) changed = changed && injection.reading ? injection.reading(changed, world) : changed;
    if (changed) lines.push(readingLine(changed, world));
  }
  return lines;
}

/** Closes the open file, unless it is empty or a scenario holds it. A scenario that loses it is told what was in it. */
function* close(open: OpenFile, to: number, injections: readonly Injection[]): Generator<SimulatedFile, void, undefined> {
  if (open.lines.length === 0) return;
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
    head: open.columns === '' ? [] : [`#header,${sequence}`, open.columns],
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
