/** One look: what changed is judged at once, what the clock brings every minute, and both are said. */
import type { Clock } from '../../core/clock.ts';
import { type Definition, type Judgement, notApplicable } from '../../core/definition.ts';
import type { Finding } from '../../core/finding.ts';
import { writeInstant } from '../../core/row.ts';
import type { Settings } from '../../core/settings/index.ts';
import type { AskAnalyst } from '../own/ask.ts';
import type { Again } from './again.ts';
import { createAsked } from './asked.ts';
import type { Board } from './board.ts';
import type { ChangeReader } from './changes.ts';
import { type Debts, definitionKey } from './debts.ts';
import { controlFailure, failureOf } from './failure.ts';
import type { Lacking } from './lacking.ts';
import type { Verdicts } from './learned.ts';
import type { DetectionLog, DetectionStore } from './port.ts';
import { type Occasion, run } from './run.ts';
import type { Series } from './series/series.ts';
import type { Speaker } from './speaker.ts';
import type { Windows } from './windows.ts';

/** What one look did. */
export interface TickReport {
  /** Sources that had brought something. */
  readonly sources: readonly string[];
  /** Judgements by state; `failed` counts controls that could not judge. */
  readonly judged: Readonly<Record<string, number>>;
  /** Findings handed over. */
  readonly findings: readonly Finding[];
}

/** What the loop holds between looks. */
export interface Loop {
  readonly store: DetectionStore;
  readonly clock: Clock;
  readonly settings: Settings;
  readonly log: DetectionLog;
  readonly definitions: readonly Definition[];
  readonly board: Board;
  readonly changes: ChangeReader;
  readonly windows: Windows;
  readonly debts: Debts;
  readonly again: Again;
  readonly verdicts: Verdicts;
  readonly speaker: Speaker;
  readonly series: Series;
  /** Asks as the analyst, for controls of one's own. */
  readonly ask: AskAnalyst | undefined;
  /** Controls of one's own that failed, and until when they are left alone. */
  readonly paused: Map<string, number>;
  /** Definitions that are not judged every minute: in which of their turns they were judged last. */
  readonly judgedAt: Map<string, number>;
  readonly startedAt: number;
  lastMinute: number;
  /** Earliest instant of the next clocked judgement before the minute is over. */
  clockedFrom: number;
  lastDay: number;
  /** Sources that brought something lately, as of an instant. */
  known: { readonly readAt: number; readonly sources: readonly string[] };
  /** Nightly controls that lacked data. */
  readonly lacking: Lacking;
}

const minuteMs = 60_000;
/** Clocked judgements between the minutes are at least so far apart, in ms, and so many times as long as the last one took. */
const clockedPauseMs = 2_000;
const clockedShare = 1;
/** A control of one's own that failed is tried again after this long: a query that is too slow must not hold up the others each minute. */
const pauseMs = 10 * 60_000;
const hourMs = 3_600_000;
const dayMs = 86_400_000;
/** What others told and took back is remembered for detectors over series for so long. */
const overMs = 4 * hourMs;
/** Sources that brought nothing for this long are known no longer. */
const knownMs = 35 * dayMs;
/** The list of sources is read again after this long. */
const knownEveryMs = 10 * 60_000;

