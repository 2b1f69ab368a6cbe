/**
 * A replay of any stretch of stored data with any settings: detectors over series and controls of closed windows, by event time, through the
 * same code as live. Nothing is written. Controls that judge what arrives, when it arrives, cannot be replayed from what is stored.
 */
import type { Definition } from '../../core/definition.ts';
import type { Finding } from '../../core/finding.ts';
import { readInstant, writeInstant } from '../../core/row.ts';
import type { Settings } from '../../core/settings/index.ts';
import { seriesDefinitions } from '../../detectors/series/index.ts';
import type { Store } from '../../sql/store.ts';
import { createCalendars } from '../calendar/calendar.ts';
import { readCalendarDays } from '../calendar/reference.ts';
import { backBillDaysOf } from '../detect/back-bill.ts';
import { createBoard } from '../detect/board.ts';
import { evidenceSql } from '../detect/evidence.ts';
import type { DetectionLog } from '../detect/port.ts';
import { type Occasion, run } from '../detect/run.ts';
import { createSeriesEngine } from '../detect/series/engine.ts';
import { legsOf } from '../detect/windows.ts';
import { createMaintenance } from '../maintenance/maintenance.ts';
import type { AskAnalyst } from '../own/ask.ts';
import { allControls } from '../own/definitions.ts';
import { type Comparison, compareEpisodes, daysBetween, type Episode, episodesOf } from './compare.ts';

export interface BacktestOptions {
  readonly store: Store;
  readonly settings: Settings;
  /** Stretch of event time, ms since 1970 UTC. */
  readonly from: number;
  readonly to: number;
  /** Only these detectors and controls; empty = all that can be replayed. */
  readonly only: readonly string[];
  readonly log: DetectionLog;
  /** Asks as the analyst, for controls of one's own. */
  readonly ask?: AskAnalyst;
  readonly onProgress?: (text: string) => void;
}

export interface BacktestReport extends Comparison {
  readonly from: string;
  readonly to: string;
  /** What the replay found, in order. */
  readonly episodes: readonly Episode[];
  /** Controls that judge arrivals: not replayed. */
  readonly left_out: readonly string[];
  /** What failed, by detector or control. */
  readonly failed: Readonly<Record<string, string>>;
}

const quarterMs = 15 * 60_000;
const dayMs = 96 * quarterMs;

/** Legs with anything in the stretch, and tables without legs. */
async function completeIn(store: Store, tenant: string, from: number): Promise<readonly string[]> {
  const rows = await store.rows<{ part: string; earliest: string }>('series-begin', {
    tenant,
    since: writeInstant(Math.max(0, from - 60 * dayMs)),
  });
  return rows.filter(({ earliest }) => readInstant(earliest) > 0).map(({ part }) => part);
}

export async function backtest(options: BacktestOptions): Promise<BacktestReport> {
  const { store, settings, from, to, only, log, onProgress } = options;
  const { tenant } = settings;
  const wanted = (identity: string) => only.length === 0 || only.includes(identity);
  const detectors = seriesDefinitions(settings.detectors).definitions.filter(({ identity }) => wanted(identity));
  const enabled = allControls(settings).filter(({ identity }) => settings.controls[identity]?.enabled !== false && wanted(identity));
  const controls = enabled.filter(({ trigger }) => trigger === 'window-close');
  const board = createBoard(tenant, ({ evidence }) => evidenceSql(evidence), backBillDaysOf(settings));
  const said: Finding[] = [];
  const failed: Record<string, string> = {};
  const calendars = createCalendars(settings, await readCalendarDays(store, tenant));
  const maintenance = createMaintenance({ store, tenant, settings });
  await maintenance.refresh(from);
  const parts = await completeIn(store, tenant, from);
  const engine = createSeriesEngine({
    store,
    settings,
    definitions: detectors,
    log,
    // What lies before the stretch is learned, and not told.
    told: { get: () => from },
    writes: false,
    calendar: {
      dayOf: (name, instant) => calendars.dayOf(name, instant),
      holds: (labels, begin, end) => maintenance.holds(labels, begin, end) !== undefined,
      anyHeld: (begin, end) => maintenance.any(begin, end),
    },
  });
  const legs = parts.filter((part) => part !== 'measurements' && part !== 'lifecycle');
  for (let at = from; ; at = Math.min(to, at + quarterMs)) {
    const { failed: wrong } = await engine.advance({
      complete: new Map(parts.map((part) => [part, at])),
      instant: at,
      firing: () => board.firing(),
      tell: ({ definition, judgements, instant }) => said.push(...board.fold(definition, judgements, instant)),
      budgetMs: Number.POSITIVE_INFINITY,
    });
    for (const [detector, error] of wrong) failed[detector] = error;
    for (const control of controls) {
      if (at === from || at % control.windowMs !== 0) continue;
      for (const [leg] of legsOf(control, new Map(legs.map((each) => [each, at])))) {
        const result = await run(control, store, settings, occasionOf(control, leg, at), undefined, options.ask);
        if (result.ok) said.push(...board.fold(control, result.judgements, at));
        else failed[control.identity] = result.error;
      }
    }
    said.push(...board.expire(at));
    onProgress?.(
      `${writeInstant(at).slice(0, 16)} UTC, ${Math.round((100 * (at - from)) / Math.max(1, to - from))} %, ${board.firing().length} standing`,
    );
    if (at >= to) break;
  }
  const names = [...new Set([...detectors, ...controls].map(({ identity }) => identity))];
  const episodes = episodesOf(said);
  return {
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    episodes,
    ...compareEpisodes(episodes, await storedEpisodes(options), names, daysBetween(from, to)),
    left_out: enabled.filter(({ trigger }) => trigger !== 'window-close').map(({ identity }) => identity),
    failed,
  };
}

function occasionOf({ windowMs }: Definition, leg: string, at: number): Occasion {
  const window = { from: at - windowMs, to: at };
  return { instant: at, window, sources: [], changedFrom: window.from, changedTo: window.to, watchingSince: 0, leg };
}

async function storedEpisodes({ store, settings, from, to }: BacktestOptions): Promise<readonly Episode[]> {
  const params = { tenant: settings.tenant, from: writeInstant(from), to: writeInstant(to) };
  const rows = await store.rows<{ finding_key: string; detector: string; title: string; began: string; ended: string; verdict: string }>(
    'backtest-stored',
    params,
  );
  return rows.map(({ finding_key, detector, title, began, ended, verdict }) => ({
    finding_key,
    detector,
    title,
    from: readInstant(began),
    to: readInstant(ended),
    verdict: verdict === 'true' || verdict === 'false' ? verdict : '',
  }));
}
