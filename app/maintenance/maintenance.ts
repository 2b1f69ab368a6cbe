/** What is held back by planned work: windows and silences of the table, and weekly work of the calendars. */
import { writeInstant } from '../../core/row.ts';
import type { Settings } from '../../core/settings/index.ts';
import { zoneNamed } from '../../ingest/decode/zone.ts';
import type { Store } from '../../sql/store.ts';
import { parseWeekly, type Weekly, weeklyOverlaps } from './weekly.ts';
import { type MaintenanceRow, type MaintenanceWindow, type Matchers, matches, overlaps, windowOf } from './window.ts';

/** Why something is held. */
export interface Hold {
  /** Identity of the window, or place of the weekly work in the settings. */
  readonly id: string;
  readonly reason: string;
}

export interface Maintenance {
  /**
   * Reads the table again, e.g. every minute. Rejects when ClickHouse does not answer; what was known stays.
   * @param instant ms since 1970 UTC; what ended more than 35 days before it is left out
   */
  refresh(instant: number): Promise<void>;
  /**
   * What holds a finding with these labels back in [from, to), ms since 1970 UTC; undefined when nothing does. An empty window stands for
   * its first instant.
   */
  holds(labels: Readonly<Record<string, string>>, from: number, to: number): Hold | undefined;
  /** Whether anything at all is held back in [from, to): where not, no labels need be asked. */
  any(from: number, to: number): boolean;
}

/** Weekly work of one calendar. */
export interface Recurring extends Hold {
  readonly weekly: Weekly;
  /** As the settings word it. */
  readonly text: string;
  readonly match: Matchers;
}

/** Windows that ended longer ago hold nothing that is still judged. */
const keptMs = 35 * 86_400_000;
/** Most windows that are looked at: the latest to begin. */
const mostWindows = 10_000;

/** Weekly work of all calendars of the settings, which have been checked. */
export function recurringOf({ calendars }: Pick<Settings, 'calendars'>): readonly Recurring[] {
  return Object.entries(calendars).flatMap(([name, { maintenance }]) =>
    maintenance.flatMap(({ weekly: text, match, reason }, at) => {
      const weekly = parseWeekly(text);
      return weekly ? [{ id: `calendars.${name}.maintenance.${at}`, weekly, text, match, reason }] : [];
    }),
  );
}

export function createMaintenance(options: {
  readonly store: Pick<Store, 'rows'>;
  readonly tenant: string;
  readonly settings: Pick<Settings, 'calendars' | 'timeZone'>;
}): Maintenance {
  const { store, tenant, settings } = options;
  const recurring = recurringOf(settings);
  const zone = zoneNamed(settings.timeZone) ?? zoneNamed('UTC')!;
  let windows: readonly MaintenanceWindow[] = [];
  return {
    async refresh(instant) {
      const since = writeInstant(Math.max(0, instant - keptMs));
      const rows = await store.rows<MaintenanceRow>('maintenance-windows', { tenant, since, limit: mostWindows });
      windows = rows.map(windowOf);
    },
    holds(labels, from, to) {
      const window = windows.find((each) => overlaps(each, from, to) && matches(each.matchers, labels));
      if (window) return { id: window.maintenance_id, reason: window.reason };
      const work = recurring.find(({ match, weekly }) => matches(match, labels) && weeklyOverlaps(weekly, from, to, zone));
      return work && { id: work.id, reason: work.reason };
    },
    any: (from, to) =>
      windows.some((each) => overlaps(each, from, to)) || recurring.some(({ weekly }) => weeklyOverlaps(weekly, from, to, zone)),
  };
}
