/** A comparison as the settings word it, with the tolerances that hold for its partner. Pure. */
import { WeirError } from '../../core/errors.ts';
import type { ComparisonSettings, Settings, ToleranceSettings } from '../../core/settings/index.ts';

export interface Comparison extends Omit<ComparisonSettings, 'tolerances'> {
  readonly tolerances: ToleranceSettings;
}

/**
 * The comparisons of a control, all of them or the one of that name, each with its tolerances: its own, else those of its partner, else
 * those of all. Fails with `not_found` when there is none.
 */
export function comparisonsOf({ reconciliation }: Settings, control: string, name?: string): readonly Comparison[] {
  const { comparisons, tolerances, partners } = reconciliation;
  const found = comparisons.filter((each) => each.control === control && (name === undefined || each.name === name));
  if (found.length === 0) {
    const known = comparisons.map((each) => `${each.control} ${each.name}`).join(', ');
    throw new WeirError('not_found', `no comparison ${[control, name].filter(Boolean).join(' ')} is set`, {
      place: 'reconciliation.comparisons',
      hint: known === '' ? 'add one in weir.yaml' : `known: ${known}`,
    });
  }
  return found.map(({ tolerances: own, ...each }) => ({ ...each, tolerances: { ...tolerances, ...partners[each.partner], ...own } }));
}

/** Tolerances as parameters of the queries: ms, octets, micro-units and shares. */
export function toleranceParams({ tolerances: of }: Comparison): Readonly<Record<string, number>> {
  return {
    start_ms: Math.round(of.startSeconds * 1000),
    duration_ms: Math.round(of.durationSeconds * 1000),
    octets: of.octets,
    octets_share: of.octetsPercent / 100,
    charge: of.charge * 1e6,
    charge_share: of.chargePercent / 100,
  };
}

/** Legs whose records state what a partner charges us. */
const wholesale: readonly string[] = ['mno_wholesale', 'tap_in', 'partner'];

/** The leg of the two that is charged in `wholesale_charge`; empty: none. */
export const wholesaleLeg = ({ a, b }: Comparison): string => [b, a].find((leg) => wholesale.includes(leg)) ?? '';

const services: readonly string[] = ['voice', 'sms', 'mms', 'data', 'content', 'recurring', 'oneoff'];
const directions: readonly string[] = ['mo', 'mt', 'transit'];

/** What one leg carries: service and direction with the number of records. */
export interface LegKind {
  readonly leg: string;
  readonly service: string;
  readonly direction: string;
  readonly records: number;
}

/** Code of a service and direction in the queries. @example kindCode('voice', 'mo') // 5 */
export const kindCode = (service: string, direction: string): number =>
  (services.indexOf(service) + 1) * 4 + directions.indexOf(direction) + 1;

/**
 * Codes of what is compared: services that both legs carry, in the directions that both state. Where one leg states no direction of a
 * service, what comes in to our subscribers or passes through is left out of the other: nobody bills it.
 */
export function kindsCompared(rows: readonly LegKind[], { a, b }: Comparison): readonly number[] {
  const of = (leg: string, service: string) =>
    new Set(rows.filter((row) => row.leg === leg && row.service === service).map((row) => row.direction));
  const known = [...new Set(rows.map(({ service }) => service))];
  const codes = known.flatMap((service) => {
    const inA = of(a, service);
    const inB = of(b, service);
    if (inA.size === 0 || inB.size === 0) return [];
    const stated = (set: ReadonlySet<string>) => directions.some((direction) => set.has(direction));
    const both = stated(inA) && stated(inB) ? directions.filter((each) => inA.has(each) && inB.has(each)) : ['mo'];
    return [...both, 'na'].map((direction) => kindCode(service, direction));
  });
  return [...new Set(codes)].sort((x, y) => x - y);
}
