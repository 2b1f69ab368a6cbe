/**
 * The detection loop: every second what changed, every minute the clock, and what it says to `onFindings`. What was said is stored
 * first; on a restart it goes on from its marks in the database, and a statement that may not have arrived is made again.
 */
import type { Clock } from '../../core/clock.ts';
import type { Definition, Judgement } from '../../core/definition.ts';
import type { Finding } from '../../core/finding.ts';
import { writeInstant } from '../../core/row.ts';
import type { Settings } from '../../core/settings/index.ts';
import { controls } from '../../detectors/controls/index.ts';
import { seasonalCount } from '../../detectors/seasonal/seasonal-count.ts';
import { type Board, createBoard } from './board.ts';
import { type ChangeReader, createChangeReader } from './changes.ts';
import { evidenceSql } from './evidence.ts';
import { controlFailure, failureOf } from './failure.ts';
import type { DetectionLog, DetectionStore } from './port.ts';
import { restoreBoard } from './restore.ts';
import { type Occasion, run } from './run.ts';
import { createWindows, type Windows } from './windows.ts';
import { findingRow, findingToken, resultRow } from './write.ts';

export interface DetectionOptions {
  readonly store: DetectionStore;
  readonly clock: Clock;
  readonly settings: Settings;
  /** Takes findings in order; what it does not take (a rejected promise) is given to it again, so it must be idempotent. */
  readonly onFindings: (findings: readonly Finding[]) => Promise<void> | void;
  readonly log: DetectionLog;
  /** What is judged; default: every control and detector that ships. */
  readonly definitions?: readonly Definition[];
  /** Milliseconds between two looks; 0 = only when `tick` is called. Default 1000. */
  readonly everyMs?: number;
}

/** What one look did. */
export interface TickReport {
  /** Sources that had brought something. */
  readonly sources: readonly string[];
  /** Judgements by state. */
  readonly judged: Readonly<Record<string, number>>;
  /** Findings handed over. */
  readonly findings: readonly Finding[];
}

export interface Detection {
  /** One look, as if the time had come; never two at once. Rejects when the database or `onFindings` fails; the next look tries again. */
  tick(): Promise<TickReport>;
  firing(): readonly Finding[];
  /** Finishes the look in work and stores the mark. */
  stop(): Promise<void>;
}

/** Every control and detector that ships. */
export const shipped: readonly Definition[] = [...controls, seasonalCount];

const minuteMs = 60_000;
const hourMs = 3_600_000;
const dayMs = 86_400_000;
/** How often the mark is stored: what lies before it is looked at again after a restart. */
const markEveryMs = 5_000;

interface State {
  readonly options: DetectionOptions;
  readonly definitions: readonly Definition[];
  readonly board: Board;
  readonly changes: ChangeReader;
  readonly windows: Windows;
  /** Clock instants at which waiting sources are to be judged again, by definition. */
  readonly again: Map<string, Map<string, number>>;
  /** Said but not yet taken, and whether the database has it. */
  pending: { readonly finding: Finding; stored: boolean }[];
  readonly startedAt: number;
  lastMinute: number;
  lastDay: number;
  markStoredAt: number;
  markStored: number;
}

/** Starts detection: puts back what was firing and hands it to `onFindings` once more, then looks every second. */
export async function startDetection(options: DetectionOptions): Promise<Detection> {
  const { store, clock, settings, log } = options;
  const { tenant } = settings;
  const definitions = (options.definitions ?? shipped).filter(({ identity }) => settings.controls[identity]?.enabled !== false);
  const board = createBoard(tenant, ({ evidence }: Judgement) => evidenceSql(evidence));
  const restored = await restoreBoard(board, definitions, store, tenant, clock.now());
  const state: State = {
    options,
    definitions,
    board,
    changes: createChangeReader(store, tenant, restored.mark),
    windows: createWindows(store, settings, log, restored.windowMarks),
    again: new Map(),
    pending: restored.said.map((finding) => ({ finding, stored: true })),
    startedAt: clock.now(),
    lastMinute: Number.NEGATIVE_INFINITY,
    // What is nightly runs at the start too: nobody knows whether it ran last night.
    lastDay: Number.NEGATIVE_INFINITY,
    markStoredAt: 0,
    markStored: restored.mark,
  };
  let work: Promise<TickReport> | undefined;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  const tick = (): Promise<TickReport> => {
    work ??= look(state).finally(() => {
      work = undefined;
    });
    return work;
  };
  const every = options.everyMs ?? 1000;
  const next = (): void => {
    if (stopped || every === 0) return;
    timer = setTimeout(() => {
      tick()
        .catch((error: unknown) => log.error({ error: String(error) }, 'detection look failed, it is tried again'))
        .finally(next);
    }, every);
  };
  next();
  return {
    tick,
    firing: () => board.firing(),
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await work?.catch(() => undefined);
      await storeMark(state, clock.now(), true);
    },
  };
}

