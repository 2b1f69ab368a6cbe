/** Detectors over series as the loop sees them: the engine with its calendars, maintenance, verdicts and share of the parts. */
import type { Definition } from '../../../core/definition.ts';
import type { Finding } from '../../../core/finding.ts';
import { findingKey } from '../../../core/key.ts';
import { readInstant, writeInstant } from '../../../core/row.ts';
import type { Settings } from '../../../core/settings/index.ts';
import { learnLimit, type VerdictCounts } from '../../../detectors/budget/index.ts';
import { frameOf, type SeriesDefinition, seriesDefinitions } from '../../../detectors/series/index.ts';
import { createCalendars } from '../../calendar/calendar.ts';
import { readCalendarDays } from '../../calendar/reference.ts';
import { createMaintenance } from '../../maintenance/maintenance.ts';
import { countsByDetector, readVerdicts } from '../../verdicts/counts.ts';
import type { DetectionLog } from '../port.ts';
import { createSeriesEngine, type PartReport, type Told } from './engine.ts';
import type { SeriesStore } from './port.ts';
import type { Shares } from './shares.ts';

export interface Series {
  /** What is watched, in the words of the loop. */
  readonly definitions: readonly Definition[];
  /** Brings every part as far as its data is complete; what failed, by detector. */
  advance(
    complete: ReadonlyMap<string, number>,
    instant: number,
    to: { readonly firing: () => readonly Finding[]; readonly over: () => readonly Finding[]; readonly tell: (told: Told) => void },
  ): Promise<ReadonlyMap<string, string>>;
  /** Whether the last advance left something to do. */
  behind(): boolean;
  parts(): readonly PartReport[];
  stop(instant: number): Promise<void>;
}

export interface SeriesStart {
  readonly store: SeriesStore;
  readonly settings: Settings;
  readonly log: DetectionLog;
  /** What is watched; default: what the settings say. */
  readonly detectors?: readonly SeriesDefinition[];
  /** End of the last bucket told, by part. */
  readonly told: ReadonlyMap<string, number>;
  /** Longest time that one look may take, in ms. */
  readonly budgetMs: number;
  /** Which parts are this process's; none = all. */
  readonly shares?: Shares;
}

/** What people say is read again this often, and the calendars. */
const verdictsEveryMs = 60_000;
const calendarsEveryMs = 6 * 3_600_000;
const dayMs = 86_400_000;
/** How far verdicts may move the score limit of a series or detector: a hundredth of the p, or ten times it. */
const loosest = -1;
const strictest = 2;

/**
 * How far verdicts move a score limit.
 * @example shiftOf({ true: 0, false: 0 }) // 0
 */
export function shiftOf(counts: VerdictCounts): number {
  return learnLimit(0, counts, { loose: loosest, strict: strictest });
}

export function startSeries(start: SeriesStart): Series {
  const { store, settings, log, told, budgetMs, shares } = start;
  const { tenant } = settings;
  const definitions = start.detectors ?? seriesDefinitions(settings.detectors).definitions;
  const frames = definitions.map((definition) => frameOf(definition));
  const maintenance = createMaintenance({ store, tenant, settings });
  let calendars = createCalendars(settings);
  let calendarsAt = Number.NEGATIVE_INFINITY;
  let verdictsAt = Number.NEGATIVE_INFINITY;
  let byFinding: ReadonlyMap<string, number> = new Map();
  let byDetector: ReadonlyMap<string, number> = new Map();
  let behind = false;

  const shift = ({ identity, metric }: SeriesDefinition, labels: Readonly<Record<string, string>>): number =>
    (byDetector.get(identity) ?? 0) + (byFinding.get(findingKey(tenant, identity, metric.name, labels)) ?? 0);

  const engine = createSeriesEngine({
    store,
    settings,
    definitions,
    log,
    told,
    calendar: {
      dayOf: (name, instant) => calendars.dayOf(name, instant),
      holds: (labels, from, to) => maintenance.holds(labels, from, to) !== undefined,
      anyHeld: (from, to) => maintenance.any(from, to),
    },
    shift,
    ...(shares ? { owns: shares.owns } : {}),
  });

  const refresh = async (instant: number): Promise<void> => {
    if (instant - calendarsAt >= calendarsEveryMs) {
      calendars = createCalendars(settings, await readCalendarDays(store, tenant));
      calendarsAt = instant;
    }
    if (instant - verdictsAt >= verdictsEveryMs) {
      const verdicts = await readVerdicts(store, tenant);
      byFinding = new Map(verdicts.map((each) => [each.finding_key, shiftOf(each)]));
      byDetector = new Map([...countsByDetector(verdicts)].map(([detector, counts]) => [detector, shiftOf(counts)]));
      await maintenance.refresh(instant);
      verdictsAt = instant;
    }
    await shares?.refresh(instant);
  };

  /** Event time up to which each leg, and each table without legs, is complete. */
  const completeness = async (legs: ReadonlyMap<string, number>, instant: number): Promise<ReadonlyMap<string, number>> => {
    const params = { tenant, since: writeInstant(instant - dayMs), until: writeInstant(instant) };
    const rows = await store.rows<{ part: string; complete_to: string }>('series-complete', params, { timeoutMs: 30_000 });
    return new Map([...legs, ...rows.map(({ part, complete_to }) => [part, readInstant(complete_to)] as const)]);
  };

  return {
    definitions: frames,
    async advance(legs, instant, { firing, over, tell }) {
      if (definitions.length === 0) return new Map();
      await refresh(instant);
      const { done, failed } = await engine.advance({ complete: await completeness(legs, instant), instant, firing, over, tell, budgetMs });
      behind = !done;
      return failed;
    },
    behind: () => behind,
    parts: engine.parts,
    stop: (instant) => engine.keep(instant),
  };
}
