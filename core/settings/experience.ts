/** The customer-experience index: which points, weights and samples. What is not set here has the defaults of `detectors/service/experience`. */
import Type, { type Static } from 'typebox';

const strict = { additionalProperties: false };

const Kpi = Type.Object(
  {
    bad: Type.Optional(Type.Number({ minimum: 0, maximum: 1e9, description: 'Value that scores 0, in the unit of the KPI.' })),
    good: Type.Optional(Type.Number({ minimum: 0, maximum: 1e9, description: 'Value that scores 100.' })),
    weight: Type.Optional(Type.Number({ minimum: 0, maximum: 100, description: 'Weight within its service; 0 leaves it out.' })),
    minimum: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 1_000_000, description: 'Samples of a day below which it does not count.' }),
    ),
    floor: Type.Optional(Type.Boolean({ description: 'Whether a terrible score of it caps the index.' })),
  },
  strict,
);

const weight = (standard: number, what: string) =>
  Type.Number({ default: standard, minimum: 0, maximum: 100, description: `Weight of ${what}; 0 leaves it out.` });

/** `experience` in `weir.yaml`. */
export const Experience = Type.Object(
  {
    enabled: Type.Boolean({
      default: true,
      description:
        'Whether a day is judged by itself once it is complete, and again after late records; `npx weir experience judge` does any day.',
    }),
    legs: Type.Array(Type.String({ pattern: '^[a-z0-9][a-z0-9_-]{0,62}$' }), {
      default: ['switch', 'aaa', 'mediation', 'ocs', 'rating'],
      minItems: 1,
      maxItems: 20,
      uniqueItems: true,
      description:
        'Legs that tell how a service was, the best first: of each service the first one that has records of the day, so that no call counts twice.',
    }),
    kpis: Type.Record(Type.String(), Kpi, {
      default: {},
      description: 'Points, weight and sample minimum by KPI, where they differ from docs/experience.md.',
    }),
    services: Type.Object(
      {
        voice: weight(1, 'voice'),
        sms: weight(0.5, 'messages'),
        data: weight(1, 'data'),
        access: weight(1, 'the access line'),
        care: weight(0.5, 'complaints'),
      },
      { ...strict, default: {}, description: 'Weights of services; only those that a customer used count.' },
    ),
    floor: Type.Object(
      {
        below: Type.Number({ default: 20, minimum: 0, maximum: 100, description: 'A score below this is terrible.' }),
        cap: Type.Number({ default: 40, minimum: 0, maximum: 100, description: 'The index is at most this where one KPI is terrible.' }),
      },
      { ...strict, default: {}, description: 'One terrible KPI is not hidden by the others.' },
    ),
    worstHour: Type.Object(
      {
        share: Type.Number({
          default: 0.25,
          minimum: 0,
          maximum: 1,
          description: 'How much the worst hour weighs, where it is worse than the day: people remember the peak.',
        }),
        minimum: Type.Integer({
          default: 3,
          minimum: 1,
          maximum: 1000,
          description: 'Samples of an hour below which a KPI does not count in it.',
        }),
      },
      { ...strict, default: {}, description: 'The worst hour of the day.' },
    ),
  },
  {
    ...strict,
    default: {},
    description: 'The customer-experience index, with the weights of `services`, the `floor` and the `worstHour`: docs/experience.md.',
  },
);

export type ExperienceSettings = Static<typeof Experience>;
