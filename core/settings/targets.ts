/** Targets that incidents are told to besides webhooks: systems that others made, each in its own words. */
import Type, { type Static } from 'typebox';

const strict = { additionalProperties: false };
const optional = (description: string) => Type.Optional(Type.String({ minLength: 1, description }));
const secretFile = (what: string) => optional(`File whose first line is ${what}.`);
const variable = (what: string) =>
  Type.Optional(Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9_]{0,99}$', description: `Environment variable that holds ${what}.` }));
const address = (description: string, rest: { default?: string } = {}) =>
  Type.String({ pattern: '^https?://[^\\s@]+$', maxLength: 2000, description, ...rest });

const common = {
  minimumSeverity: Type.Integer({
    default: 5,
    minimum: 1,
    maximum: 5,
    description: 'Least severe incidents that are told: 1 critical … 5 all.',
  }),
  timeoutSeconds: Type.Number({ default: 15, minimum: 1, maximum: 30, description: 'Deadline of one request.' }),
};

const template = (what: string) =>
  Type.Optional(Type.String({ maxLength: 4000, description: `Template of ${what}: text with words in braces, docs/notify.md.` }));
const texts = {
  title: template('the title'),
  text: template('the text'),
};
const ticketTexts = { ...texts, note: template('what a change adds to the ticket') };

const login = {
  user: optional('User name, where one logs in by password.'),
  passwordFile: secretFile('the password'),
  passwordEnv: variable('the password'),
  tokenFile: secretFile('the bearer token'),
  tokenEnv: variable('the bearer token'),
};

const labels = Type.Record(Type.String({ pattern: '^[a-zA-Z_][a-zA-Z0-9_]{0,99}$' }), Type.String({ maxLength: 500 }), {
  default: {},
  description: 'Further labels of every alert.',
});

const onRecovery = Type.Union([Type.Literal('comment'), Type.Literal('resolve')], {
  default: 'comment',
  description:
    'What happens to the ticket when the incident has ended. comment: it is said there, and people close it. resolve: Weir does.',
});

const AlertmanagerWebhook = Type.Object(
  {
    type: Type.Literal('alertmanager-webhook'),
    url: address('Where alerts are posted, as Alertmanager posts them.'),
    ...login,
    labels,
    ...texts,
    ...common,
  },
  { ...strict, title: 'alertmanager-webhook' },
);

const Alertmanager = Type.Object(
  {
    type: Type.Literal('alertmanager'),
    urls: Type.Array(address('Address of one Alertmanager.'), {
      minItems: 1,
      maxItems: 10,
      description: 'Every Alertmanager of the cluster, without /api/v2: each is told.',
    }),
    ...login,
    labels,
    keepMinutes: Type.Number({
      default: 240,
      minimum: 1,
      maximum: 10_080,
      description: 'How long an alert stands that Weir does not repeat.',
    }),
    repeatMinutes: Type.Number({
      default: 5,
      minimum: 0.05,
      maximum: 1440,
      description: 'How often alerts that stand are repeated: Alertmanager forgets them when it restarts.',
    }),
    ...texts,
    ...common,
  },
  { ...strict, title: 'alertmanager' },
);

const PagerDuty = Type.Object(
  {
    type: Type.Literal('pagerduty'),
    url: address('Address of the Events API; in the EU https://events.eu.pagerduty.com/v2/enqueue.', {
      default: 'https://events.pagerduty.com/v2/enqueue',
    }),
    routingKeyFile: secretFile('the integration key of the service, 32 characters'),
    routingKeyEnv: variable('the integration key of the service, 32 characters'),
    ...texts,
    ...common,
  },
  { ...strict, title: 'pagerduty' },
);

const JsmAlert = Type.Object(
  {
    type: Type.Literal('jsm-alert'),
    url: address('Address of the alerts of the integration API.', { default: 'https://api.atlassian.com/jsm/ops/integration/v2/alerts' }),
    keyFile: secretFile('the API key of the integration'),
    keyEnv: variable('the API key of the integration'),
    teams: Type.Array(Type.String({ minLength: 1, maxLength: 100 }), {
      default: [],
      maxItems: 50,
      description: 'Ids of teams that respond.',
    }),
    ...texts,
    ...common,
  },
  { ...strict, title: 'jsm-alert' },
);

const ServiceNowEvent = Type.Object(
  {
    type: Type.Literal('servicenow-event'),
    url: address('Address of the instance, https://NAME.service-now.com.'),
    ...login,
    source: Type.String({ default: 'Weir', minLength: 1, maxLength: 100, description: 'Source of the events, as its rules match it.' }),
    nodeLabels: Type.Array(Type.String({ minLength: 1, maxLength: 100 }), {
      default: ['node', 'device', 'cell', 'site', 'trunk', 'source', 'partner'],
      maxItems: 20,
      description: 'Labels of a finding that name the node; the first that it has.',
    }),
    ...texts,
    ...common,
  },
  { ...strict, title: 'servicenow-event' },
);

const ServiceNowIncident = Type.Object(
  {
    type: Type.Literal('servicenow-incident'),
    url: address('Address of the instance, https://NAME.service-now.com.'),
    ...login,
    onRecovery,
    closeCode: Type.String({
      default: 'Resolved by caller',
      maxLength: 100,
      description: 'Resolution code that the instance knows, for onRecovery: resolve.',
    }),
    fields: Type.Record(Type.String({ pattern: '^[a-z0-9_]{1,80}$' }), Type.String({ maxLength: 4000 }), {
      default: {},
      description: 'Further columns of a new record: assignment_group, category, caller_id, …',
    }),
    ...ticketTexts,
    ...common,
  },
  { ...strict, title: 'servicenow-incident' },
);

