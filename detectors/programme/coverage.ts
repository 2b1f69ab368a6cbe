/**
 * Coverage: the share of revenue that is under at least one control that can judge. Revenue of a service is what the leg that charges it
 * most charges. A control covers as much of it as the records that it looks at are of their leg, in the leg where that is most.
 */
import { groupedBy } from '../grouped.ts';

/** Records and charges of one leg, source and service; charges in micro-units. */
export interface Value {
  readonly leg: string;
  readonly source: string;
  readonly service: string;
  readonly records: number;
  readonly charges: number;
}

/** What a control judged; an empty name stands for all. */
export interface Cover {
  readonly leg: string;
  readonly source: string;
  readonly service: string;
}

const sum = <T>(items: readonly T[], of: (item: T) => number): number => items.reduce((total, item) => total + of(item), 0);

/**
 * Revenue, micro-units.
 * @example revenueOf([{ leg: 'rating', source: 'a', service: 'voice', records: 2, charges: 5 }, { leg: 'billing', source: 'b', service: 'voice', records: 2, charges: 4 }]) // 5
 */
export function revenueOf(values: readonly Value[]): number {
  return sum([...groupedBy(values, ({ service }) => service).values()], (all) => serviceRevenue(all));
}

function serviceRevenue(values: readonly Value[]): number {
  return Math.max(0, ...[...groupedBy(values, ({ leg }) => leg).values()].map((all) => sum(all, ({ charges }) => charges)));
}

const covers = (cover: Cover, value: Value): boolean =>
  (['leg', 'source', 'service'] as const).every((name) => cover[name] === '' || cover[name] === value[name]);

/**
 * Share of revenue that is covered, 0 to 1; undefined where there is no revenue.
 * @param legs legs that the control looks at; empty = any
 * @example coverageOf([{ leg: 'rating', source: 'a', service: 'voice', records: 3, charges: 9 }, { leg: 'rating', source: 'b', service: 'voice', records: 1, charges: 1 }], [{ leg: '', source: 'a', service: '' }]) // 0.75
 */
export function coverageOf(values: readonly Value[], cells: readonly Cover[], legs: readonly string[] = []): number | undefined {
  const revenue = revenueOf(values);
  if (revenue === 0) return undefined;
  const covered = sum([...groupedBy(values, ({ service }) => service).values()], (ofService) => {
    const shares = [...groupedBy(ofService, ({ leg }) => leg)]
      .filter(([leg]) => legs.length === 0 || legs.includes(leg))
      .map(([, all]) => {
        const seen = all.filter((value) => cells.some((cell) => covers(cell, value)));
        return sum(seen, ({ records }) => records) / sum(all, ({ records }) => records);
      });
    return serviceRevenue(ofService) * Math.max(0, ...shares);
  });
  return covered / revenue;
}
