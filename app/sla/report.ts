/** The report on an agreement for a month: computed from the rollups, never from the records themselves. */
import type { Clock } from '../../core/clock.ts';
import { readInstant, writeInstant } from '../../core/row.ts';
import {
  type Agreement,
  type AgreementCredit,
  capped,
  creditOf,
  type Exclusion,
  exclusionsOf,
  kpiFigure,
  type MeasuredSlice,
  merged,
  repairFigure,
  type SlaFigure,
  type SlaTarget,
  type Stretch,
  type TargetCredit,
  totalCredit,
} from '../../detectors/service/sla/index.ts';
import { instantOfLocal, localOfInstant } from '../../detectors/service/slo/index.ts';
import type { Store } from '../../sql/store.ts';
import { evidenceSql } from '../detect/evidence.ts';
import type { KpiPort } from '../slo/kpi-port.ts';

export interface TargetReport {
  readonly target: SlaTarget;
  readonly figure: SlaFigure;
  readonly credit: TargetCredit;
  readonly exclusions: readonly (Exclusion & { readonly minutes: number })[];
  /** SQL that shows what was measured. */
  readonly evidence: string;
}

export interface SlaReport {
  readonly agreement: Agreement;
  readonly month: string;
  readonly period: Stretch;
  /** The month is over. */
  readonly final: boolean;
  readonly targets: readonly TargetReport[];
  readonly credit: AgreementCredit;
  /** Last day of the claim, YYYY-MM-DD in the zone of the agreement; empty = there is none. */
  readonly claimUntil: string;
  /** First instant at which nothing can be claimed any more, ms since 1970 UTC; undefined = there is none. */
  readonly claimEnd: number | undefined;
  readonly claimOver: boolean;
  readonly writtenAt: number;
}

type SlaStore = Pick<Store, 'rows'>;

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const deadline = { timeoutMs: 60_000 };

/**
 * A calendar month by the clock of a time zone.
 * @example monthOf('2026-03', 'Europe/Berlin') // { from: Date.UTC(2026, 1, 28, 23), to: Date.UTC(2026, 2, 31, 22) }
 */
export function monthOf(month: string, timeZone: string): Stretch {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return { from: instantOfLocal(Date.UTC(year, number - 1, 1), timeZone), to: instantOfLocal(Date.UTC(year, number, 1), timeZone) };
}

/** Maintenance windows of Weir that an agreement lets count, and that were announced in time. */
async function maintenanceOf(
  store: SlaStore,
  tenant: string,
  { maintenance }: Agreement,
  { from, to }: Stretch,
): Promise<readonly Exclusion[]> {
  if (!maintenance) return [];
  const rows = await store.rows<
    Record<'starts_at' | 'ends_at' | 'first_at' | 'reason' | 'actor' | 'maintenance_id', string> & {
      readonly matchers: Readonly<Record<string, string>>;
    }
  >('sla-maintenance', { tenant, from: writeInstant(from), to: writeInstant(to) }, deadline);
  const windows = rows.flatMap((row): readonly Exclusion[] => {
    const starts = readInstant(row.starts_at);
    const own = Object.entries(maintenance.match).every(([name, value]) => row.matchers[name] === value);
    if (!own || starts - readInstant(row.first_at) < maintenance.noticeMs) return [];
    const cut = { from: Math.max(from, starts), to: Math.min(to, readInstant(row.ends_at)) };
    return cut.to <= cut.from
      ? []
      : [{ kind: 'maintenance', ...cut, reason: `${row.reason} (${row.maintenance_id})`, approver: row.actor, targets: [] }];
  });
  return capped(windows, maintenance.mostMs);
}

/** Slices of a KPI over a period; hours that an exclusion cuts are measured by the minute. */
async function measure(
  kpis: KpiPort,
  target: Exclude<SlaTarget, { measure: 'repair' }>,
  { from, to }: Stretch,
  excluded: readonly Stretch[],
): Promise<readonly MeasuredSlice[]> {
  const { kpi, where, sliceMs } = target;
  const slicesOf = async (begin: number, end: number, length: number): Promise<readonly MeasuredSlice[]> =>
    (await kpis.slices(kpi, where, begin, end, length)).map((slice) => ({ ...slice, lengthMs: Math.min(length, end - slice.at) }));
  const slices = await slicesOf(from, to, sliceMs);
  if (target.measure !== 'average') return slices;
  const cut = slices.filter(({ at, lengthMs }) =>
    excluded.some((each) => each.from < at + lengthMs && each.to > at && !(each.from <= at && each.to >= at + lengthMs)),
  );
  const fine = new Map<number, readonly MeasuredSlice[]>();
  for (const { at, lengthMs } of cut) fine.set(at, await slicesOf(at, at + lengthMs, minuteMs));
  return slices.flatMap((slice) => fine.get(slice.at) ?? [slice]);
}

