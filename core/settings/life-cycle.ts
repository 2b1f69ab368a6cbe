/** Life-cycle assurance: what the steps and results of one's own systems mean, and when a visit is on time. */
import Type, { type Static } from 'typebox';

const strict = { additionalProperties: false };
const words = (description: string) => Type.Array(Type.String({ minLength: 1, maxLength: 100 }), { maxItems: 200, description });

/** `lifeCycle` in `weir.yaml`. */
export const LifeCycle = Type.Object(
  {
    steps: Type.Record(Type.String({ pattern: '^[a-z][a-z0-9_]{0,62}$' }), words('Words for this step.'), {
      default: {},
      description:
        'By standard step, the words that systems use for it, besides those of docs/life-cycle.md; capitals, spaces and hyphens do not matter. A step that is not standard stands for itself.',
    }),
    results: Type.Object(
      {
        ok: Type.Optional(words('Words for a step that is done.')),
        failed: Type.Optional(words('Words for a step that failed.')),
        pending: Type.Optional(words('Words for a step that is not decided yet.')),
      },
      {
        ...strict,
        default: {},
        description: 'By ok, failed and pending, the words that systems use for it, besides those of docs/life-cycle.md.',
      },
    ),
    visitGraceMinutes: Type.Integer({
      default: 15,
      minimum: 0,
      maximum: 1440,
      description: 'Minutes after the booked time within which a field visit is on time.',
    }),
  },
  {
    ...strict,
    default: {},
    description: 'Orders, activations and field visits, with the words of systems for `steps` and `results`: docs/life-cycle.md.',
  },
);

export type LifeCycleSettings = Static<typeof LifeCycle>;
