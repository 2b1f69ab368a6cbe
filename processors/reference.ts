/** Reference data in memory: built as a whole from the rows of the store, replaced as a whole, asked without allocating. */
import type { CauseScheme } from '../core/causes.ts';
import type { CellFacts, Destination, Reference } from '../core/context.ts';
import { defaultCauseClass } from './causes.ts';
import { createPrefixTable } from './prefix-table.ts';
import { createSubscriptionTable, type SubscriptionRow } from './subscription-table.ts';

/** Rows as a query returns them: only those that hold now. Where a key stands twice, the later `valid_from` wins, then the later row. */
export interface ReferenceRows {
  readonly partners?: readonly PartnerRow[];
  readonly cells?: readonly CellRow[];
  readonly prefix_zones?: readonly PrefixZoneRow[];
  readonly causes?: readonly CauseRow[];
  readonly subscriptions?: readonly SubscriptionRow[];
}

interface Valid {
  /** 'YYYY-MM-DD hh:mm:ss.mmm': compares as text. */
  readonly valid_from?: string;
}

export interface PartnerRow extends Valid {
  readonly partner: string;
  readonly mcc_mnc?: string;
  /** Comma-separated. */
  readonly routes?: string;
}

export interface CellRow extends Valid {
  readonly cell: string;
  readonly site?: string;
  readonly zone?: string;
  readonly rat?: string;
  readonly node?: string;
}

export interface PrefixZoneRow extends Valid {
  readonly prefix: string;
  readonly country?: string;
  readonly zone: string;
}

export interface CauseRow extends Valid {
  readonly partner?: string;
  readonly scheme: string;
  readonly value: number;
  readonly cause_class: string;
}

/** Reference data with what did not fit. */
export interface BuiltReference extends Reference {
  /** Subscriptions left out because the table was full: their plan and segment are joined in SQL alone. */
  readonly subscriptionsLeftOut: number;
}

/**
 * Builds the tables. Missing ones are empty; the causes of Q.850 and SIP are known without rows.
 * @param subscriptionLimit at most this many subscriptions are held (32 to 64 bytes each)
 * @example createReference({ prefix_zones: [{ prefix: '49', country: 'DE', zone: 'eu' }] }).destination('4930123456')?.zone // 'eu'
 */
export function createReference(rows: ReferenceRows, subscriptionLimit = 1_000_000): BuiltReference {
  const zones = inValidity(rows.prefix_zones ?? []);
  const prefixes = createPrefixTable(zones);
  const destinations: readonly Destination[] = zones.map(({ prefix, country, zone }) => ({ prefix, country: country ?? '', zone }));
  const cells = new Map<string, CellFacts>();
  for (const { cell, site, zone, rat, node } of inValidity(rows.cells ?? []))
    cells.set(cell, { site: site ?? '', zone: zone ?? '', rat: rat ?? '', node: node ?? '' });
  const byNetwork = new Map<string, string>();
  const byRoute = new Map<string, string>();
  for (const { partner, mcc_mnc, routes } of inValidity(rows.partners ?? [])) {
    if (mcc_mnc) byNetwork.set(mcc_mnc, partner);
    for (const route of (routes ?? '').split(',')) if (route.trim() !== '') byRoute.set(route.trim(), partner);
  }
  const causes = causeTables(inValidity(rows.causes ?? []));
  const subscriptions = createSubscriptionTable(inValidity(rows.subscriptions ?? []), subscriptionLimit);

  return {
    destination: (digits) => destinations[prefixes.longest(digits)],
    cell: (cell) => cells.get(cell),
    knowsCells: cells.size > 0,
    partnerOfNetwork: (mccMnc) => byNetwork.get(mccMnc),
    partnerOfRoute: (route) => byRoute.get(route),
    subscription: subscriptions.find,
    subscriptionsLeftOut: subscriptions.leftOut,
    causeClass(scheme, value, partner) {
      const own = causes.get(partner)?.[scheme].get(value) ?? causes.get('')?.[scheme].get(value);
      return own ?? defaultCauseClass(scheme, value);
    },
  };
}

type CauseTables = Readonly<Record<CauseScheme, Map<number, string>>>;

function causeTables(rows: readonly CauseRow[]): Map<string, CauseTables> {
  const byPartner = new Map<string, CauseTables>();
  for (const { partner = '', scheme, value, cause_class } of rows) {
    if (scheme !== 'q850' && scheme !== 'sip' && scheme !== 'radius') continue;
    const tables = byPartner.get(partner) ?? { q850: new Map(), sip: new Map(), radius: new Map() };
    byPartner.set(partner, tables);
    tables[scheme].set(Number(value), cause_class);
  }
  return byPartner;
}

function inValidity<T extends Valid>(rows: readonly T[]): readonly T[] {
  return [...rows].sort((one, other) => compareText(one.valid_from ?? '', other.valid_from ?? ''));
}

function compareText(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
