/** Usage records of two legs for tests of reconciliation, as rows of the table. */
import { writeInstant } from '../../core/row.ts';
import type { Store } from '../../sql/store.ts';
import type { Comparison } from './comparison.ts';

/** The day before yesterday, since tables forget what is old. */
export const dayOfTests: number = (Math.floor(Date.now() / 86_400_000) - 2) * 86_400_000;

/** One record; what is left out is as in a voice call of 60 s at noon. */
export interface LegRecord {
  readonly leg: 'switch' | 'mediation' | 'rating' | 'mno_wholesale';
  /** ms after midnight. */
  readonly at?: number;
  readonly subscriber?: number;
  readonly other?: number;
  readonly service?: string;
  readonly direction?: string;
  readonly seconds?: number;
  readonly octets?: number;
  readonly events?: number;
  readonly id?: string;
  readonly session?: string;
  readonly charge?: number;
  readonly wholesale?: number;
  readonly node?: string;
  readonly plan?: string;
  readonly answered?: boolean;
  readonly partner?: string;
}

export const comparisonOfTests: Comparison = {
  name: 'switch-rating',
  control: 'S08',
  a: 'switch',
  b: 'rating',
  partner: '',
  compareCharge: 'auto',
  subscriber: 'subscriber',
  tolerances: { startSeconds: 60, durationSeconds: 2, octets: 1024, octetsPercent: 1, charge: 0.01, chargePercent: 0.5 },
};

let inserted = 0;

/** Stores records of a tenant; their ids count up from 1 in the order of the call. */
export async function storeRecords(store: Store, tenant: string, records: readonly LegRecord[]): Promise<readonly string[]> {
  const ids = records.map(() => `00000000-0000-0001-0000-${(++inserted).toString(16).padStart(12, '0')}`);
  const rows = records.map((record, at) => {
    const start = dayOfTests + (record.at ?? 43_200_000);
    return {
      tenant,
      source: record.leg,
      record_id: ids[at],
      ingest_time: writeInstant(Date.now()),
      leg: record.leg,
      service: record.service ?? 'voice',
      direction: record.direction ?? 'mo',
      answered: record.answered ?? true,
      subscriber: record.subscriber ?? 7,
      other_party_suffix: record.other ?? 9,
      start_time: writeInstant(start),
      end_time: writeInstant(start + (record.seconds ?? 60) * 1000),
      billable_seconds: record.seconds ?? 60,
      octets_down: record.octets ?? 0,
      events: record.events ?? 0,
      charging_id: record.id ?? '',
      session_id: record.session ?? '',
      charge: `${record.charge ?? 0}`,
      wholesale_charge: `${record.wholesale ?? 0}`,
      currency: 'EUR',
      node: record.node ?? '',
      plan: record.plan ?? '',
      partner: record.partner ?? '',
    };
  });
  await store.insert('usage', rows, `test/${tenant}/${inserted}`);
  return ids;
}
