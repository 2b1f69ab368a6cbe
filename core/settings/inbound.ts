/** Systems that tell Weir how tickets stand: `inbound` of the settings. */
import Type, { type Static } from 'typebox';

const statuses = ['open', 'acknowledged', 'in_progress', 'held', 'resolved', 'closed', 'cancelled'] as const;

const Connector = Type.Object(
  {
    type: Type.Union(
      [Type.Literal('pagerduty'), Type.Literal('servicenow'), Type.Literal('jira'), Type.Literal('tmf621'), Type.Literal('generic')],
      { description: 'Whose words it speaks; generic: a body of our own, docs/inbound.md.' },
    ),
    secretFile: Type.Optional(
      Type.String({ minLength: 1, description: 'File with the secret that signs, one a line: during a rotation the old and the new one.' }),
    ),
    secretEnv: Type.Optional(
      Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9_]{0,99}$', description: 'Environment variable that holds the secret.' }),
    ),
    target: Type.String({
      default: '',
      pattern: '^[a-z0-9_-]{0,63}$',
      description:
        'Target that tells this system of incidents: a ticket that does not echo the id of its incident is found by what that target remembers.',
    }),
    ownUsers: Type.Array(Type.String({ minLength: 1, maxLength: 200 }), {
      default: [],
      maxItems: 20,
      description: 'Names or ids of the user that Weir writes as there: what that user changed is an echo and is dropped.',
    }),
    statuses: Type.Record(Type.String({ minLength: 1, maxLength: 100 }), Type.Union(statuses.map((status) => Type.Literal(status))), {
      default: {},
      description: 'Statuses of that system, in lower case, by what they mean; over those that Weir knows.',
    }),
    askMinutes: Type.Number({
      default: 5,
      minimum: 0,
      maximum: 1440,
      description:
        'Tickets that Weir opened by `target` and of which nothing came for so long are asked about, so that a lost delivery is made good. 0: never.',
    }),
    askUrl: Type.String({
      default: 'https://api.pagerduty.com',
      pattern: '^https?://[^\\s@]+$',
      maxLength: 2000,
      description: 'Of a pagerduty: address of the REST API that is asked. The others are asked where `target` is.',
    }),
    tokenFile: Type.Optional(
      Type.String({ minLength: 1, description: 'Of a pagerduty: file with the token of the REST API. Without a token it is not asked.' }),
    ),
    tokenEnv: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z_][A-Za-z0-9_]{0,99}$',
        description: 'Environment variable that holds the token of the REST API.',
      }),
    ),
    perMinute: Type.Integer({
      default: 600,
      minimum: 1,
      maximum: 100_000,
      description: 'Deliveries taken in a minute; more are answered 429 with Retry-After.',
    }),
  },
  { additionalProperties: false },
);

export const Inbound = Type.Record(Type.String({ pattern: '^[a-z0-9][a-z0-9_-]{0,62}$' }), Connector, {
  default: {},
  description: 'Systems that tell how tickets stand, by name: each posts to /api/v1/inbound/NAME, docs/inbound.md.',
});

export type InboundSettings = Static<typeof Connector>;
