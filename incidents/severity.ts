/**
 * Severity from money and customers: the worse of the two decides.
 *
 * | severity | name          | money from | customers from |
 * |----------|---------------|------------|----------------|
 * | 1        | critical      | 100,000    | 10,000         |
 * | 2        | major         | 10,000     | 1,000          |
 * | 3        | minor         | 1,000      | 100            |
 * | 4        | warning       | 100        | 10             |
 * | 5        | informational | less       | less           |
 *
 * The limits are defaults (settings, `incidents.severity`). Where a finding states neither, the category decides: what is wrong with
 * the data is 3, since it may hide everything else; anything else is 4.
 */
import type { FindingCustomers, FindingMoney } from '../core/finding.ts';
import type { Severity, SeverityLimits, SeveritySettings } from './settings.ts';

/** What severity is judged from: a finding or the impact of an incident. */
export interface SeverityFigures {
  readonly detector: string;
  readonly category: string;
  readonly money?: FindingMoney | undefined;
  readonly customers?: FindingCustomers | undefined;
}

/**
 * Severity 1 (critical) to 5 (informational). An amount that is not a number counts as not stated.
 * @example severityOf({ detector: 'S10', category: 'revenue', money: { amount: '12000', currency: 'EUR', class: 'leakage', method: '' } }, defaultIncidentSettings.severity) // 2
 */
export function severityOf(figures: SeverityFigures, settings: SeveritySettings): Severity {
  const byMoney = level(moneyIn(settings, figures.money), settings.money);
  const byCustomers = level(figures.customers?.count, settings.customers);
  const judged = byMoney === undefined && byCustomers === undefined ? unknown(figures.category, settings) : worse(byMoney, byCustomers);
  return worse(judged, settings.atLeast[figures.detector]);
}

/** An incident becomes less severe only when its figures are so much below the limit. */
const margin = 0.2;

/**
 * Severity of an incident that had one: it rises at the limit and falls only when the figures are a fifth below it, so that a figure that
 * moves about a limit is not told each time.
 * @example steadySeverity(2, { detector: '', category: 'revenue', customers: { count: 900, segments: {} } }, defaultIncidentSettings.severity) // 2
 */
export function steadySeverity(before: Severity, figures: SeverityFigures, settings: SeveritySettings): Severity {
  const judged = severityOf(figures, settings);
  if (judged <= before) return judged;
  const { money, customers } = figures;
  const larger = {
    ...figures,
    ...(money && { money: { ...money, amount: String(Number(money.amount) / (1 - margin)) } }),
    ...(customers && { customers: { ...customers, count: customers.count / (1 - margin) } }),
  };
  return Math.max(before, severityOf(larger, settings)) as Severity;
}

/** Amount in the currency of the limits. A comparison only, never booked: a float does. */
function moneyIn(settings: SeveritySettings, money: FindingMoney | undefined): number | undefined {
  if (money === undefined) return undefined;
  const rate = money.currency === settings.currency ? 1 : (settings.rates[money.currency] ?? 1);
  return Math.abs(Number(money.amount)) * rate;
}

function level(value: number | undefined, limits: SeverityLimits): Severity | undefined {
  if (value === undefined || Number.isNaN(value)) return undefined;
  if (value >= limits[0]) return 1;
  if (value >= limits[1]) return 2;
  if (value >= limits[2]) return 3;
  return value >= limits[3] ? 4 : 5;
}

function unknown(category: string, settings: SeveritySettings): Severity {
  return settings.unknown[category] ?? settings.unknown['other'] ?? 4;
}

function worse(first: Severity | undefined, second: Severity | undefined): Severity {
  return Math.min(first ?? 5, second ?? 5) as Severity;
}