export async function look(loop: Loop): Promise<TickReport> {
  const instant = loop.clock.now();
  const judged: Record<string, number> = {};
  await loop.speaker.flush();
  const first = loop.lastMinute === Number.NEGATIVE_INFINITY;
  const minute = Math.floor(instant / minuteMs);
  if (minute > loop.lastMinute) await loop.verdicts.refresh();
  const changes = await loop.changes.look();
  noteSources(loop, changes.sources);
  // Nobody knows what changed while nothing ran, nor which source was being waited for.
  const everything = first ? await knownSources(loop, instant) : [];
  for (const definition of loop.definitions.filter(({ trigger }) => trigger === 'batch-stored')) {
    const due = loop.debts.due(definition, { ...changes, sources: [...new Set([...changes.sources, ...everything])] }, instant);
    if (due.sources.length > 0) await judge(loop, definition, { ...base(loop, instant), ...due }, judged);
  }
  // Where much comes at once, event time outruns the clock: then a minute is too long to wait.
  if (minute > loop.lastMinute || ((changes.sources.length > 0 || loop.series.behind()) && instant >= loop.clockedFrom)) {
    await judgeMinute(loop, instant, judged);
    loop.clockedFrom = instant + Math.max(clockedPauseMs, clockedShare * (loop.clock.now() - instant));
  }
  if (changes.sources.length > 0) loop.lacking.came();
  const findings = loop.speaker.pending();
  await loop.speaker.flush();
  await loop.windows.flush();
  loop.changes.done(changes);
  loop.lastMinute = Math.max(loop.lastMinute, minute);
  return { sources: changes.sources, judged, findings };
}

function base(loop: Loop, instant: number): Occasion {
  const from = Math.floor(instant / hourMs) * hourMs;
  return {
    instant,
    window: { from, to: from + hourMs },
    sources: [],
    changedFrom: instant,
    changedTo: instant,
    watchingSince: loop.startedAt,
    leg: '',
  };
}

/** Every source that brought something lately: read again after a while, since the looks see themselves what is new. */
async function knownSources(loop: Loop, instant: number): Promise<readonly string[]> {
  const { store, settings, known } = loop;
  if (Math.abs(instant - known.readAt) >= knownEveryMs) {
    const params = { tenant: settings.tenant, since: writeInstant(Math.max(0, instant - knownMs)) };
    const rows = await store.rows<{ source: string }>('detect-sources', params, { timeoutMs: 10_000 });
    loop.known = { readAt: instant, sources: rows.map(({ source }) => source) };
  }
  return loop.known.sources;
}

function noteSources(loop: Loop, sources: readonly string[]): void {
  const all = new Set([...loop.known.sources, ...sources]);
  if (all.size > loop.known.sources.length) loop.known = { ...loop.known, sources: [...all].sort() };
}

/** What the clock brings: minute controls, the night, closed windows, and what is held no longer. */
async function judgeMinute(loop: Loop, instant: number, judged: Record<string, number>): Promise<void> {
  const sources = await knownSources(loop, instant);
  const day = Math.floor(instant / dayMs);
  const night = day > loop.lastDay;
  const retried = !night && loop.lacking.due(instant);
  const clocked = loop.definitions.filter(
    ({ identity, trigger }) => trigger === 'minute' || (trigger === 'nightly' && (night || (retried && loop.lacking.has(identity)))),
  );
  const asked = createAsked();
  for (const definition of clocked.filter((each) => isDue(loop, each, instant)))
    await judge(loop, definition, { ...base(loop, instant), sources, asked }, judged);
  if (retried) loop.lacking.asked(instant);
  loop.lastDay = day;
  await loop.windows.update(instant);
  for (const definition of loop.definitions.filter(({ trigger }) => trigger === 'window-close')) {
    await judgeWindows(loop, definition, { ...base(loop, instant), sources }, judged);
  }
  await judgeSeries(loop, instant, judged);
  loop.speaker.say(loop.board.expire(instant));
}

/** Whether the time between two judgements of a definition has passed. */
function isDue({ judgedAt }: Loop, { identity, everyMs }: Definition, instant: number): boolean {
  if (everyMs === undefined) return true;
  const turn = Math.floor(instant / everyMs);
  if (judgedAt.get(identity) === turn) return false;
  judgedAt.set(identity, turn);
  return true;
}

