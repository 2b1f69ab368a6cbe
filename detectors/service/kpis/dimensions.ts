/** By what KPIs can be cut, by query. The names are columns of the tables. */
import type { KpiQuery } from './kpi.ts';

/** Dimensions of each query, in the order in which they are usually named. */
export const kpiDimensions: Readonly<Record<KpiQuery, readonly string[]>> = {
  'kpi-usage': ['leg', 'partner', 'direction', 'node', 'route', 'cell', 'apn', 'rat', 'plan', 'zone', 'segment'],
};

/** Legs that see every attempt, the nearest to the network first: the usual choice for what calls and messages do. */
export const networkLegs: readonly string[] = ['switch', 'mediation', 'ocs', 'mno_wholesale', 'rating', 'billing'];

/** The same for data sessions. */
export const sessionLegs: readonly string[] = ['switch', 'aaa', 'mediation', 'ocs', 'mno_wholesale', 'rating', 'billing'];