async function look(state: State): Promise<TickReport> {
  const { clock } = state.options;
  const instant = clock.now();
  const judged: Record<string, number> = {};
  await hand(state);
  const changes = await state.changes.look();
  for (const definition of state.definitions.filter(({ trigger }) => trigger === 'batch-stored')) {
    const sources = [...new Set([...changes.sources, ...dueAgain(state, definition, instant)])];
    if (sources.length === 0) continue;
    const changedFrom = Number.isFinite(changes.changedFrom) ? changes.changedFrom : instant;
    await judge(
      state,
      definition,
      { instant, window: hourOf(instant), sources, changedFrom, watchingSince: state.startedAt, leg: '' },
      judged,
    );
  }
  const minute = Math.floor(instant / minuteMs);
  if (minute > state.lastMinute) await judgeMinute(state, instant, judged);
  const findings = state.pending.map(({ finding }) => finding);
  await hand(state);
  state.changes.done(changes);
  state.lastMinute = Math.max(state.lastMinute, minute);
  await storeMark(state, instant, false);
  return { sources: changes.sources, judged, findings };
}

/** What the clock brings: minute controls, closed windows, the night, and what is held no longer. */
async function judgeMinute(state: State, instant: number, judged: Record<string, number>): Promise<void> {
  const { store, settings } = state.options;
  const since = writeInstant(instant - 35 * dayMs);
  const known = await store.rows<{ source: string }>('detect-sources', { tenant: settings.tenant, since }, { timeoutMs: 10_000 });
  const sources = known.map(({ source }) => source);
  const day = Math.floor(instant / dayMs);
  const clocked = state.definitions.filter(({ trigger }) => trigger === 'minute' || (trigger === 'nightly' && day > state.lastDay));
  for (const definition of clocked) {
    await judge(
      state,
      definition,
      { instant, window: hourOf(instant), sources, changedFrom: instant, watchingSince: state.startedAt, leg: '' },
      judged,
    );
  }
  state.lastDay = day;
  await state.windows.update(instant);
  for (const definition of state.definitions.filter(({ trigger }) => trigger === 'window-close')) {
    for (const { leg, window } of state.windows.due(definition)) {
      await judge(state, definition, { instant, window, sources, changedFrom: window.from, watchingSince: state.startedAt, leg }, judged);
      await state.windows.judged(definition, leg, window, instant);
    }
  }
  say(state, state.board.expire(instant));
}

/** Judges, stores the results and puts what is to be said among the pending. A definition that fails says so itself. */
async function judge(state: State, definition: Definition, occasion: Occasion, judged: Record<string, number>): Promise<void> {
  const { store, settings, log } = state.options;
  const result = await run(definition, store, settings, occasion);
  say(state, state.board.fold(controlFailure, [failureOf(definition, result, occasion)], occasion.instant));
  if (!result.ok) {
    log.error({ control: definition.identity, error: result.error }, 'a control failed, the others go on');
    judged['failed'] = (judged['failed'] ?? 0) + 1;
    return;
  }
  const { judgements } = result;
  for (const { state: name } of judgements) judged[name] = (judged[name] ?? 0) + 1;
  remember(state, definition, judgements, occasion);
  const rows = judgements
    .filter(({ state: name }) => definition.store === 'all' || name === 'violation')
    .map((each) => resultRow(settings.tenant, definition, each, settings.currency, occasion.instant));
  if (rows.length > 0) {
    const token = `results/${settings.tenant}/${definition.identity}/${occasion.leg}/${occasion.window.from}/${occasion.instant}`;
    await store.insert('control_results', rows, token);
  }
  say(state, state.board.fold(definition, judgements, occasion.instant));
}

/** Waiting cells name the instant at which they are to be judged again. */
function remember(state: State, definition: Definition, judgements: readonly Judgement[], { sources }: Occasion): void {
  const own = state.again.get(definition.identity) ?? new Map<string, number>();
  state.again.set(definition.identity, own);
  for (const source of sources) own.delete(source);
  for (const { again, cell } of judgements) {
    const source = cell['source'];
    if (again !== undefined && source !== undefined) own.set(source, Math.min(again, own.get(source) ?? again));
  }
}

function dueAgain(state: State, definition: Definition, instant: number): readonly string[] {
  return [...(state.again.get(definition.identity) ?? [])].filter(([, at]) => at <= instant).map(([source]) => source);
}

function say(state: State, findings: readonly Finding[]): void {
  for (const finding of findings) state.pending.push({ finding, stored: false });
}

/** Stores what is pending and hands it over, in order; on failure it stays pending. */
async function hand(state: State): Promise<void> {
  const { store, onFindings } = state.options;
  const batch = [...state.pending];
  if (batch.length === 0) return;
  for (const each of batch.filter(({ stored }) => !stored)) {
    await store.insert('findings', [findingRow(each.finding)], findingToken(each.finding));
    each.stored = true;
  }
  await onFindings(batch.map(({ finding }) => finding));
  state.pending = state.pending.slice(batch.length);
}

/** The mark of the loop is a watermark of its own: everything stored before it is judged. */
async function storeMark(state: State, instant: number, now: boolean): Promise<void> {
  const { store, settings } = state.options;
  const mark = state.changes.mark();
  if (mark === state.markStored || (!now && instant - state.markStoredAt < markEveryMs)) return;
  const row = {
    tenant: settings.tenant,
    leg: 'weir',
    node: 'detect',
    source: 'changes',
    complete_to: writeInstant(mark),
    updated_at: writeInstant(instant),
  };
  await store.insert('watermarks', [row], `mark/${settings.tenant}/${mark}/${instant}`);
  state.markStoredAt = instant;
  state.markStored = mark;
}

function hourOf(instant: number): { from: number; to: number } {
  const from = Math.floor(instant / hourMs) * hourMs;
  return { from, to: from + hourMs };
}
