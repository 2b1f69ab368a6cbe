/** `docs/notify.md`: what each target is sent, from the code that renders it, for one and the same incident. */
import type { Incident } from '../../core/incident.ts';
import { act } from '../../incidents/act.ts';
import { alertmanagerPosts, postedAlert } from '../../incidents/notify/alertmanager.ts';
import { alertmanagerWebhookRequest } from '../../incidents/notify/alertmanager-webhook.ts';
import { cloudEventHeaders } from '../../incidents/notify/cloud-event.ts';
import { customersRequest } from '../../incidents/notify/customers.ts';
import { emailOf } from '../../incidents/notify/email.ts';
import { jiraIssue } from '../../incidents/notify/jira.ts';
import { jsmAlertRequests } from '../../incidents/notify/jsm-alert.ts';
import { pagerDutyRequest } from '../../incidents/notify/pagerduty.ts';
import type { HttpRequest } from '../../incidents/notify/request.ts';
import { serviceNowEventRequest } from '../../incidents/notify/servicenow-event.ts';
import { serviceNowChange, serviceNowRecord } from '../../incidents/notify/servicenow-incident.ts';
import { slackMessage } from '../../incidents/notify/slack.ts';
import { defaultNote, defaultText, defaultTitle, defaultTexts as texts } from '../../incidents/notify/template.ts';
import { troubleTicket, troubleTicketPatch } from '../../incidents/notify/tmf621.ts';
import { wordMeanings } from '../../incidents/notify/words.ts';
import { findingOf, incidentOf, testEpoch } from '../../incidents/testing/finding.ts';
import { code, madeFrom, markdownTable } from './markdown.ts';

const id = 'inc_5d0c6e1f0a9b4c7d8e2f3a1b';
const opened: Incident = {
  ...incidentOf(
    findingOf({
      scope: { source: 'msc-1' },
      title: 'msc-1: files 42 and 43 are missing',
      explanation: [{ dimensions: { node: 'msc-1' }, share: 0.9, remaining: 0.1 }],
    }),
  ),
  incident_id: id,
  incident_key: '3f9a1c77d0b24e5c',
  tenant: 'acme',
  links: { incident: `https://weir.acme.example/incidents/${id}` },
};

function acted(incident: Incident): Incident {
  const result = act(incident, { type: 'acknowledge', actor: 'ana', note: 'Asked the switch team.' }, testEpoch + 240_000);
  if (result.outcome !== 'changed') throw new Error(result.outcome);
  return result.incident;
}
const acknowledged = acted(opened);

const json = (value: unknown): string => `\`\`\`json\n${JSON.stringify(value, null, 2)}\n\`\`\``;
const yaml = (text: string): string => `\`\`\`yaml\ntargets:\n${text.trimEnd()}\n\`\`\``;
const body = (request: HttpRequest | undefined): string => json(JSON.parse(request?.body ?? '{}'));
const none = { kind: 'none' } as const;

interface Section {
  readonly type: string;
  readonly what: string;
  readonly settings: string;
  readonly example: string;
  /** For the table: key, how it is ended, what is tried again, limits. */
  readonly row: readonly [string, string, string, string];
}

const webhookLater = '408, 409, 425, 429, 5xx';
const loginLater = '401, 403, 408, 409, 423, 425, 429, 5xx';

