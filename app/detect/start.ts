/**
 * The detection loop: every second what changed, every minute the clock, and what it says to `onFindings`. What is said is stored
 * first; on a restart it goes on from its marks in the database, and a statement that may not have arrived is made again.
 */
import type { Clock } from '../../core/clock.ts';
import type { Definition } from '../../core/definition.ts';
import type { Finding } from '../../core/finding.ts';
import { writeInstant } from '../../core/row.ts';
import type { Settings } from '../../core/settings/index.ts';
import { controls } from '../../detectors/controls/index.ts';
import { nightlyDetectors } from '../../detectors/nightly/index.ts';
import { ownControls } from '../../detectors/own/index.ts';
import { type SeriesDefinition, seriesDefinitions } from '../../detectors/series/index.ts';
import { degradationDetectors } from '../../detectors/service/degradation/index.ts';
import { lifeCycleDetectors } from '../../detectors/service/life-cycle/index.ts';
import { telemetryDetectors } from '../../detectors/service/telemetry/index.ts';
import { topologyControls } from '../../detectors/service/topology/index.ts';
import type { AskAnalyst } from '../own/ask.ts';
import { createAgain } from './again.ts';
import { backBillDaysOf } from './back-bill.ts';
import { createBoard } from './board.ts';
import { createChangeReader } from './changes.ts';
import { createDebts } from './debts.ts';
import { evidenceSql } from './evidence.ts';
import { createLacking } from './lacking.ts';
import { createVerdicts } from './learned.ts';
import { type Loop, look, type TickReport } from './look.ts';
import type { DetectionLog } from './port.ts';
import { restoreBoard } from './restore.ts';
import type { PartReport } from './series/engine.ts';
import type { SeriesStore } from './series/port.ts';
import { startSeries } from './series/series.ts';
import type { Shares } from './series/shares.ts';
import { createSpeaker } from './speaker.ts';
import { createWindows, type Windows } from './windows.ts';

/** Every control that ships, and every detector but those over series. */
export const shipped: readonly Definition[] = [
  ...controls,
  ...topologyControls,
  ...degradationDetectors,
  ...telemetryDetectors,
  ...nightlyDetectors,
  ...lifeCycleDetectors,
];

export interface DetectionOptions {
  readonly store: SeriesStore;
  readonly clock: Clock;
  readonly settings: Settings;
  /** Takes findings in order; what it does not take (a rejected promise) is given to it again, so it must be idempotent. */
  readonly onFindings: (findings: readonly Finding[]) => Promise<void> | void;
  readonly log: DetectionLog;
  /** Asks as the analyst, for controls of one's own: without it they fail, and say so. */
  readonly ask?: AskAnalyst;
  /** What is judged; default: everything that ships, and the controls of one's own in the settings. */
  readonly definitions?: readonly Definition[];
  /** Detectors over series; default: what the settings say. */
  readonly detectors?: readonly SeriesDefinition[];
  /** Which series are this process's, when several run; default: all. */
  readonly shares?: Shares;
  /** Longest time that one look may spend on series, so that the controls keep their pace while the past is learned. Default 2000 ms. */
  readonly seriesMs?: number;
  /** Told after each look that did not fail, with its length. */
  readonly onLook?: (look: { readonly seconds: number; readonly parts: readonly PartReport[] }) => void;
  /** Milliseconds between two looks; 0 = only when `tick` is called. Default 1000. */
  readonly everyMs?: number;
}

export interface Detection {
  /** One look, as if the time had come; never two at once. Rejects when the database or `onFindings` fails; the next look tries again. */
  tick(): Promise<TickReport>;
  /** What is firing now. */
  firing(): readonly Finding[];
  /** The parts of the detectors over series, as they stand. */
  series(): readonly PartReport[];
  /** Finishes the look in work and stores the mark. */
  stop(): Promise<void>;
}

/** How often the mark is stored: what lies before it is looked at again after a restart. */
const markEveryMs = 5_000;

/** Starts detection: puts back what was firing and hands it to `onFindings` once more, then looks every second. */
export async function startDetection(options: DetectionOptions): Promise<Detection> {
  const { store, clock, settings, log, everyMs = 1000 } = options;
  const definitions = (options.definitions ?? [...shipped, ...ownControls(settings.controls)]).filter(
    ({ identity }) => settings.controls[identity]?.enabled !== false,
  );
  const detectors = options.detectors ?? seriesDefinitions(settings.detectors).definitions;
  let windows: Windows | undefined;
  const board = createBoard(
    settings.tenant,
    ({ evidence }) => evidenceSql(evidence),
    backBillDaysOf(settings),
    (labels, window) => windows?.completeness(labels, window) ?? 1,
  );
  const restored = await restoreBoard(board, { definitions, detectors }, store, settings.tenant, clock.now());
  windows = createWindows(store, settings, log, restored.windowMarks, restored.mark);
  const loop: Loop = {
    store,
    clock,
    settings,
    log,
    definitions,
    board,
    changes: createChangeReader(store, settings.tenant, restored.mark),
    windows,
    debts: createDebts(),
    again: createAgain(settings.tenant, board),
    verdicts: createVerdicts(store, settings.tenant, log),
    speaker: createSpeaker(store, settings, options.onFindings, restored.said),
    series: startSeries({
      store,
      settings,
      log,
      detectors,
      told: restored.told,
      budgetMs: options.seriesMs ?? 2000,
      ...(options.shares ? { shares: options.shares } : {}),
    }),
    ask: options.ask,
    paused: new Map(),
    judgedAt: new Map(),
    startedAt: clock.now(),
    lastMinute: Number.NEGATIVE_INFINITY,
    clockedFrom: Number.NEGATIVE_INFINITY,
    // What is nightly runs at the start too: nobody knows whether it ran last night.
    lastDay: Number.NEGATIVE_INFINITY,
    known: { readAt: Number.NEGATIVE_INFINITY, sources: [] },
    lacking: createLacking(clock.now()),
  };
  const storeMark = markWriter(loop, restored.mark);
  let work: Promise<TickReport> | undefined;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  const tick = (): Promise<TickReport> => {
    const begun = performance.now();
    work ??= look(loop)
      .then(async (report) => {
        await storeMark(false);
        options.onLook?.({ seconds: (performance.now() - begun) / 1000, parts: loop.series.parts() });
        return report;
      })
      .finally(() => {
        work = undefined;
      });
    return work;
  };
  const next = (): void => {
    if (stopped || everyMs === 0) return;
    timer = setTimeout(() => {
      void tick()
        .catch((error: unknown) => log.error({ error: String(error) }, 'detection look failed, it is tried again'))
        .finally(next);
    }, everyMs);
  };
  next();
  return {
    tick,
    firing: () => board.firing(),
    series: () => loop.series.parts(),
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await work?.catch(() => undefined);
      await storeMark(true);
      await loop.series.stop(clock.now());
    },
  };
}

/** The mark of the loop is a watermark of its own: everything stored before it is judged. */
function markWriter({ store, clock, settings, changes }: Loop, from: number): (now: boolean) => Promise<void> {
  let stored = from;
  let storedAt = 0;
  return async (now) => {
    const mark = changes.mark();
    const instant = clock.now();
    if (mark === stored || (!now && instant - storedAt < markEveryMs)) return;
    const row = {
      tenant: settings.tenant,
      leg: 'weir',
      node: 'detect',
      source: 'changes',
      complete_to: writeInstant(mark),
      updated_at: writeInstant(instant),
    };
    await store.insert('watermarks', [row], `mark/${settings.tenant}/${mark}`);
    stored = mark;
    storedAt = instant;
  };
}
