/** How findings become incidents: `incidents` of the settings. */
import Type, { type Static } from 'typebox';

const strict = { additionalProperties: false };

const Pipeline = Type.Object(
  {
    minimumCompleteness: Type.Number({
      default: 0.9,
      minimum: 0,
      maximum: 1,
      description: 'Share of its data that a finding must rest on. Below it the finding is held, and the data of its feed is the incident.',
    }),
    debounce: Type.Record(Type.String(), Type.String({ pattern: '^[1-9][0-9]? of [1-9][0-9]?$' }), {
      default: {},
      description: 'By control or detector, `default` for the others: in how many of the last windows it must have fired, e.g. "2 of 3".',
    }),
    resolveAfterMinutes: Type.Number({
      default: 0,
      minimum: 0,
      maximum: 1440,
      description: 'How long a finding must have been cleared before its incident is resolved.',
    }),
    flappingChanges: Type.Integer({
      default: 6,
      minimum: 3,
      maximum: 39,
      description:
        'Changes between firing and cleared within flappingMinutes from which a finding flaps: it stays one open incident until there are no more than 2.',
    }),
    flappingMinutes: Type.Number({ default: 60, minimum: 1, maximum: 120, description: 'See flappingChanges.' }),
    holdSeconds: Type.Number({
      default: 30,
      minimum: 0,
      maximum: 600,
      description:
        'How long a finding of an element with others above it in the topology waits for those to be judged first; an element behind which others stand at most 2 s.',
    }),
    nearMinutes: Type.Number({
      default: 15,
      minimum: 1,
      maximum: 1440,
      description: 'Findings that began within this time of each other may have one cause.',
    }),
    overlap: Type.Number({
      default: 0.5,
      minimum: 0.1,
      maximum: 1,
      description: 'Least overlap of what explains two findings for one incident; 1 = the same.',
    }),
    minimumCover: Type.Number({
      default: 0.6,
      minimum: 0,
      maximum: 1,
      description:
        'Least share of what is wrong with an element that the incident of an element above it covers, where both measure the same or count customers. Below it the element is an incident of its own. 0: whatever stands behind it belongs to it.',
    }),
    minimumChildren: Type.Integer({
      default: 5,
      minimum: 2,
      maximum: 100_000,
      description: 'Affected elements behind one element, from which on that one is the incident.',
    }),
    minimumShare: Type.Number({ default: 0.005, minimum: 0, maximum: 1, description: 'Least share of the elements behind it.' }),
    customerWorth: Type.Number({
      default: 1,
      minimum: 0,
      description: 'What an affected customer counts in the order of incidents, in the currency of the tenant. Severity comes first.',
    }),
    segmentWeights: Type.Record(Type.String(), Type.Number({ minimum: 0, maximum: 1_000_000 }), {
      default: {},
      description: 'How much more or less a customer of a segment counts, e.g. { business: 5 }.',
    }),
  },
  { ...strict, default: {}, description: 'The steps between a finding and an incident.' },
);

