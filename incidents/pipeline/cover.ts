/** Whether what is wrong above an element is large enough to be what is wrong with it: topology and time alone would say so of anything. Pure. */
import type { Finding } from '../../core/finding.ts';

type Compared = Pick<Finding, 'metric' | 'unit' | 'direction' | 'observed' | 'expected' | 'effect' | 'customers'>;

/** How much of what is wrong below what is above explains, and what was compared. */
export interface Cover {
  /** 0 to 1. */
  readonly share: number;
  /** For a person: "customers", "calls". */
  readonly of: string;
}

/**
 * Share of what is wrong below that what is wrong above covers; undefined = they have nothing that can be compared. Of one metric: its excess, absolute or
 * relative, whichever covers more, since counts add up and shares do not; in the other direction it covers nothing. Of different ones: the customers.
 * Source: the rule "covers at least 60 % of the child's excess".
 * @example coverOf({ metric: 'calls', unit: 'calls', direction: 'down', observed: 950, expected: 1000, effect: -0.05 }, { metric: 'calls', unit: 'calls', direction: 'down', observed: 0, expected: 200, effect: -1 }) // { share: 0.25, of: 'calls' }
 */
export function coverOf(above: Compared, below: Compared): Cover | undefined {
  if (above.metric === below.metric && above.unit === below.unit) {
    const of = below.unit || below.metric;
    if (above.direction !== below.direction && above.direction !== 'none' && below.direction !== 'none') return { share: 0, of };
    const shares = [part(above.observed - above.expected, below.observed - below.expected), part(above.effect, below.effect)].filter(
      (share) => share !== undefined,
    );
    if (shares.length > 0) return { share: Math.max(...shares), of };
  }
  // No customers is what is said where they were not counted, too.
  if (!above.customers?.count || !below.customers?.count) return undefined;
  const share = part(above.customers.count, below.customers.count);
  return share === undefined ? undefined : { share, of: 'customers' };
}

function part(above: number, below: number): number | undefined {
  const share = Math.abs(above) / Math.abs(below);
  return Number.isFinite(share) ? Math.min(1, share) : undefined;
}

/** @example percentOf(0.254) // '25 %' */
export function percentOf(share: number): string {
  return `${Math.round(share * 100)} %`;
}
