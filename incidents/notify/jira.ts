/**
 * Issues of Jira and Jira Service Management, by the REST API version 2, which Cloud and Data Center share. A label holds the incident's id, by which the issue
 * is found again. Text goes in as a block that Jira does not format: no markup, mention or macro of it takes effect. The status changes by a
 * transition of the project's own workflow, which the settings name.
 * Source: Atlassian, Jira REST API v2.
 */
import type { Incident } from '../../core/incident.ts';
import { isActive } from '../transition.ts';
import { oneLine } from './cut.ts';
import type { Reply } from './exchange.ts';
import { askRequest, below, type HttpRequest, jsonRequest, type Login } from './request.ts';
import { identityOf, jsonOf, type Remembered, type Target } from './target.ts';
import { renderTemplate, type Texts } from './template.ts';
import { deliverTicket, noteText, type OnRecovery, type TicketSystem } from './ticket.ts';
import { wordsOf } from './words.ts';

export interface JiraSettings {
  readonly name: string;
  /** Address of the site. */
  readonly url: string;
  readonly login: Login;
  /** Cloud took the old search away; Data Center has only that. */
  readonly edition: 'cloud' | 'data-center';
  readonly project: string;
  readonly issueType: string;
  /** Names of priorities for severity 1 to 5; empty = not set. */
  readonly priorities: readonly string[];
  readonly onRecovery: OnRecovery;
  /** Names of transitions, or of the statuses they lead to. Empty = the status is left alone. */
  readonly transitions: { readonly begin: string; readonly resolve: string; readonly reopen: string };
  /** Further fields of a new issue, by their ids. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly texts: Texts;
}

/** Limits of Jira, in characters: 255 for the summary, 32,767 for texts. */
export const jiraLimits = { summary: 250, text: 32_000 } as const;

/**
 * A text that Jira shows as it is.
 * @example unformatted('a {noformat} b') // '{noformat}\na { noformat} b\n{noformat}'
 */
export function unformatted(text: string): string {
  return `{noformat}\n${text.replaceAll(/\{(?=noformat)/gi, '{ ')}\n{noformat}`;
}

/** Longer than any text grows by {@link unformatted}: at worst one unit in nine. */
const roomForMarks = 4_000;

/** The issue that a new incident makes. */
export function jiraIssue(settings: JiraSettings, incident: Incident): object {
  const words = wordsOf(incident);
  const priority = settings.priorities[incident.severity - 1];
  return {
    fields: {
      ...settings.fields,
      project: { key: settings.project },
      issuetype: { name: settings.issueType },
      summary: oneLine(renderTemplate(settings.texts.title, words, 1_000), jiraLimits.summary) || 'Weir incident',
      description: unformatted(renderTemplate(settings.texts.text, words, jiraLimits.text - roomForMarks)),
      labels: ['weir', labelOf(incident)],
      ...(priority === undefined || priority === '' ? {} : { priority: { name: priority } }),
    },
  };
}

/** @example labelOf({ incident_id: 'inc a' }) // 'inc_a' */
function labelOf({ incident_id }: Pick<Incident, 'incident_id'>): string {
  return incident_id.slice(0, 100).replaceAll(/[^\w-]/g, '_');
}

/** What a transition does to an issue: a comment, unless it is there already, and a change of the status where one is wanted and possible. */
export function jiraChange(
  settings: JiraSettings,
  incident: Incident,
  issue: string,
  current: Reply | undefined,
  noted = false,
): HttpRequest[] {
  const { login, texts } = settings;
  const note = noteText(incident, texts.note, wordsOf(incident), jiraLimits.text - roomForMarks);
  const about = (what: string): string => below(settings.url, 'rest', 'api', '2', 'issue', issue, what);
  const requests = noted ? [] : [jsonRequest('POST', about('comment'), login, { body: unformatted(note) })];
  const wanted = wantedOf(settings, incident);
  const id = wanted === '' ? undefined : transitionNamed(current, wanted);
  if (id !== undefined) requests.push(jsonRequest('POST', about('transitions'), login, { transition: { id } }));
  return requests;
}

function wantedOf({ transitions, onRecovery }: JiraSettings, incident: Incident): string {
  if (incident.transition === 'commented' || incident.transition === 'assigned') return '';
  if (!isActive(incident.state)) return onRecovery === 'resolve' ? transitions.resolve : '';
  if (incident.transition === 'reopened') return onRecovery === 'resolve' ? transitions.reopen : '';
  // What people resolved there while it still stands is not begun anew: it is said.
  return incident.transition === 'in_progress' && incident.ticket_resolved_at === undefined ? transitions.begin : '';
}

/** The id of a transition that the issue now offers; undefined when it offers none of that name: then it stands there already, or a person moved it on. */
function transitionNamed(current: Reply | undefined, name: string): string | undefined {
  const offered = jsonOf(current?.body ?? '')?.['transitions'];
  if (!Array.isArray(offered)) return undefined;
  const same = (text: unknown): boolean => typeof text === 'string' && text.toLowerCase() === name.toLowerCase();
  const one = (offered as readonly { id?: unknown; name?: unknown; to?: { name?: unknown } }[]).find(
    (transition) => same(transition?.name) || same(transition?.to?.name),
  );
  return identityOf(one?.id);
}

/** A project of Jira as a ticket system. */
export function jiraIssues(settings: JiraSettings, secrets: readonly string[]): TicketSystem {
  const { login, url } = settings;
  const search = settings.edition === 'cloud' ? below(url, 'rest', 'api', '2', 'search', 'jql') : below(url, 'rest', 'api', '2', 'search');
  return {
    secrets,
    cannotSearch: new Set(),
    find: (incident) => {
      const query = `project = "${settings.project.replaceAll(/["\\]/g, '')}" AND labels = "${labelOf(incident)}" ORDER BY created DESC`;
      return askRequest(`${search}?jql=${encodeURIComponent(query)}&fields=labels&maxResults=1`, login);
    },
    found: (reply, incident) => {
      const issues = jsonOf(reply.body)?.['issues'];
      const [first] = Array.isArray(issues) ? (issues as readonly { fields?: { labels?: unknown } }[]) : [];
      const labels = first?.fields?.labels;
      return Array.isArray(labels) && labels.includes(labelOf(incident)) ? issueOf(first) : undefined;
    },
    create: (incident) => jsonRequest('POST', below(url, 'rest', 'api', '2', 'issue'), login, jiraIssue(settings, incident)),
    created: (reply) => issueOf(jsonOf(reply.body)),
    read: ({ external_id }) =>
      askRequest(`${below(url, 'rest', 'api', '2', 'issue', external_id)}?fields=status&expand=transitions`, login),
    said: ({ external_id }) =>
      askRequest(`${below(url, 'rest', 'api', '2', 'issue', external_id, 'comment')}?orderBy=-created&maxResults=20`, login),
    update: (incident, { external_id }, current, noted) =>
      incident.transition === 'opened' ? [] : jiraChange(settings, incident, external_id, current, noted),
  };
}

function issueOf(issue: unknown): Remembered | undefined {
  const { id, key } = (issue ?? {}) as Readonly<Record<string, unknown>>;
  const identity = identityOf(id) ?? identityOf(key);
  return identity === undefined ? undefined : { external_id: identity, reference: identityOf(key) ?? '' };
}

/** A project of Jira. @param secrets what must not be shown */
export function jiraTarget(settings: JiraSettings, secrets: readonly string[]): Target {
  const system = jiraIssues(settings, secrets);
  return {
    name: settings.name,
    type: 'jira',
    place: new URL(settings.url).host,
    probe: askRequest(below(settings.url, 'rest', 'api', '2', 'project', settings.project), settings.login),
    deliver: (incident, tools) => deliverTicket(system, incident, tools),
  };
}
