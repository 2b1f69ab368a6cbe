/** Which legs a KPI over usage is read from: what several legs tell of one call must not be added up. */
import { everyLeg } from '../../detectors/service/kpis/index.ts';
import type { KpiQuestion } from './ask.ts';
import type { KpiStore } from './read.ts';

const hourMs = 3_600_000;

/**
 * The leg that is asked for; every leg when the KPI is cut by leg or is about records; else the best of the KPI that has any records in the window, else the one
 * with most. Empty for a KPI that is not read from usage.
 */
export async function legsOf(
  store: KpiStore,
  tenant: string,
  { kpi, window, leg, by, only }: Pick<KpiQuestion, 'kpi' | 'window' | 'leg' | 'by' | 'only'>,
): Promise<readonly string[]> {
  if (kpi.legs.length === 0) return [];
  if (leg !== '') return [leg];
  const seen = await store.rows<{ readonly leg: string; readonly records: string }>('kpi-legs', {
    tenant,
    services: kpi.services,
    from: (Math.floor(window.from / hourMs) * hourMs) / 1000,
    to: (Math.ceil(window.to / hourMs) * hourMs) / 1000,
  });
  if (kpi.legs === everyLeg || by.includes('leg') || 'leg' in only) return seen.map((row) => row.leg);
  const best = kpi.legs.find((each) => seen.some((row) => row.leg === each));
  const most = seen.toSorted((one, other) => Number(other.records) - Number(one.records))[0]?.leg;
  const chosen = best ?? most;
  return chosen === undefined ? [] : [chosen];
}
