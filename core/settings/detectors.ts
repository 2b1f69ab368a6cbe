/** Settings of the detectors over series: which metric, cut by which dimensions, judged how, and how quiet. */
import Type, { type Static } from 'typebox';

const strict = { additionalProperties: false };
const label = Type.String({ maxLength: 200 });

const Effect = Type.Object(
  {
    relative: Type.Optional(
      Type.Number({ minimum: 0, maximum: 10, description: 'Smallest relative change that counts, e.g. 0.2 for 20 %.' }),
    ),
    absolute: Type.Optional(
      Type.Number({
        minimum: 0,
        description: 'Smallest change that counts, in the unit of the metric: of counts and sums by the hour, of a ratio in points (0.02).',
      }),
    ),
    money: Type.Optional(
      Type.Number({ minimum: 0, description: 'Smallest amount that counts, where an amount is known, in the tenant currency.' }),
    ),
    customers: Type.Optional(Type.Number({ minimum: 0, description: 'Fewest customers that count, where their number is known.' })),
  },
  { ...strict, description: 'Effect floor: what is smaller is no finding, however certain.' },
);

const Budget = Type.Object(
  {
    perDay: Type.Optional(
      Type.Number({ minimum: 0, description: 'Most false alarms a day from quiet data, all series of the detector together.' }),
    ),
    per1000SeriesDays: Type.Optional(
      Type.Number({ minimum: 0, description: 'Most false alarms per 1000 series and day. The stricter of the two holds.' }),
    ),
  },
  { ...strict, description: 'False-alarm budget.' },
);

export const Detector = Type.Object(
  {
    enabled: Type.Optional(Type.Boolean({ description: 'Whether it runs. Default: true.' })),
    title: Type.Optional(Type.String({ maxLength: 100, description: 'Title for people.' })),
    metric: Type.Optional(
      Type.String({ description: 'Metric of the catalogue, see docs/detectors.md; needed for a detector of your own.' }),
    ),
    dimensions: Type.Optional(
      Type.Array(Type.String(), {
        minItems: 1,
        maxItems: 3,
        description:
          'Dimensions from coarse to fine: every prefix is a series too, and stands for what is below it. Usage begins with leg.',
      }),
    ),
    total: Type.Optional(
      Type.Boolean({
        description: 'Whether the coarsest dimension is a series of its own. Default: true; false where another detector has it.',
      }),
    ),
    where: Type.Optional(
      Type.Record(Type.String(), Type.Array(label, { maxItems: 100 }), {
        description: 'Only these values, by dimension; at most two dimensions.',
      }),
    ),
    statistic: Type.Optional(
      Type.Union([Type.Literal('seasonal'), Type.Literal('ratio'), Type.Literal('silence')], {
        description:
          'seasonal: against time of day, weekday and level. ratio: that, and the Wilson interval beyond the floor. silence: expected events missed since the last one.',
      }),
    ),
    direction: Type.Optional(
      Type.Union([Type.Literal('down'), Type.Literal('up'), Type.Literal('both')], { description: 'Which change is a finding.' }),
    ),
    bucketMinutes: Type.Optional(
      Type.Union([Type.Literal(1), Type.Literal(5), Type.Literal(10), Type.Literal(15), Type.Literal(30), Type.Literal(60)], {
        description: 'Length of a bucket, in minutes.',
      }),
    ),
    effect: Type.Optional(Effect),
    budget: Type.Optional(Budget),
    persistence: Type.Optional(
      Type.Object(
        {
          needed: Type.Integer({ minimum: 1, maximum: 32, description: 'Buckets that must pass …' }),
          among: Type.Integer({ minimum: 1, maximum: 32, description: '… among so many last ones.' }),
          rearm: Type.Optional(Type.Integer({ minimum: 1, maximum: 255, description: 'Quiet buckets in a row that clear it.' })),
        },
        { ...strict, description: 'How long it must last. Default: 2 of 3, cleared after 2.' },
      ),
    ),
    calendar: Type.Optional(Type.String({ description: 'Calendar of holidays and maintenance, see calendars. Default: home.' })),
    historyDays: Type.Optional(Type.Number({ minimum: 0, maximum: 400, description: 'Days of data a series needs before it is judged.' })),
    shards: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 64,
        description: 'Parts that instances may share, cut by the second dimension; more than 1 has no total over all.',
      }),
    ),
    pinned: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 100_000,
        description: 'How many series, the largest, have their scores stored even when nothing is wrong.',
      }),
    ),
  },
  strict,
);

export const Detectors = Type.Record(Type.String({ pattern: '^[a-z0-9][a-z0-9_-]{0,62}$' }), Detector, {
  default: {},
  description: 'Detectors over series, by name: changes to those that ship, or your own. `npx weir controls` lists them.',
});

export type DetectorSettings = Static<typeof Detector>;