const Tmf621 = Type.Object(
  {
    type: Type.Literal('tmf621'),
    url: address('Base of the API, …/troubleTicket/v5.'),
    ...login,
    onRecovery,
    ticketType: Type.String({ default: 'Incident', minLength: 1, maxLength: 100, description: 'Type of the tickets.' }),
    ...ticketTexts,
    ...common,
  },
  { ...strict, title: 'tmf621' },
);

const Jira = Type.Object(
  {
    type: Type.Literal('jira'),
    url: address('Address of the site, https://NAME.atlassian.net.'),
    edition: Type.Union([Type.Literal('cloud'), Type.Literal('data-center')], {
      default: 'cloud',
      description: 'cloud: user and API token as password. data-center: a personal access token as token.',
    }),
    ...login,
    project: Type.String({ pattern: '^[A-Z][A-Z0-9_]{1,99}$', description: 'Key of the project.' }),
    issueType: Type.String({ default: '[System] Incident', minLength: 1, maxLength: 100, description: 'Type of the issues.' }),
    priorities: Type.Array(Type.String({ maxLength: 100 }), {
      default: [],
      maxItems: 5,
      description: 'Names of the priorities for severity 1 to 5. Empty: not set.',
    }),
    onRecovery,
    beginTransition: Type.String({ default: '', maxLength: 255, description: 'Transition, or status, when work begins. Empty: none.' }),
    resolveTransition: Type.String({ default: 'Resolved', maxLength: 255, description: 'The one that resolves, for onRecovery: resolve.' }),
    reopenTransition: Type.String({
      default: 'Reopened',
      maxLength: 255,
      description: 'The one that opens again, for onRecovery: resolve.',
    }),
    fields: Type.Record(Type.String({ pattern: '^[A-Za-z0-9_.-]{1,100}$' }), Type.Any(), {
      default: {},
      description: 'Further fields of a new issue, by their ids.',
    }),
    ...ticketTexts,
    ...common,
  },
  { ...strict, title: 'jira' },
);

const Slack = Type.Object(
  {
    type: Type.Literal('slack'),
    webhookUrlFile: secretFile('the address of an incoming webhook'),
    webhookUrlEnv: variable('the address of an incoming webhook'),
    tokenFile: secretFile('the token of a bot with the scope chat:write'),
    tokenEnv: variable('the token of a bot with the scope chat:write'),
    channel: optional('Channel in which the bot posts, its id or name: one message per incident, with its changes in a thread.'),
    url: address('Address of the methods, for a bot.', { default: 'https://slack.com/api' }),
    ...ticketTexts,
    ...common,
  },
  { ...strict, title: 'slack' },
);

const mailbox = '^[^\\r\\n<>@]*<?[^\\s<>@,;]+@[A-Za-z0-9.-]+>?$';

const Email = Type.Object(
  {
    type: Type.Literal('email'),
    host: Type.String({ minLength: 1, maxLength: 255, description: 'Mail server.' }),
    port: Type.Integer({ default: 587, minimum: 1, maximum: 65_535, description: 'Its port.' }),
    tls: Type.Union([Type.Literal('starttls'), Type.Literal('implicit'), Type.Literal('none')], {
      default: 'starttls',
      description:
        'starttls: required before anything is said. implicit: from the first byte, port 465. none: for a server on this machine.',
    }),
    caFile: optional('Certificate authority of the server, PEM. Default: those of Node.'),
    user: optional('User name.'),
    passwordFile: secretFile('the password'),
    passwordEnv: variable('the password'),
    from: Type.String({ pattern: mailbox, maxLength: 320, description: 'Sender, e.g. Weir <weir@operator.example>.' }),
    to: Type.Array(Type.String({ pattern: mailbox, maxLength: 320 }), { minItems: 1, maxItems: 50, description: 'Recipients.' }),
    ...texts,
    ...common,
  },
  { ...strict, title: 'email' },
);

const CustomersWebhook = Type.Object(
  {
    type: Type.Literal('customers-webhook'),
    url: address('Where the lists of affected customers are posted.'),
    secretFile: secretFile('the secret that signs them, whsec_…'),
    secretEnv: variable('the secret that signs them, whsec_…'),
    perPage: Type.Integer({ default: 1_000, minimum: 1, maximum: 5_000, description: 'Customers in one request.' }),
    ...common,
  },
  { ...strict, title: 'customers-webhook' },
);

const KafkaTarget = Type.Object(
  {
    type: Type.Literal('kafka'),
    topic: Type.String({ pattern: '^[a-zA-Z0-9._-]{1,249}$', description: 'Topic of the cluster that the settings under kafka name.' }),
    minimumSeverity: common.minimumSeverity,
  },
  { ...strict, title: 'kafka' },
);

/** All shapes of targets; `type` tells them apart. */
export const targetShapes = [
  AlertmanagerWebhook,
  Alertmanager,
  PagerDuty,
  JsmAlert,
  ServiceNowEvent,
  ServiceNowIncident,
  Tmf621,
  Jira,
  Slack,
  Email,
  CustomersWebhook,
  KafkaTarget,
] as const;

const Target = Type.Union([...targetShapes]);

export const Targets = Type.Record(Type.String({ pattern: '^[a-z0-9][a-z0-9_-]{0,62}$' }), Target, {
  default: {},
  description: 'Systems that incidents are told to besides webhooks, by name: docs/notify.md.',
});

export type TargetSettings = Static<typeof Target>;
export type TargetType = TargetSettings['type'];
/** The settings of one type of target. */
export type TargetOf<T extends TargetType> = Extract<TargetSettings, { type: T }>;