const sections: readonly Section[] = [
  {
    type: 'alertmanager-webhook',
    what: "The body that Alertmanager's own webhooks have, version 4, for everything that takes those. One alert in a group of its own.",
    settings:
      '  oncall:\n    type: alertmanager-webhook\n    url: https://oncall.example/alertmanager\n    tokenFile: /etc/weir/oncall.token\n    labels: { env: production }',
    example: body(
      alertmanagerWebhookRequest(
        {
          name: 'oncall',
          url: 'https://oncall.example/alertmanager',
          login: none,
          labels: { env: 'production' },
          publicUrl: 'https://weir.acme.example',
          texts,
        },
        opened,
      ),
    ),
    row: [
      '`fingerprint`, `groupKey`: from the incident key',
      '`status: resolved`',
      '408, 425, 429, 5xx; 410 ends the target',
      'label 500, description 8,000',
    ],
  },
  {
    type: 'alertmanager',
    what: 'Alertmanager itself, by its API v2: Weir stands where Prometheus would. Name every member of a cluster; one that takes an alert is enough for a delivery. All are told again of what stands every `repeatMinutes`, since an Alertmanager forgets its alerts when it restarts; an alert that nobody repeats ends after `keepMinutes`. `severity` is a label: when it changes, the old alert is ended and the new one begun in one request.',
    settings: "  alerts:\n    type: alertmanager\n    urls: ['http://am-1.acme.example:9093', 'http://am-2.acme.example:9093']",
    example: body(
      alertmanagerPosts({ name: 'alerts', urls: ['http://am-1'], login: none, labels: {}, keepMinutes: 240, texts }, [
        postedAlert({ name: 'alerts', urls: ['http://am-1'], login: none, labels: {}, keepMinutes: 240, texts }, opened, testEpoch),
      ])[0],
    ),
    row: ['the label set', '`endsAt` in the past', loginLater, 'label 500, description 8,000'],
  },
  {
    type: 'pagerduty',
    what: 'Events API v2: trigger, acknowledge, resolve. Severity 1 to 5 is critical, error, warning, warning, info. Comments and assignments are not sent.',
    settings: '  pager:\n    type: pagerduty\n    routingKeyFile: /etc/weir/pagerduty.key\n    minimumSeverity: 2',
    example: body(
      pagerDutyRequest(
        { name: 'pager', url: 'https://events.pagerduty.com/v2/enqueue', routingKey: '********************************', texts },
        opened,
      ),
    ),
    row: ['`dedup_key`: the incident', '`event_action: resolve`', '408, 429, 5xx', 'summary 1,024, key 255, event 512 kB'],
  },
  {
    type: 'jsm-alert',
    what: 'Alerts of Jira Service Management, what was Opsgenie. The alias is the incident: a repetition raises a count, acknowledge, note and close find it. Severity 1 to 5 is P1 to P5.',
    settings: '  ops:\n    type: jsm-alert\n    keyFile: /etc/weir/jsm.key',
    example: body(
      jsmAlertRequests(
        { name: 'ops', url: 'https://api.atlassian.com/jsm/ops/integration/v2/alerts', key: '***', teams: [], texts },
        opened,
      )[0],
    ),
    row: ['`alias`: the incident', 'POST …/ALIAS/close', loginLater, 'message 130, description 15,000, note 25,000'],
  },
  {
    type: 'servicenow-event',
    what: 'Events of ServiceNow Event Management; the user needs the role `evt_mgmt_integration`. What people do with an incident in Weir is not sent: events have no word for it.',
    settings:
      '  events:\n    type: servicenow-event\n    url: https://acme.service-now.com\n    user: weir\n    passwordFile: /etc/weir/servicenow.password',
    example: body(
      serviceNowEventRequest(
        { name: 'events', url: 'https://acme.service-now.com', login: none, source: 'Weir', nodeLabels: ['node', 'source'], texts },
        opened,
      ),
    ),
    row: [
      '`message_key`: tenant and incident key',
      '`severity: 0`, `resolution_state: Closing`',
      loginLater,
      'names 100, key 1,024, description 4,000',
    ],
  },
  {
    type: 'servicenow-incident',
    what: 'A record in the table `incident`, and a work note for each change. `fields` fills further columns. With `onRecovery: resolve` the state becomes resolved (6), closed (7) and, when it happens again, in progress (2).',
    settings:
      '  tickets:\n    type: servicenow-incident\n    url: https://acme.service-now.com\n    user: weir\n    passwordFile: /etc/weir/servicenow.password\n    fields: { assignment_group: Revenue Assurance, category: network }',
    example: `${json(serviceNowRecord(serviceNow(), opened))}\n\nand for a change\n\n${json(serviceNowChange(serviceNow(), acknowledged))}`,
    row: ['`correlation_id`: the incident', 'work note, or state 6', loginLater, 'short description 160, texts 4,000'],
  },
  {
    type: 'tmf621',
    what: "TM Forum's trouble ticket, version 5.0.1. A change is a JSON merge patch with the notes that are there and one more; a note that is there is not written twice. With `onRecovery: resolve` the status follows: `acknowledged`, `inProgress`, `resolved`, `closed`.",
    settings:
      '  partner:\n    type: tmf621\n    url: https://partner.example/tmf-api/troubleTicket/v5\n    tokenFile: /etc/weir/partner.token',
    example: `${json(troubleTicket(tmf(), opened))}\n\nand for a change\n\n${json(troubleTicketPatch(tmf(), acknowledged, { note: [] }))}`,
    row: [
      '`externalIdentifier`: the incident',
      'note, or `status: resolved`',
      loginLater,
      'name 255, description 8,000, note 4,000, 200 notes',
    ],
  },
  {
    type: 'jira',
    what: 'An issue of Jira or Jira Service Management, and a comment for each change, in a block that Jira does not format. Cloud: `user` is the address of an account and the password its API token. Data Center: a personal access token as `token`. With `onRecovery: resolve` the transitions named in the settings are made, where the workflow offers them.',
    settings:
      '  desk:\n    type: jira\n    url: https://acme.atlassian.net\n    user: weir@acme.example\n    passwordFile: /etc/weir/jira.token\n    project: NOC\n    priorities: [Highest, High, Medium, Low, Lowest]',
    example: json(
      jiraIssue(
        {
          name: 'desk',
          url: 'https://acme.atlassian.net',
          login: none,
          edition: 'cloud',
          project: 'NOC',
          issueType: '[System] Incident',
          priorities: ['Highest', 'High', 'Medium', 'Low', 'Lowest'],
          onRecovery: 'comment',
          transitions: { begin: '', resolve: '', reopen: '' },
          fields: {},
          texts,
        },
        opened,
      ),
    ),
    row: ['a label: the incident', 'comment, or a transition', loginLater, 'summary 250, texts 32,000'],
  },
  {
    type: 'slack',
    what: 'An incoming webhook, or a bot that keeps one message per incident and its changes in a thread. What an incident says is plain text: no mention, link or markup of it takes effect. Of a method the answer `ok: false` counts, not the status.',
    settings:
      "  chat:\n    type: slack\n    tokenFile: /etc/weir/slack.token\n    channel: '#noc'\n  other-chat:\n    type: slack\n    webhookUrlFile: /etc/weir/slack.url",
    example: json(slackMessage(texts, opened)),
    row: [
      'bot: the message of the incident',
      'message turns green',
      `${loginLater}; errors that pass or that a login mends`,
      'title 150, text 3,000',
    ],
  },
  {
    type: 'email',
    what: 'One message for each change, in one thread for each incident. `tls: starttls`, the default, sends nothing to a server that does not encrypt. Recipients that are refused while others are not are counted in `deliveries`.',
    settings:
      '  mail:\n    type: email\n    host: mail.acme.example\n    user: weir\n    passwordFile: /etc/weir/mail.password\n    from: Weir <weir@acme.example>\n    to: [noc@acme.example]',
    example: mailExample(),
    row: [
      '`Message-ID`: the change; `References`: the incident',
      'a message',
      '4xx, login and encryption that fail, no answer',
      'subject 200, text 20,000',
    ],
  },
  {
    type: 'customers-webhook',
    what: 'The list of customers whom an incident concerns, as pseudonyms, for a contact centre that writes to them before they call: signed as [webhooks](webhooks.md#what-is-sent) are, `perPage` customers in a request, when an incident opens, opens again, gets worse or is resolved. `last` ends a list; `complete: false` with it says that there are more than 200,000, which the API has. Where neither usage nor the topology has a label of the incident nobody can be named and nothing is sent. Each list stands in the audit.',
    settings:
      '  contact-centre:\n    type: customers-webhook\n    url: https://crm.acme.example/affected\n    secretFile: /etc/weir/contact-centre.secret\n    minimumSeverity: 3',
    example: body(
      customersRequest(
        {
          name: 'contact-centre',
          url: 'https://crm.acme.example/affected',
          secret: 'whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz',
          perPage: 1_000,
        },
        opened,
        {
          ...{ number: 1, last: true, complete: true },
          customers: [
            {
              ...{ subscriber: '8117246610953518403', segment: 'consumer', plan: 'flat', records_during: 3, records_before: 41 },
              last_at: '2026-01-05T11:58:12.000Z',
            },
          ],
        },
        testEpoch,
      ),
    ),
    row: [
      '`webhook-id`: the change and the page',
      'the list with `state: resolved`',
      `${webhookLater}; 410 ends the target`,
      'title 500, customers 200,000',
    ],
  },
  {
    type: 'kafka',
    what: 'A topic of the cluster that `kafka` names: the same JSON as a webhook, the incident as key, the header `weir-id` for repetitions. `kafka.incidentsTopic` is the same without a name of its own; routes call it `topic:NAME`.',
    settings: '  bus:\n    type: kafka\n    topic: weir.incidents',
    example: 'What is sent: [webhooks](webhooks.md#what-is-sent).',
    row: ['`weir-id`: the change', '`incident.resolved`', 'every error', 'message 900 kB'],
  },
];

