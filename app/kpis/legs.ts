/** Which legs a KPI over usage is read from: what several legs tell of one call must not be added up. */
import type { Window } from '../../core/finding.ts';
import { everyLeg } from '../../detectors/service/kpis/index.ts';
import type { KpiQuestion } from './ask.ts';
import type { KpiStore } from './read.ts';

const hourMs = 3_600_000;

/** Records that a leg brought of a service. */
export interface LegSeen {
  readonly leg: string;
  readonly service: string;
  readonly records: number;
}

/** What each leg brought in the hours of the window, of every service or of some, by leg in ascending order. */
export async function legsSeen(
  store: KpiStore,
  tenant: string,
  window: Window,
  services: readonly string[] = [],
): Promise<readonly LegSeen[]> {
  const rows = await store.rows<{ readonly leg: string; readonly service: string; readonly records: string }>('kpi-legs', {
    tenant,
    services,
    from: (Math.floor(window.from / hourMs) * hourMs) / 1000,
    to: (Math.ceil(window.to / hourMs) * hourMs) / 1000,
  });
  return rows.map(({ leg, service, records }) => ({ leg, service, records: Number(records) }));
}

/**
 * The leg that is asked for; every leg when the KPI is cut by leg or is about records; else the best of the KPI that has any records, else the one with most.
 * Empty for a KPI that is not read from usage.
 * @example legsFrom([{ leg: 'billing', service: 'voice', records: 9 }], { kpi: asr, leg: '', by: [], only: {} }) // ['billing']
 */
export function legsFrom(
  seen: readonly LegSeen[],
  { kpi, leg, by, only }: Pick<KpiQuestion, 'kpi' | 'leg' | 'by' | 'only'>,
): readonly string[] {
  if (kpi.legs.length === 0) return [];
  if (leg !== '') return [leg];
  const records = new Map<string, number>();
  for (const row of seen)
    if (kpi.services.length === 0 || kpi.services.includes(row.service)) records.set(row.leg, (records.get(row.leg) ?? 0) + row.records);
  if (kpi.legs === everyLeg || by.includes('leg') || 'leg' in only) return [...records.keys()];
  const best = kpi.legs.find((each) => records.has(each));
  const [most] = [...records].sort(([, one], [, other]) => other - one)[0] ?? [];
  const chosen = best ?? most;
  return chosen === undefined ? [] : [chosen];
}

/** Legs of one question, as `legsFrom` says, out of the store. */
export async function legsOf(
  store: KpiStore,
  tenant: string,
  question: Pick<KpiQuestion, 'kpi' | 'window' | 'leg' | 'by' | 'only'>,
): Promise<readonly string[]> {
  const { kpi, window, leg } = question;
  if (kpi.legs.length === 0 || leg !== '') return legsFrom([], question);
  return legsFrom(await legsSeen(store, tenant, window, kpi.services), question);
}