/** Detectors over series: what they say, and which of them could not judge. */
async function judgeSeries(loop: Loop, instant: number, judged: Record<string, number>): Promise<void> {
  const { board, speaker, series, log } = loop;
  const failed = await series.advance(loop.windows.complete(), instant, {
    firing: () => board.firing(),
    over: () => board.over(instant - overMs),
    tell({ definition, judgements, instant: at }) {
      for (const { state } of judgements) count(judged, state);
      speaker.results(definition, judgements, at);
      speaker.say(board.fold(definition, judgements, at));
    },
  });
  for (const definition of series.definitions) {
    const error = failed.get(definition.identity);
    speaker.say(
      board.fold(
        controlFailure,
        [failureOf(definition, error === undefined ? { ok: true, judgements: [] } : { ok: false, error }, base(loop, instant))],
        instant,
      ),
    );
    if (error === undefined) continue;
    log.error({ detector: definition.identity, error }, 'a detector failed, the others go on');
    count(judged, 'failed');
  }
}

/** Closed windows in order; a window that could not be judged holds up those of its leg until it can. */
async function judgeWindows(loop: Loop, definition: Definition, occasion: Occasion, judged: Record<string, number>): Promise<void> {
  const lacking = definition.own ? loop.windows.lacking(definition) : [];
  if (lacking.length > 0) {
    const needs = `records of ${lacking.map((leg) => `leg ${leg}`).join(' and ')}, of which none came lately`;
    loop.speaker.results(definition, [notApplicable('', {}, occasion.window, needs)], occasion.instant);
    count(judged, 'not_applicable');
    return;
  }
  const held = new Set<string>();
  const due = loop.windows.due(definition, occasion.instant);
  let at = 0;
  for (const each of due) {
    const { leg, window } = each;
    if (held.has(leg)) continue;
    if (each.again && loop.again.lacks(definition, leg)) {
      loop.windows.judged(definition, each, occasion.instant);
      continue;
    }
    // A millisecond apart, so that what began and ended within one look is told as both.
    const instant = occasion.instant + at++;
    // Of windows that late data opened again, the latest one says what holds now; the others are corrected.
    const past = each.again && due.some((other) => other.again && other.leg === leg && other.window.to > window.to);
    const done = await judge(
      loop,
      definition,
      { ...occasion, instant, window, changedFrom: window.from, changedTo: window.to, leg, complete: loop.windows.complete() },
      judged,
      past,
    );
    if (done) loop.windows.judged(definition, each, instant);
    else held.add(leg);
  }
}

/**
 * Judges and says. False when the definition failed, which is said too.
 * @param past the window was judged before and is not the latest one: what is stored of it is corrected
 */
async function judge(
  loop: Loop,
  definition: Definition,
  occasion: Occasion,
  judged: Record<string, number>,
  past = false,
): Promise<boolean> {
  const { store, settings, log, board, speaker, debts, again, windows } = loop;
  const { instant } = occasion;
  const key = definitionKey(definition);
  if (instant < (loop.paused.get(key) ?? Number.NEGATIVE_INFINITY)) {
    debts.owe(definition, occasion);
    return false;
  }
  const standing: Occasion = { ...occasion, beganAt: (cell) => board.beganAt(definition, cell) };
  const result = await run(definition, store, settings, standing, loop.verdicts.of(definition.identity), loop.ask);
  if (definition.own && !result.ok) loop.paused.set(key, instant + pauseMs);
  speaker.say(board.fold(controlFailure, [failureOf(definition, result, occasion)], instant));
  if (!result.ok) {
    log.error({ control: key, error: result.error }, 'a control failed, the others go on');
    count(judged, 'failed');
    debts.owe(definition, occasion);
    return false;
  }
  const judgements: readonly Judgement[] = result.judgements;
  for (const { state } of judgements) count(judged, state);
  debts.judged(definition, judgements, occasion);
  if (definition.trigger === 'nightly') loop.lacking.judged(definition.identity, judgements);
  const watermarks = windows.complete();
  const { corrected, telling } = again.take(definition, occasion, judgements, past);
  speaker.results(definition, corrected, instant, { watermarks, corrects: true });
  speaker.results(
    definition,
    judgements.filter((each) => !corrected.includes(each)),
    instant,
    { watermarks },
  );
  speaker.say(board.fold(definition, telling, instant));
  return true;
}

function count(judged: Record<string, number>, state: string): void {
  judged[state] = (judged[state] ?? 0) + 1;
}
