/** Which legs are compared record by record, and what counts as equal. */
import Type, { type Static } from 'typebox';

const strict = { additionalProperties: false } as const;
const leg = (description: string) => Type.String({ pattern: '^[a-z0-9][a-z0-9_-]{0,62}$', description });

const tolerance = {
  startSeconds: (more: object) => Type.Number({ minimum: 0, maximum: 86_400, description: 'Difference of starts, in seconds.', ...more }),
  durationSeconds: (more: object) =>
    Type.Number({ minimum: 0, maximum: 86_400, description: 'Difference of billable durations, in seconds.', ...more }),
  octets: (more: object) => Type.Number({ minimum: 0, maximum: 1e15, description: 'Difference of volumes, in octets.', ...more }),
  octetsPercent: (more: object) =>
    Type.Number({ minimum: 0, maximum: 100, description: 'The same in percent of A; the larger of both holds.', ...more }),
  charge: (more: object) =>
    Type.Number({ minimum: 0, maximum: 1_000_000, description: 'Difference of charges, in the currency of the tenant.', ...more }),
  chargePercent: (more: object) =>
    Type.Number({ minimum: 0, maximum: 100, description: 'The same in percent of A; the larger of both holds.', ...more }),
};

const Tolerances = Type.Object(
  {
    startSeconds: tolerance.startSeconds({ default: 60 }),
    durationSeconds: tolerance.durationSeconds({ default: 2 }),
    octets: tolerance.octets({ default: 1024 }),
    octetsPercent: tolerance.octetsPercent({ default: 1 }),
    charge: tolerance.charge({ default: 0.01 }),
    chargePercent: tolerance.chargePercent({ default: 0.5 }),
  },
  { ...strict, default: {}, description: 'What two records of one usage may differ in.' },
);

const OwnTolerances = Type.Object(
  {
    startSeconds: Type.Optional(tolerance.startSeconds({})),
    durationSeconds: Type.Optional(tolerance.durationSeconds({})),
    octets: Type.Optional(tolerance.octets({})),
    octetsPercent: Type.Optional(tolerance.octetsPercent({})),
    charge: Type.Optional(tolerance.charge({})),
    chargePercent: Type.Optional(tolerance.chargePercent({})),
  },
  strict,
);

const Comparison = Type.Object(
  {
    name: Type.String({ pattern: '^[a-z0-9][a-z0-9_-]{0,62}$', description: 'Name of the comparison, unique.' }),
    control: Type.Union([Type.Literal('S08'), Type.Literal('S09')], {
      default: 'S08',
      description: 'S08: two legs of our own, A before B. S09: A is ours, B is what the host says.',
    }),
    a: leg('Leg A: upstream, or our own.'),
    b: leg('Leg B: downstream, or that of the partner.'),
    partner: Type.String({ default: '', description: 'Only records of this partner, or of none; its tolerances hold. Empty: all.' }),
    compareCharge: Type.Union([Type.Literal('auto'), Type.Literal('yes'), Type.Literal('no')], {
      default: 'auto',
      description: 'Whether charges must agree. auto: where both legs charge in one currency, never for S09 (retail is not wholesale).',
    }),
    subscriber: Type.Union([Type.Literal('subscriber'), Type.Literal('imsi')], {
      default: 'subscriber',
      description: 'Which pseudonym identifies the subscriber in both legs.',
    }),
    tolerances: Type.Optional(OwnTolerances),
  },
  strict,
);

/** Pairs of legs that a chain usually has; one that lacks records says so and costs nothing. */
const usual = [
  { name: 'switch-mediation', control: 'S08', a: 'switch', b: 'mediation' },
  { name: 'switch-rating', control: 'S08', a: 'switch', b: 'rating' },
  { name: 'rating-billing', control: 'S08', a: 'rating', b: 'billing' },
  { name: 'retail-wholesale', control: 'S09', a: 'rating', b: 'mno_wholesale' },
];

/** `reconciliation` in `weir.yaml`. */
export const Reconciliation = Type.Object(
  {
    enabled: Type.Boolean({
      default: true,
      description:
        'Whether a day is reconciled by itself once both legs are complete, and again after late records; `npx weir reconcile` does any day by hand.',
    }),
    comparisons: Type.Array(Comparison, { default: usual, maxItems: 100, description: 'Which legs are compared record by record.' }),
    tolerances: Tolerances,
    partners: Type.Record(Type.String(), OwnTolerances, {
      default: {},
      description: 'Tolerances by partner, where they differ; those of a comparison come before them.',
    }),
  },
  { ...strict, default: {}, description: 'Record-level reconciliation, for S08 and S09.' },
);

export type ReconciliationSettings = Static<typeof Reconciliation>;
export type ComparisonSettings = Static<typeof Comparison>;
export type ToleranceSettings = Static<typeof Tolerances>;
