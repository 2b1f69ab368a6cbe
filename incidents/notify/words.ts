/** An incident in words, for people: what templates may name and what every target says in its own form. Pure. */
import type { Incident } from '../../core/incident.ts';
import { cleaned, cut, lines, oneLine } from './cut.ts';

/** Every word that a template may name, with what it says. */
export const wordMeanings = {
  title: 'Title of the incident, one line',
  summary: 'What, how much, since when, why',
  note: 'What happened at this transition, or what the person wrote',
  actor: 'Who did it; weir = Weir itself',
  transition: 'opened, updated, acknowledged, resolved, …',
  state: 'open, acknowledged, in progress, resolved, closed',
  severity: '1 to 5',
  severity_name: 'critical, major, minor, warning, informational',
  category: 'revenue, service or data',
  detector: 'Control or detector that found it',
  metric: 'What was measured',
  money: 'Amount, currency and class, e.g. 1200 EUR leakage',
  recoverable_until: 'Until when the money can be had back',
  customers: 'Customers concerned',
  observed: 'What was seen and what was expected',
  scope: 'Labels of the finding, e.g. source=msc1',
  explanation: 'What explains it, with shares',
  suspects: 'What was changed before',
  team: 'Team that has it',
  assignee: 'Who has it',
  began_at: 'When it began, ISO 8601 UTC',
  detected_at: 'When it was detected',
  updated_at: 'When this transition happened',
  link: 'Address of the incident in the console',
  incident_id: 'Identity of the incident',
  incident_key: 'What is wrong; the same when it comes back',
  tenant: 'Name of the operator',
} as const;

export type Word = keyof typeof wordMeanings;
export type Words = Readonly<Record<Word, string>>;

/** Names of severities 1 to 5, as in ITU-T X.733 where it has them. */
export const severityNames = ['critical', 'major', 'minor', 'warning', 'informational'] as const;

/** @example severityName(1) // 'critical' */
export function severityName(severity: number): (typeof severityNames)[number] {
  return severityNames[Math.min(5, Math.max(1, Math.round(severity) || 5)) - 1]!;
}

/** Longest word of one line, and of several, UTF-16 units. */
const short = 500;
const long = 4_000;

/** The words of an incident, each cleaned and cut to 500 units, summary and note to 4,000. Empty = not known. */
export function wordsOf(incident: Incident): Words {
  const { finding, impact } = incident;
  const last = incident.timeline.at(-1);
  const one = (text: string | undefined): string => oneLine(text ?? '', short);
  return {
    title: one(incident.title),
    summary: lines(incident.summary, long),
    note: lines(last?.text ?? '', long),
    actor: one(last?.actor),
    transition: one(incident.transition),
    state: one(incident.state).replaceAll('_', ' '),
    severity: String(incident.severity),
    severity_name: severityName(incident.severity),
    category: one(incident.category),
    detector: one(finding.detector),
    metric: one(finding.metric),
    money: impact.money === undefined ? '' : one(`${impact.money.amount} ${impact.money.currency} ${impact.money.class}`),
    recoverable_until: one(impact.money?.recoverable_until),
    customers: impact.customers === undefined ? '' : String(impact.customers.count),
    observed: one(`${figure(finding.observed)} ${finding.unit}, expected ${figure(finding.expected)}`),
    scope: one(pairs(finding.scope)),
    explanation: one(
      incident.explanation
        .slice(0, 3)
        .map(({ dimensions, share }) => `${pairs(dimensions)} (${Math.round(share * 100)} %)`)
        .join('; '),
    ),
    suspects: one(
      incident.change_suspects
        .slice(0, 3)
        .map((suspect) => suspect.summary)
        .join('; '),
    ),
    team: one(incident.team),
    assignee: one(incident.assignee),
    began_at: one(incident.began_at),
    detected_at: one(incident.detected_at),
    updated_at: one(incident.updated_at),
    link: linkOf(incident),
    incident_id: one(incident.incident_id),
    incident_key: one(incident.incident_key),
    tenant: one(incident.tenant),
  };
}

/** The address of the incident in the console; empty when there is none, or when it is not an http address. */
export function linkOf(incident: Pick<Incident, 'links'>): string {
  const link = cleaned(incident.links['incident'] ?? '');
  return link.length <= 2_000 && /^https?:\/\/[^\s<>"'|\\]+$/.test(link) ? link : '';
}

/** @example figure(0.123456) // '0.1235' */
function figure(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(4 + Math.max(0, Math.floor(Math.log10(Math.abs(value) || 1)))))) : '?';
}

function pairs(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .slice(0, 20)
    .map(([name, value]) => `${cut(name, 100)}=${cut(String(value), 200)}`)
    .join(', ');
}
