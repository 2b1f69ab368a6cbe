/** Settings of a control: switches and limits of one that ships, and the whole of one of your own. */
import Type, { type Static } from 'typebox';

const strict = { additionalProperties: false };
const name = Type.String({ pattern: '^[a-z][a-z0-9_]{0,62}$' });

/** Entries of `controls` in `weir.yaml`. One with `sql` or `sqlFile` is a control of your own. */
export const Control = Type.Object(
  {
    enabled: Type.Boolean({ default: true, description: 'Whether it runs.' }),
    limits: Type.Record(Type.String(), Type.Number(), { default: {}, description: 'Limits by name; `npx weir controls ID` lists them.' }),
    learnWithin: Type.Optional(
      Type.Record(Type.String(), Type.Array(Type.Number(), { minItems: 2, maxItems: 2 }), {
        description:
          'By limit, the least and the most to which verdicts may move it, e.g. { rate: [0.002, 0.02] }. Twice the same number: it does not learn.',
      }),
    ),
    backBillDays: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 3650, description: 'As money.backBillDays, for the findings of this control alone.' }),
    ),
    sql: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 100_000,
        description:
          'Own control: a SELECT that gives the columns observed and expected, those of dimensions, and if it can money, money_low, money_high, customers, samples, window_from and window_to.',
      }),
    ),
    sqlFile: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 1000,
        description: 'Own control: file with the SELECT, in place of sql. Read once, at the start.',
      }),
    ),
    title: Type.Optional(Type.String({ minLength: 1, maxLength: 120, description: 'Own control: its title. Default: its name.' })),
    kind: Type.Optional(
      Type.Union([Type.Literal('revenue'), Type.Literal('service'), Type.Literal('data')], {
        description: 'Own control: kind of its findings. Default: revenue.',
      }),
    ),
    dimensions: Type.Optional(
      Type.Array(name, {
        maxItems: 8,
        uniqueItems: true,
        description: 'Own control: columns that say what a row is about. One finding for each combination. Default: none.',
      }),
    ),
    unit: Type.Optional(Type.String({ maxLength: 40, description: 'Own control: what observed and expected count. Default: records.' })),
    direction: Type.Optional(
      Type.Union([Type.Literal('up'), Type.Literal('down'), Type.Literal('both')], {
        description: 'Own control: whether more, less or either than expected is a violation. Default: both.',
      }),
    ),
    trigger: Type.Optional(
      Type.Union([Type.Literal('batch-stored'), Type.Literal('minute'), Type.Literal('window-close'), Type.Literal('nightly')], {
        description:
          'Own control: when it is judged. window-close waits until all of legs are complete up to the end of the window. Default: window-close where legs are named, else nightly.',
      }),
    ),
    windowMinutes: Type.Optional(
      Type.Integer({ minimum: 5, maximum: 10_080, description: 'Own control: length of a window, for window-close. Default: 60.' }),
    ),
    lookbackHours: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 2160,
        description: 'Own control: how far the parameter since lies before the window. Default: 0.',
      }),
    ),
    legs: Type.Optional(
      Type.Array(Type.String({ pattern: '^[a-z0-9][a-z0-9_-]{0,62}$' }), {
        maxItems: 8,
        uniqueItems: true,
        description: 'Own control: legs that it compares. Without records of all of them it is not applicable.',
      }),
    ),
    moneyClass: Type.Optional(
      Type.Union([Type.Literal('leakage'), Type.Literal('over_charge'), Type.Literal('risk')], {
        description:
          'Own control: what the column money means. leakage: lost, and a negative amount is owed back. over_charge: the other way round. Default: leakage.',
      }),
    ),
    moneyMethod: Type.Optional(
      Type.String({
        maxLength: 300,
        description: 'Own control: how the amount is computed, for a person. Default: that the query says so.',
      }),
    ),
    timeoutSeconds: Type.Optional(
      Type.Number({ minimum: 1, maximum: 30, description: 'Own control: longest time its query may take. Default: 10.' }),
    ),
    owner: Type.Optional(Type.String({ maxLength: 200, description: 'Own control: who its incidents are assigned to. Default: nobody.' })),
    text: Type.Optional(Type.String({ maxLength: 4000, description: 'Own control: what it means when it speaks.' })),
    proof: Type.Optional(Type.String({ maxLength: 4000, description: 'Own control: how to prove it.' })),
    recovery: Type.Optional(Type.String({ maxLength: 4000, description: 'Own control: how to recover the money.' })),
  },
  strict,
);

export type ControlSettings = Static<typeof Control>;
