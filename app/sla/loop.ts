/**
 * Keeps the table sla_periods: the running month of every agreement, and months before while their credits may still be claimed. A report is made again after a
 * hundred times as long as it took, at least a minute and at most an hour, so that it costs at most a hundredth of one core; rows are written when they change.
 */
import type { Clock } from '../../core/clock.ts';
import { WeirError } from '../../core/errors.ts';
import type { Settings } from '../../core/settings/index.ts';
import type { Agreement } from '../../detectors/service/sla/index.ts';
import { localOfInstant } from '../../detectors/service/slo/index.ts';
import type { DetectionLog, DetectionStore } from '../detect/port.ts';
import { repeatLook } from '../looking.ts';
import type { KpiPort } from '../slo/kpi-port.ts';
import { settingsAgreements } from './read.ts';
import { monthOf, slaReport } from './report.ts';
import { periodRows } from './rows.ts';

export interface AgreementsOptions {
  readonly store: DetectionStore;
  readonly clock: Clock;
  readonly settings: Settings;
  readonly log: DetectionLog;
  readonly agreements: readonly Agreement[];
  readonly kpis: KpiPort;
  /** Until when this process is the one that reports, ms; 0 = another one is. Default: always. */
  readonly heldUntil?: () => Promise<number>;
  /** Milliseconds between two looks; 0 = only when `look` is called. Default a minute. */
  readonly everyMs?: number;
}

export interface Agreements {
  /** One look; never two at once. Answers which agreements and months were written: "alder-voice 2026-11". */
  look(): Promise<readonly string[]>;
  stop(): Promise<void>;
}

const minuteMs = 60_000;
const dayMs = 86_400_000;
const restShare = 100;
const [leastRestMs, mostRestMs] = [minuteMs, 60 * minuteMs];
/** Most months that are reported again, the running one among them. */
const mostMonths = 13;

/**
 * The running month, the one before, and older ones that may still be claimed; the latest first.
 * @example monthsOf({ timeZone: 'UTC', claimDays: 60 }, Date.UTC(2026, 10, 15)) // ['2026-11', '2026-10', '2026-09']
 */
export function monthsOf({ timeZone, claimDays }: Pick<Agreement, 'timeZone' | 'claimDays'>, now: number): readonly string[] {
  const months: string[] = [];
  let at = now;
  while (months.length < mostMonths) {
    const month = new Date(localOfInstant(at, timeZone)).toISOString().slice(0, 7);
    const { from, to } = monthOf(month, timeZone);
    if (months.length > 1 && to + claimDays * dayMs <= now) break;
    months.push(month);
    at = from - 1;
  }
  return months;
}

/** Agreements of the settings for a process that judges: what is wrong is logged, the others run. */
export function agreementsOf(settings: Settings, kpis: KpiPort, log: DetectionLog): readonly Agreement[] {
  try {
    const { agreements, problems } = settingsAgreements(settings, kpis);
    for (const { place, message, hint } of problems)
      log.error({ place, problem: message, hint }, 'an agreement is refused, the others run');
    return agreements;
  } catch (error) {
    if (!(error instanceof WeirError)) throw error;
    log.error({ place: error.place, problem: error.message, hint: error.hint }, 'there are no agreements: their folder cannot be read');
    return [];
  }
}

export function startAgreements(options: AgreementsOptions): Agreements {
  const { store, clock, settings, log, agreements, kpis, everyMs = minuteMs } = options;
  const { tenant } = settings;
  /** By agreement and month: when it is due again, and what was written last. */
  const known = new Map<string, { readonly due: number; readonly words: string }>();

  const report = async (agreement: Agreement, month: string): Promise<boolean> => {
    const key = `${agreement.identity} ${month}`;
    const before = known.get(key);
    const now = clock.now();
    if (before && now < before.due) return false;
    const began = performance.now();
    const rows = periodRows(tenant, await slaReport({ store, tenant, kpis, clock }, agreement, month));
    const rest = Math.min(mostRestMs, Math.max(leastRestMs, restShare * (performance.now() - began)));
    const words = JSON.stringify(rows.map((row) => ({ ...row, updated_at: '' })));
    const isNews = rows.length > 0 && words !== before?.words;
    if (isNews) await store.insert('sla_periods', rows, `sla/${tenant}/${key}/${now}`);
    known.set(key, { due: now + rest, words });
    return isNews;
  };

  const all = async (stopping: () => boolean): Promise<readonly string[]> => {
    if (options.heldUntil && (await options.heldUntil()) === 0) return [];
    const written: string[] = [];
    for (const agreement of agreements)
      for (const month of monthsOf(agreement, clock.now())) {
        if (stopping()) return written;
        try {
          if (await report(agreement, month)) written.push(`${agreement.identity} ${month}`);
        } catch (error) {
          const text = error instanceof Error ? error.message : String(error);
          log.error({ agreement: agreement.identity, month, error: text }, 'an agreement could not be reported on, the others go on');
        }
      }
    return written;
  };

  return repeatLook({
    look: all,
    failed: (error) => log.error({ error: String(error) }, 'agreements were not reported on, it is tried again'),
    everyMs: agreements.length > 0 ? everyMs : 0,
    // What a restart finds is shown at once.
    atOnce: true,
  });
}