async function targetReport(
  { store, tenant, kpis }: { readonly store: SlaStore; readonly tenant: string; readonly kpis: KpiPort },
  agreement: Agreement,
  target: SlaTarget,
  exclusions: readonly Exclusion[],
  period: Stretch,
  now: number,
): Promise<TargetReport> {
  const own = exclusionsOf(exclusions, target.name);
  const excluded = merged(own, period);
  const shown = own.flatMap((each) => {
    const [cut] = merged([each], period);
    return cut ? [{ ...each, ...cut, minutes: (cut.to - cut.from) / minuteMs }] : [];
  });
  if (target.measure === 'repair') {
    const params = {
      tenant,
      partner: agreement.partner,
      from: writeInstant(period.from),
      to: writeInstant(period.to),
      most_severity: target.mostSeverity,
    };
    const rows = await store.rows<Record<'incident_id' | 'detected_at' | 'opened_at' | 'ticket_at' | 'resolved_at', string>>(
      'sla-incidents',
      params,
      deadline,
    );
    const incidents = rows.map((row) => {
      const started = target.clockStart === 'detected' ? row.detected_at : target.clockStart === 'ticket' ? row.ticket_at : row.opened_at;
      const resolved = readInstant(row.resolved_at);
      // Without a ticket the clock of the ticket starts when the incident opened.
      return {
        incident_id: row.incident_id,
        startedAt: readInstant(started) || readInstant(row.opened_at),
        resolvedAt: resolved > 0 ? resolved : undefined,
      };
    });
    const figure = repairFigure(target, incidents, excluded, period, now);
    return {
      target,
      figure,
      credit: creditOf(target, figure.counted, agreement),
      exclusions: shown,
      evidence: evidenceSql({ query: 'sla-incidents', params }),
    };
  }
  const until = Math.min(period.to, Math.ceil(now / hourMs) * hourMs);
  const slices = until > period.from ? await measure(kpis, target, { from: period.from, to: until }, excluded) : [];
  const figure = kpiFigure(target, slices, excluded, period);
  const evidence = await kpis.evidence(target.kpi, target.where, period.from, period.to, target.sliceMs);
  return { target, figure, credit: creditOf(target, figure.counted, agreement), exclusions: shown, evidence };
}

/** @param month YYYY-MM, by the clock of the agreement */
export async function slaReport(
  place: { readonly store: SlaStore; readonly tenant: string; readonly kpis: KpiPort; readonly clock: Clock },
  agreement: Agreement,
  month: string,
): Promise<SlaReport> {
  const now = place.clock.now();
  const whole = monthOf(month, agreement.timeZone);
  const period = { from: Math.max(whole.from, agreement.validFrom), to: Math.min(whole.to, agreement.validTo) };
  const valid = period.to > period.from;
  const exclusions = valid ? [...agreement.exclusions, ...(await maintenanceOf(place.store, place.tenant, agreement, period))] : [];
  const targets: TargetReport[] = [];
  for (const target of valid ? agreement.targets : []) targets.push(await targetReport(place, agreement, target, exclusions, period, now));
  // So many days of the clock of the agreement: a day less or more for its summer time.
  const claimEnd =
    agreement.claimDays === 0
      ? undefined
      : instantOfLocal(localOfInstant(whole.to, agreement.timeZone) + agreement.claimDays * dayMs, agreement.timeZone);
  return {
    agreement,
    month,
    period,
    final: now >= whole.to,
    targets,
    credit: totalCredit(
      targets.map(({ credit }) => credit),
      agreement,
    ),
    claimUntil: claimEnd === undefined ? '' : new Date(localOfInstant(claimEnd - 1, agreement.timeZone)).toISOString().slice(0, 10),
    claimEnd,
    claimOver: claimEnd !== undefined && now >= claimEnd,
    writtenAt: now,
  };
}