function serviceNow() {
  return {
    name: 'tickets',
    url: 'https://acme.service-now.com',
    login: none,
    onRecovery: 'comment',
    closeCode: 'Resolved by caller',
    fields: { assignment_group: 'Revenue Assurance', category: 'network' },
    texts,
  } as const;
}

function tmf() {
  return { name: 'partner', url: 'https://partner.example', login: none, onRecovery: 'comment', ticketType: 'Incident', texts } as const;
}

function mailExample(): string {
  const email = emailOf(
    {
      name: 'mail',
      host: 'mail.acme.example',
      port: 587,
      tls: 'starttls',
      ca: '',
      user: '',
      password: '',
      from: 'Weir <weir@acme.example>',
      to: ['noc@acme.example'],
      timeoutMs: 15_000,
      texts,
    },
    opened,
  );
  const headers = [
    `From: ${email.from}`,
    `To: ${email.to.join(', ')}`,
    `Subject: ${email.subject}`,
    `Message-ID: ${email.messageId}`,
    `References: ${email.references}`,
    'Auto-Submitted: auto-generated',
  ];
  return `\`\`\`text\n${headers.join('\n')}\n\n${email.text}\n\`\`\``;
}

/** The page. */
export function notifyPage(): string {
  const cloudEvent = Object.entries(cloudEventHeaders(opened))
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n');
  return `${[
    '# Targets',
    madeFrom('`docs/generate/notify.ts` and the targets themselves'),
    `Besides [signed webhooks](webhooks.md), Weir tells other systems of incidents in their own words. A target is an entry of \`targets\` in \`weir.yaml\`; its settings stand in
[configuration](configuration.md#targets-alertmanager-webhook). Each is told of every change of every incident from \`minimumSeverity\` on, in order within the incident, at least once, and never waits for another:
[once and in order](webhooks.md#once-and-in-order) holds for all of them. Redirects are not followed. Secrets come from files or the environment, and stand in no log.

\`npx weir check\` reads them all, \`npx weir check --connect\` asks each whether it answers and takes the login, without sending anything. \`npx weir targets test NAME\` opens an incident that is none at a target and resolves it
there; \`npx weir targets\` says how each stands. What does not arrive is an incident of its own, and [can be sent once more](webhooks.md#what-your-answer-does).`,
    `\`\`\`text
$ npx weir targets test tickets
opened    taken  201, made T1
resolved  taken  200

$ npx weir targets
TARGET   TYPE                  SEVERITY  ARRIVED  WAITING  GIVEN UP  LAST ARRIVED (UTC)   WHAT IS WRONG
crm      webhook               1 to 5          2        0         0  2026-11-27 22:05:41
tickets  tmf621                1 to 5          2        0         0  2026-11-27 22:05:41
oncall   alertmanager-webhook  1 to 5          0        0         1  never                answered 400: []
alerts   alertmanager          1 to 5          2        0         0  2026-11-27 22:05:41

$ npx weir incidents
SEVERITY     MONEY  CUSTOMERS  SINCE (UTC)       STATE  INCIDENT
3 minor          –          –  2026-11-27 22:05  open   oncall: incidents do not arrive
5 info    0.64 EUR          1  2026-11-02 07:03  open   csv: 1 record came twice

$ npx weir deliveries replay --target oncall
1 asked for again; a running Weir sends them within seconds.
\`\`\``,
    '## What identifies an incident, and what ends it',
    markdownTable(
      ['Target', 'Key', 'Ended by', 'Tried again after', 'Limits, in characters'],
      [
        [
          '[webhook](webhooks.md)',
          '`webhook-id`: the change',
          '`incident.resolved`',
          `${webhookLater}; 410 ends the target`,
          'body 20,000 bytes',
        ],
        ...sections.map(({ type, row }) => [`[${type}](#${type})`, ...row]),
      ],
    ),
    `No answer and no connection are tried again everywhere; every other answer gives that one change up, which is logged, counted and stored (\`deliveries\`, state \`dead\`). Where one logs in, 401 and 403 come again too: a
password that has expired is mended by a person, within the three days that Weir tries. What is longer than a limit ends with …, never within a character, an escape or a pair of surrogates; control characters and
characters that turn the direction of text are taken out.`,
    '## Tickets',
    `ServiceNow, TMF621 and Jira name their tickets themselves. The name is kept in the table \`correlations\`, so that later changes reach the same ticket; where it is not known, Weir looks for its own key before it makes a ticket,
so that a crash makes no second one. A ticket that was deleted is made anew. A note ends with a mark such as \`[weir ${id}_2]\`, by which a change that comes back is known as Weir's own.

What a repetition does, when Weir died after telling and before writing that down: webhooks, PagerDuty, alerts, events, TMF621, e-mail and topics have a key and show a change once. ServiceNow and Jira have none for notes: Weir looks whether the
note with its mark is there, and writes it once. Slack keeps one message per incident, but a reply in its thread, or a message of an incoming webhook, may come twice; so may a note of \`jsm-alert\`.

A ticket belongs to people: when the incident has ended, the ticket is told, and stays open. \`onRecovery: resolve\` lets Weir resolve it.`,
    '## Templates',
    `\`title\`, \`text\` and, for tickets and Slack, \`note\` (what a change adds) may be given for each target. A word in braces is replaced, \`{{\` is a brace, and a line all of whose words are empty is left out. There is nothing else: no
conditions, no code. What an incident says is never read as a template. The defaults:`,
    `\`\`\`yaml\ntitle: '${defaultTitle}'\ntext: |\n${defaultText.replaceAll(/^(?=.)/gm, '  ')}\nnote: |\n${defaultNote.replaceAll(/^(?=.)/gm, '  ')}\n\`\`\``,
    markdownTable(
      ['Word', 'Meaning'],
      Object.entries(wordMeanings).map(([word, meaning]) => [code(word), meaning]),
    ),
    '## CloudEvents',
    `A webhook with \`cloudEvents: true\` also has the headers of CloudEvents 1.0 in binary mode; the body and the signature stay as they are:

\`\`\`text
${cloudEvent}
\`\`\``,
    ...sections.flatMap(({ type, what, settings, example }) => [
      `## ${type}`,
      what,
      yaml(settings),
      type === 'kafka' ? example : `What is sent when an incident opens:\n\n${example}`,
    ]),
  ].join('\n\n')}\n`;
}
