/** The report after an incident, as Markdown and as HTML. What people and systems wrote is shown as text, never as markup. */
import type { Incident } from '../core/incident.ts';
import type { ActionItem } from './action-item.ts';
import { askedOf, type Review } from './review.ts';
import { timesOf } from './times.ts';

export interface ReportParts {
  readonly incident: Incident;
  readonly review: Review | undefined;
  readonly actions: readonly ActionItem[];
  readonly similar: readonly { readonly incident_id: string; readonly title: string; readonly score: number; readonly reason: string }[];
  /** When it was written, ms since 1970 UTC. */
  readonly now: number;
}

interface Section {
  readonly title: string;
  readonly text?: string;
  readonly list?: readonly string[];
  readonly head?: readonly string[];
  readonly rows?: readonly (readonly string[])[];
}

/** The report as Markdown. */
export function reportMarkdown(parts: ReportParts): string {
  const sections = sectionsOf(parts).map(({ title, text, list, head, rows }) =>
    [
      `## ${title}`,
      text === undefined ? '' : markdownText(text),
      (list ?? []).map((item, index) => `${index + 1}. ${markdownText(item)}`).join('\n'),
      rows === undefined ? '' : markdownRows(head ?? ['', ''], rows),
    ]
      .filter((part) => part !== '')
      .join('\n\n'),
  );
  return `${[`# ${markdownText(parts.incident.title)}`, markdownText(parts.incident.summary), ...sections].join('\n\n')}\n`;
}

function markdownRows(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(markdownText).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

/**
 * A text on one line of Markdown that shows as it was written.
 * @example markdownText('a *b* <c>\n# d') // 'a \\*b\\* &lt;c&gt; # d'
 */
export function markdownText(text: string): string {
  return oneLine(text)
    .replaceAll(/[\\`*_[\]|~]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/^([#+-]|\d+[.)])/, '\\$1');
}

/** The report as a page of HTML without scripts, styles or addresses from outside. */
export function reportHtml(parts: ReportParts): string {
  const { incident } = parts;
  const sections = sectionsOf(parts).map(({ title, text, list, head, rows }) => {
    const cells = (of: readonly string[], tag: 'td' | 'th'): string =>
      `<tr>${of.map((cell) => `<${tag}>${htmlText(cell)}</${tag}>`).join('')}</tr>`;
    return [
      `<h2>${htmlText(title)}</h2>`,
      text === undefined ? '' : `<p>${htmlText(text)}</p>`,
      list === undefined || list.length === 0 ? '' : `<ol>${list.map((item) => `<li>${htmlText(item)}</li>`).join('')}</ol>`,
      rows === undefined
        ? ''
        : `<table>${head === undefined ? '' : cells(head, 'th')}${rows.map((row) => cells(row, 'td')).join('')}</table>`,
    ].join('\n');
  });
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${htmlText(incident.title)}</title></head><body>
<h1>${htmlText(incident.title)}</h1>
<p>${htmlText(incident.summary)}</p>
${sections.join('\n')}
</body></html>
`;
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** @example htmlText('<b>') // '&lt;b&gt;' */
export function htmlText(text: string): string {
  return oneLine(text).replaceAll(/[&<>"']/g, (character) => entities[character]!);
}

function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, ' ').trim();
}

function sectionsOf({ incident, review, actions, similar, now }: ReportParts): Section[] {
  const asked = askedOf(review);
  return [
    { title: 'What happened', rows: factsOf(incident) },
    ...(incident.explanation.length === 0
      ? []
      : [
          {
            title: 'What explains it',
            rows: incident.explanation.map(({ dimensions, share }) => [pairs(dimensions), `${Math.round(share * 100)} %`]),
            head: ['Where', 'Share'],
          },
        ]),
    ...(incident.change_suspects.length === 0
      ? []
      : [
          {
            title: 'Changes just before it',
            rows: incident.change_suspects.map((change) => [change.event_time, change.change_id, change.summary]),
            head: ['When', 'Change', 'What'],
          },
        ]),
    {
      title: 'Why it happened',
      ...(review?.root_cause ? { text: `Root cause: ${review.root_cause}` } : {}),
      list: review?.whys ?? [],
      ...(review ? { rows: reviewRows(review) } : {}),
    },
    ...(review?.lessons ? [{ title: 'What was learned', text: review.lessons }] : []),
    actions.length === 0
      ? { title: 'Actions', text: 'None.' }
      : {
          title: 'Actions',
          head: ['Kind', 'What', 'Owner', 'Due', 'State'],
          rows: actions.map(({ kind, text, owner, due_on, state }) => [
            kind,
            text,
            owner,
            due_on,
            state === 'open' && overdue(due_on, now) ? 'overdue' : state,
          ]),
        },
    ...(similar.length === 0
      ? []
      : [
          {
            title: 'Similar incidents',
            head: ['Incident', 'Title', 'Likeness'],
            rows: similar.map(({ incident_id, title, score, reason }) => [incident_id, title, `${Math.round(score * 100)} %: ${reason}`]),
          },
        ]),
    {
      title: 'Timeline',
      head: ['When (UTC)', 'What', 'Who', 'Text'],
      rows: incident.timeline.map(({ at, type, actor, text }) => [at.slice(0, 19).replace('T', ' '), type, actor, text]),
    },
    ...(asked.length === 0 ? [] : [{ title: 'Still asked for', text: `${asked.join(', ')}.` }]),
    {
      title: 'About this report',
      text: `Written ${new Date(now).toISOString()} from incident ${incident.incident_id}, sequence ${incident.sequence}.`,
    },
  ];
}

const overdue = (day: string, now: number): boolean => Date.parse(`${day}T00:00:00Z`) + 86_400_000 <= now;

function factsOf(incident: Incident): string[][] {
  const { impact, finding } = incident;
  const times = timesOf(incident);
  const minutes = (seconds: number | undefined): string => (seconds === undefined ? '' : `${Math.round(seconds / 6) / 10} min`);
  return [
    ['Incident', incident.incident_id],
    ['State', incident.state],
    ['Severity', `${incident.severity}${incident.priority ? `, priority ${incident.priority}` : ''}`],
    ['Team', [incident.team, incident.assignee].filter((name) => name !== '').join(', ')],
    ['Scope', pairs(finding.scope)],
    ['Measured', `${finding.observed} ${finding.unit}, expected ${finding.expected}`],
    ['Money', impact.money ? `${impact.money.amount} ${impact.money.currency} (${impact.money.class})` : ''],
    ['Customers', impact.customers ? String(impact.customers.count) : ''],
    ['Complaints', incident.complaints ? `${incident.complaints.count} of ${incident.complaints.customers} customers` : ''],
    ['First seen by', incident.first_seen_by ?? 'weir'],
    ['Began', incident.began_at],
    ['Detected', `${incident.detected_at}, after ${minutes(times.detectSeconds)}`],
    ['Acknowledged', incident.acknowledged_at ? `${incident.acknowledged_at}, after ${minutes(times.acknowledgeSeconds)}` : ''],
    ['Resolved', incident.resolved_at ? `${incident.resolved_at}, after ${minutes(times.resolveSeconds)}` : ''],
  ].filter(([, text]) => text !== '');
}

function reviewRows({ cause, cause_text, useful, satisfaction }: Review): string[][] {
  return [
    ['Cause', [cause, cause_text].filter((text) => text !== '').join(': ')],
    ['Useful or noise', useful],
    ['Satisfaction', satisfaction === 0 ? '' : `${satisfaction} of 5`],
  ].filter(([, text]) => text !== '');
}

function pairs(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ');
}
