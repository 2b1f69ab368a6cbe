/** Made-up days for tests: a seeded operator with a weekly rhythm, and rows as the queries send them. */
import { writeInstant } from '../../core/row.ts';
import { dayMs } from './days.ts';

/** The night in which the tests judge: a Saturday, 00:10 UTC. */
export const night: number = Date.UTC(2026, 10, 21, 0, 10);
/** First day of the eight weeks before it. */
export const firstDay: number = Date.UTC(2026, 10, 21) - 57 * dayMs;

/** Deviates of the normal, always the same for a seed (Park, Miller; Box, Muller). */
export function normals(seed: number): () => number {
  let state = (seed * 2_147_483_629 + 12_345) % 2_147_483_647 || 1;
  const uniform = (): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

export interface Shape {
  readonly level?: number;
  /** Relative spread of a day. */
  readonly noise?: number;
  /** How much of a day's departure the next one keeps. */
  readonly memory?: number;
  /** Factors of Sunday to Saturday. */
  readonly week?: readonly number[];
  readonly days?: number;
  /** Factor of a day, counted from the first of the eight weeks. */
  readonly of?: (day: number) => number;
}

/** Records of each of the last `days` days. */
export function dailyRecords(seed: number, shape: Shape = {}): { day: number; records: number }[] {
  const { level = 5000, noise = 0.05, memory = 0, week = [0.6, 1.1, 1.1, 1.1, 1.15, 1.2, 0.75], days = 57, of = () => 1 } = shape;
  const normal = normals(seed);
  let departure = 0;
  return Array.from({ length: 57 }, (_, day) => {
    departure = memory * departure + Math.sqrt(1 - memory ** 2) * noise * normal();
    const mean = level * week[new Date(firstDay + day * dayMs).getUTCDay()]! * of(day) * Math.exp(departure);
    return { day, records: Math.max(0, Math.round(mean + Math.sqrt(mean) * normal())) };
  }).slice(57 - days);
}

/** A row of `nightly-usage-days` as ClickHouse sends it; days without records are left out. */
export function usageRow(days: readonly { day: number; records: number }[], more: Readonly<Record<string, unknown>> = {}): object {
  const present = days.filter(({ records }) => records > 0);
  const total = present.reduce((sum, { records }) => sum + records, 0);
  return {
    leg: 'switch',
    service: 'voice',
    partner: 'alder',
    first_day: writeInstant(firstDay),
    days: present.map(({ day }) => day),
    records: present.map(({ records }) => String(records)),
    middles: present.map(({ records }) => records / 24),
    total: String(total),
    charge: String(total / 10),
    settled: String(total),
    fresh: '0',
    ...more,
  };
}

/** A row of `nightly-measurement-days`: daily medians of one device. */
export function deviceRow(values: readonly number[], more: Readonly<Record<string, unknown>> = {}): object {
  return {
    metric: 'rx_power_dbm',
    device: 'ont-1',
    node: 'olt-1',
    unit: 'dBm',
    first_day: writeInstant(firstDay),
    days: values.map((_, day) => day),
    medians: [...values],
    change: 0,
    common: 0,
    peers: '1',
    ...more,
  };
}
