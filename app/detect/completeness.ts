/**
 * How much of the data of a window had come, from what is known: how far each source is (its watermark), files that are missing in the numbering, records that
 * were rejected. Each source of a leg counts by its records of the last day, so that one that fell silent counts less and less: that it is silent is a finding of
 * its own.
 */
import type { SequenceRule } from '../../core/definition.ts';
import type { Window } from '../../core/finding.ts';
import { readRows, writeInstant } from '../../core/row.ts';
import type { Settings } from '../../core/settings/index.ts';
import { sequenceReport } from '../../detectors/controls/sequence.ts';
import type { DetectionStore } from './port.ts';
import { sourceFacts } from './run.ts';
import type { Receipt, Watermarks } from './watermarks.ts';

/** What is known of one source for one window. */
export interface SourceShare {
  /** Records of the last day. */
  readonly weight: number;
  /** Event time up to which it is complete, ms. */
  readonly completeTo: number;
  /** Files of the window that came, and that are missing; parts of files count as parts. */
  readonly files: { readonly came: number; readonly missing: number };
  readonly read: number;
  readonly rejected: number;
}

/**
 * Share of the data of a window that had come, 0 to 1: what is covered by the watermark, times the files that came, times the records that could be read;
 * of several sources the mean by their records. 1 where nothing is known.
 * @example completenessOf([{ weight: 1, completeTo: 60, files: { came: 3, missing: 1 }, read: 100, rejected: 20 }], { from: 0, to: 60 }) // 0.6
 */
export function completenessOf(sources: readonly SourceShare[], { from, to }: Window): number {
  let [sum, all] = [0, 0];
  for (const { weight, completeTo, files, read, rejected } of sources) {
    const covered = to <= from ? 1 : Math.min(1, Math.max(0, (completeTo - from) / (to - from)));
    const came = files.came + files.missing === 0 ? 1 : files.came / (files.came + files.missing);
    const kept = read === 0 ? 1 : Math.max(0, 1 - rejected / read);
    sum += weight * covered * came * kept;
    all += weight;
  }
  return all === 0 ? 1 : Math.round((sum / all) * 1e4) / 1e4;
}

/** Part of a stretch that lies within a window, 0 to 1. */
function within(from: number, to: number, window: Window): number {
  if (to <= from) return from >= window.from && from < window.to ? 1 : 0;
  return Math.max(0, Math.min(to, window.to) - Math.max(from, window.from)) / (to - from);
}

/** Missing files, and the stretch of event time between the one before and the one after. */
interface MissingFiles {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** Receipts are read once a minute, and asked about for each finding. */
const known = new WeakMap<readonly Receipt[], readonly MissingFiles[]>();

function gapsOf(receipts: readonly Receipt[], rule: SequenceRule | undefined): readonly MissingFiles[] {
  const before = known.get(receipts);
  if (before) return before;
  const numbered = receipts.filter((each) => each.numbered);
  const { gaps } = sequenceReport(
    numbered.map(({ sequence, sha256, received_at }) => ({ sequence, content: sha256, at: received_at })),
    rule,
    10_000,
  );
  const found = gaps.flatMap(({ from, to, count }): MissingFiles[] => {
    const last = numbered.findLast(({ sequence, event_to }) => sequence === from - 1 && event_to > 0);
    const next = numbered.find(({ sequence, event_from }) => sequence === to + 1 && event_from > 0);
    if (last === undefined || next === undefined) return [];
    return [{ from: Math.min(last.event_to, next.event_from), to: Math.max(last.event_to, next.event_from), count }];
  });
  known.set(receipts, found);
  return found;
}

/**
 * Files of a window by their event times: what came, and what is missing by its number. A missing file is taken to lie between the one before and the one after.
 * @param receipts of one source, in order of arrival
 */
export function filesIn(receipts: readonly Receipt[], rule: SequenceRule | undefined, window: Window): SourceShare['files'] {
  const came = receipts.reduce((sum, { event_from, event_to }) => sum + (event_to > 0 ? within(event_from, event_to, window) : 0), 0);
  const missing = gapsOf(receipts, rule).reduce((sum, { from, to, count }) => sum + count * within(from, to, window), 0);
  return { came, missing };
}

export interface Completeness {
  /** Reads the ledger again when it is old. */
  refresh(instant: number): Promise<void>;
  /** Share of the data of a source, or else of a leg, that had come for a window; 1 where labels name neither. */
  of(labels: Readonly<Record<string, string>>, window: Window): number;
}

const refreshMs = 60_000;
const dayMs = 86_400_000;
/** Length of a stretch of the ledger. */
const stretchMs = 900_000;
const columns = { source: 'text', at: 'instant', records: 'number', rejects: 'number' } as const;

interface Stretch {
  readonly at: number;
  readonly records: number;
  readonly rejects: number;
}

/** The completeness of what a process detects on. */
export function createCompleteness(
  store: DetectionStore,
  settings: Settings,
  watermarks: Pick<Watermarks, 'reach' | 'receipts'>,
): Completeness {
  const { tenant } = settings;
  let readAt = Number.NEGATIVE_INFINITY;
  let ledger = new Map<string, Stretch[]>();

  function shareOf(source: string, completeTo: number, window: Window): SourceShare {
    const stretches = ledger.get(source) ?? [];
    const own = stretches.filter(({ at }) => at < window.to && at + stretchMs > window.from);
    const sum = (of: readonly Stretch[], value: (stretch: Stretch) => number): number => of.reduce((total, one) => total + value(one), 0);
    return {
      weight: sum(stretches, ({ records }) => records),
      completeTo,
      files: filesIn(watermarks.receipts().get(source) ?? [], sourceFacts(settings, source).sequence, window),
      read: sum(own, ({ records }) => records),
      rejected: sum(own, ({ rejects }) => rejects),
    };
  }

  return {
    async refresh(instant) {
      if (instant - readAt < refreshMs) return;
      const params = { tenant, since: writeInstant(Math.max(0, instant - dayMs)), until: writeInstant(instant), stretch_ms: stretchMs };
      const read = readRows(columns, await store.rows('detect-ledger', params, { timeoutMs: 30_000 }));
      if (!read.ok) throw new Error(`query detect-ledger: ${read.error}`);
      ledger = new Map();
      for (const { source, ...stretch } of read.rows) ledger.set(source, [...(ledger.get(source) ?? []), stretch]);
      readAt = instant;
    },
    of(labels, window) {
      const shares: SourceShare[] = [];
      for (const [key, completeTo] of watermarks.reach()) {
        const at = key.indexOf('/');
        const [leg, source] = [key.slice(0, at), key.slice(at + 1)];
        if (labels['source'] === undefined ? labels['leg'] === leg : labels['source'] === source)
          shares.push(shareOf(source, completeTo, window));
      }
      return completenessOf(shares, window);
    },
  };
}
