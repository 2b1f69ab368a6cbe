/** A control over any stretch of stored data, to see what it would have said. Nothing is written. */
import type { Definition, Judgement } from '../../core/definition.ts';
import type { Finding, Window } from '../../core/finding.ts';
import { readInstant, writeInstant } from '../../core/row.ts';
import type { Settings } from '../../core/settings/index.ts';
import type { VerdictCounts } from '../../detectors/budget/learn.ts';
import { ownWindow } from '../../detectors/own/index.ts';
import { backBillDaysOf } from '../detect/back-bill.ts';
import { createBoard } from '../detect/board.ts';
import { evidenceSql } from '../detect/evidence.ts';
import type { DetectionStore } from '../detect/port.ts';
import { type Occasion, run } from '../detect/run.ts';
import { legsComplete } from '../detect/watermarks.ts';
import { legsOf } from '../detect/windows.ts';
import type { AskAnalyst } from './ask.ts';

export interface TrialOptions {
  readonly definition: Definition;
  readonly store: DetectionStore;
  readonly settings: Settings;
  /** Stretch of event time, ms since 1970 UTC. */
  readonly from: number;
  readonly to: number;
  readonly ask: AskAnalyst;
  readonly verdicts?: VerdictCounts | undefined;
  readonly onProgress?: (done: number, all: number) => void;
}

export interface Trial {
  /** Windows that were judged, with what was said of each row. */
  readonly runs: readonly { readonly window: Window; readonly judgements: readonly Judgement[] }[];
  /** What would have been said, in order: new, changed and cleared findings. */
  readonly findings: readonly Finding[];
  /** What stands at the end. */
  readonly firing: readonly Finding[];
  /** Event time up to which all legs are complete, as known; undefined where it has no legs or one of them is not there. */
  readonly completeTo: number | undefined;
  /** The run that failed, and why: the trial ends there. */
  readonly failed?: { readonly window: Window; readonly error: string };
}

/** Most windows of one trial. */
export const mostTrialWindows = 2000;
const dayMs = 86_400_000;
const sourcesMs = 35 * dayMs;

/** The windows that a control would have judged: those of its length, days, or the stretch as a whole. */
export function trialWindows({ trigger, windowMs }: Pick<Definition, 'trigger' | 'windowMs'>, from: number, to: number): readonly Window[] {
  const length = trigger === 'window-close' ? windowMs : trigger === 'nightly' ? dayMs : 0;
  if (length === 0) return [{ from, to }];
  const first = Math.ceil(from / length);
  const count = Math.max(0, Math.floor(to / length) - first);
  return Array.from({ length: count }, (_, at) => ({ from: (first + at) * length, to: (first + at + 1) * length }));
}

async function completeOf({ definition, store, settings }: TrialOptions): Promise<number | undefined> {
  if (definition.needs.legs.length === 0) return undefined;
  const rows = await store.rows<{ leg: string; source: string; complete_to: string }>('reconcile-watermarks', { tenant: settings.tenant });
  const complete = legsComplete(new Map(rows.map(({ leg, source, complete_to }) => [`${leg}/${source}`, readInstant(complete_to)])));
  return legsOf(definition, complete)[0]?.[1];
}

/** Judges window by window, through the same code as live. Rejects when ClickHouse does not answer. */
export async function tryControl(options: TrialOptions): Promise<Trial> {
  const { definition, store, settings, from, to, ask, verdicts, onProgress } = options;
  const windows = trialWindows(definition, from, to);
  const board = createBoard(settings.tenant, ({ evidence }) => evidenceSql(evidence), backBillDaysOf(settings));
  const known = await store.rows<{ source: string }>('detect-sources', {
    tenant: settings.tenant,
    since: writeInstant(Math.max(0, from - sourcesMs)),
  });
  const sources = known.map(({ source }) => source);
  const runs: { window: Window; judgements: readonly Judgement[] }[] = [];
  const findings: Finding[] = [];
  let failed: Trial['failed'];
  for (const window of windows) {
    const occasion: Occasion = {
      instant: window.to,
      window: definition.trigger === 'nightly' ? ownWindow(window.to) : window,
      sources,
      changedFrom: window.from,
      changedTo: window.to,
      watchingSince: 0,
      leg: definition.needs.legs.join('+'),
    };
    const result = await run(definition, store, settings, occasion, verdicts, ask);
    if (!result.ok) {
      failed = { window, error: result.error };
      break;
    }
    runs.push({ window, judgements: result.judgements });
    findings.push(...board.fold(definition, result.judgements, window.to));
    onProgress?.(runs.length, windows.length);
  }
  return { runs, findings, firing: board.firing(), completeTo: await completeOf(options), ...(failed ? { failed } : {}) };
}
