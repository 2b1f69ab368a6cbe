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
  },
  { ...strict, default: {}, description: 'How findings become incidents. `pipeline` has the steps between.' },
);

export type IncidentsSettings = Static<typeof Incidents>;
