/** What in a new finding a person who already knows the incident would want to hear. */
import type { Explanation, Finding } from '../core/finding.ts';
import type { Incident } from '../core/incident.ts';
import type { IncidentSettings } from './settings.ts';
import { severityOf, steadySeverity } from './severity.ts';

export interface Change {
  /** For a person, one clause each: "money 1200 EUR → 1900 EUR". Empty = nothing worth telling. */
  readonly reasons: readonly string[];
  /** The severity rose: told at once. */
  readonly urgent: boolean;
}

/** Compares a firing finding with what the last transition said. */
export function changeOf(incident: Incident, finding: Finding, settings: IncidentSettings): Change {
  const severity = steadySeverity(incident.severity, { ...finding, category: incident.category }, settings.severity);
  const reasons: string[] = [];
  if (severity !== incident.severity) reasons.push(`severity ${incident.severity} → ${severity}`);
  if (moneyChanged(incident, finding, settings.materialChange)) {
    reasons.push(`money ${moneyText(incident.impact.money)} → ${moneyText(finding.money)}`);
  }
  const customersBefore = incident.impact.customers?.count;
  if (moved(customersBefore, finding.customers?.count, settings.materialChange)) {
    reasons.push(`customers ${customersBefore ?? 'unknown'} → ${finding.customers?.count ?? 'unknown'}`);
  }
  if (namesOf(incident.explanation) !== namesOf(finding.explanation)) reasons.push(explanationText(finding.explanation));
  if (pairs(incident.finding.scope) !== pairs(finding.scope)) reasons.push(`scope ${pairs(finding.scope)}`);
  return { reasons, urgent: severity < incident.severity };
}

/** Whether a finding is materially worse than what the last transition said: severity, money, customers or the distance from what is expected. */
export function hasWorsened(incident: Incident, finding: Finding, settings: IncidentSettings): boolean {
  const grown = (before: number | undefined, after: number | undefined): boolean =>
    after !== undefined && (before === undefined || after > before * (1 + settings.materialChange));
  const { money, customers } = incident.impact;
  return (
    severityOf({ ...finding, category: incident.category }, settings.severity) < incident.severity ||
    grown(money && Number(money.amount), finding.money && Number(finding.money.amount)) ||
    grown(customers?.count, finding.customers?.count) ||
    grown(Math.abs(incident.finding.observed - incident.finding.expected), Math.abs(finding.observed - finding.expected))
  );
}

function moneyChanged(incident: Incident, finding: Finding, limit: number): boolean {
  const before = incident.impact.money;
  if (before !== undefined && finding.money !== undefined && before.currency !== finding.money.currency) return true;
  if (finding.money?.exact) return before?.amount !== finding.money.amount;
  return moved(before && Number(before.amount), finding.money && Number(finding.money.amount), limit);
}

/** Whether a figure moved by more than `limit` of what it was, came or went. */
function moved(before: number | undefined, after: number | undefined, limit: number): boolean {
  if (before === undefined || after === undefined) return before !== after;
  return Math.abs(after - before) > limit * Math.abs(before);
}

function moneyText(money: Finding['money']): string {
  return money === undefined ? 'unknown' : `${money.amount} ${money.currency}`;
}

/** Only what explains most counts: shares move with every tick, names do not. */
function namesOf(explanation: readonly Explanation[]): string {
  const first = explanation[0];
  return first === undefined ? '' : pairs(first.dimensions);
}

function explanationText(explanation: readonly Explanation[]): string {
  const names = namesOf(explanation);
  return names === '' ? 'no longer explained by known dimensions' : `explained by ${names}`;
}

function pairs(labels: Readonly<Record<string, string>>): string {
  return Object.keys(labels)
    .sort()
    .map((name) => `${name}=${labels[name]}`)
    .join(', ');
}