const named = '^[A-Za-z0-9][A-Za-z0-9 _.-]{0,62}$';
const time = (description: string) => Type.String({ default: '', pattern: '^(([01][0-9]|2[0-3]):[0-5][0-9])?$', description });
const day = (description: string) => Type.String({ pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$', description });
const names = (description: string) =>
  Type.Array(Type.String({ minLength: 1, maxLength: 200 }), { default: [], maxItems: 100, description });

const OnCall = Type.Object(
  {
    people: names('Who is on call, in the order of their turns.'),
    rotates: Type.Union([Type.Literal('daily'), Type.Literal('weekly')], { default: 'weekly', description: 'Length of a turn.' }),
    since: day('Day of the first turn of the first person, YYYY-MM-DD.'),
    at: Type.String({
      default: '09:00',
      pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$',
      description: 'When a turn passes on, by the clock of the operator.',
    }),
    instead: Type.Array(
      Type.Object(
        {
          from: day('First day.'),
          to: day('Last day.'),
          person: Type.String({ minLength: 1, maxLength: 200, description: 'Who takes over.' }),
        },
        strict,
      ),
      { default: [], maxItems: 1000, description: 'Days that somebody takes over: { from, to, person }.' },
    ),
  },
  strict,
);

export const Team = Type.Object(
  {
    line: Type.Integer({ default: 1, minimum: 1, maximum: 3, description: 'Line of support: 1 first, 2 second, 3 experts.' }),
    targets: names('Webhooks and targets that tell this team. Empty: all.'),
    escalateTo: Type.String({
      default: '',
      maxLength: 63,
      description: 'Team that gets what this one does not acknowledge or resolve in time. Empty: none.',
    }),
    onCall: Type.Optional(OnCall),
  },
  strict,
);

export const Route = Type.Object(
  {
    match: Type.Record(Type.String({ minLength: 1, maxLength: 100 }), Type.String({ maxLength: 400 }), {
      default: {},
      description:
        'Labels that an incident must have: of its scope, of what explains at least half of it, detector, metric, kind. A value may end with *: { detector: "S1*" }.',
    }),
    severity: Type.Integer({
      default: 5,
      minimum: 1,
      maximum: 5,
      description: 'Least severe incidents that it takes: 2 = critical and major.',
    }),
    minimumMoney: Type.Number({ default: 0, minimum: 0, description: 'Least amount, in the currency of the tenant.' }),
    minimumCustomers: Type.Integer({ default: 0, minimum: 0, description: 'Least number of customers.' }),
    team: Type.String({ minLength: 1, maxLength: 63, description: 'Team that gets it.' }),
    targets: names('Webhooks and targets in place of those of the team.'),
  },
  strict,
);

const minutes = (description: string) =>
  Type.Array(Type.Number({ minimum: 0, maximum: 525_600 }), { default: [0, 0, 0, 0, 0], minItems: 5, maxItems: 5, description });

export const Incidents = Type.Object(
  {
    reopenWithinMinutes: Type.Number({
      default: 240,
      minimum: 0,
      description: 'A finding that returns within this time reopens its incident.',
    }),
    team: Type.String({ default: '', description: 'Team that new incidents go to.' }),
    severityMoney: Type.Array(Type.Number({ minimum: 0 }), {
      default: [50_000, 10_000, 1_000, 100],
      minItems: 4,
      maxItems: 4,
      description: 'Amounts in the tenant currency from which an incident is severity 1, 2, 3, 4.',
    }),
    severityCustomers: Type.Array(Type.Number({ minimum: 0 }), {
      default: [10_000, 1_000, 100, 10],
      minItems: 4,
      maxItems: 4,
      description: 'Customers from which an incident is severity 1, 2, 3, 4.',
    }),
    pipeline: Pipeline,
    teams: Type.Record(Type.String({ pattern: named }), Team, { default: {}, description: 'Teams by name.' }),
    routes: Type.Array(Route, {
      default: [],
      maxItems: 1000,
      description:
        'Who gets a new incident: the first route that fits. Without one that fits it stays with `team`, or the team of its category.',
    }),
    acknowledgeMinutes: minutes(
      'By severity 1 to 5, minutes after which an incident that nobody acknowledged goes to the next team. 0: never.',
    ),
    resolveMinutes: minutes('The same for one that is not resolved.'),
    quietHours: Type.Object(
      {
        from: time('When they begin, by the clock of the operator, HH:MM. Empty: there are none.'),
        to: time('When they end.'),
        severity: Type.Integer({
          default: 3,
          minimum: 1,
          maximum: 5,
          description: 'Incidents of this severity and less severe ones wait until they end.',
        }),
      },
      { ...strict, default: {}, description: 'Hours in which only the severe is told.' },
    ),
    digest: Type.Object(
      {
        at: time('When it is sent, by the clock of the operator, HH:MM. Empty: there is none.'),
        severity: Type.Integer({
          default: 5,
          minimum: 1,
          maximum: 5,
          description: 'Incidents of this severity and less severe ones are told in the digest alone.',
        }),
      },
      { ...strict, default: {}, description: 'Once a day, for each team, what was too small to be told at once.' },
    ),
  },
  {
    ...strict,
    default: {},
    description: 'How findings become incidents. `pipeline` has the steps between; `quietHours` and `digest` say when the small is told.',
  },
);

export type IncidentsSettings = Static<typeof Incidents>;
