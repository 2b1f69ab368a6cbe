/**
 * The declarative mapping: how the fields of a CSV or JSON file become the columns of a record kind. Data, never code:
 * everything a mapping can say is listed here, and `ingest/decode/compile.ts` turns it into setters once per source.
 *
 * @example
 * ```yaml
 * format: csv
 * kind: usage
 * header: true
 * timeZone: Europe/Berlin
 * constants: { leg: switch, service: voice }
 * columns:
 *   subscriber_number: A-Number
 *   other_party_number: B-Number
 *   start_time: { from: Start, time: DD.MM.YYYY hh:mm:ss }
 *   duration_seconds: { from: Duration, unit: s }
 *   answered: { from: Result, values: { OK: true }, otherwise: false }
 * ```
 */
import Type, { type Static } from 'typebox';

const closed = { additionalProperties: false } as const;

/** A field of the source: a column name (CSV), a path such as `a.b.c` (JSON), or a column number from 1 (CSV). */
export const sourceField = Type.Union([Type.String({ minLength: 1, maxLength: 256 }), Type.Integer({ minimum: 1, maximum: 1024 })], {
  description: 'Column name, column number from 1, or JSON path (a.b.c; a dot in a name is written \\.)',
});

const constant = Type.Union([Type.String({ maxLength: 1024 }), Type.Number(), Type.Boolean()]);

const conversion = {
  time: Type.Optional(
    Type.String({
      maxLength: 64,
      description:
        'iso (default), epoch, epochMs, epochUs, epochNs, or a pattern of YYYY YY MM MMM DD hh mm ss fff Z, e.g. DD.MM.YYYY hh:mm[:ss]',
    }),
  ),
  timeZone: Type.Optional(
    Type.String({
      maxLength: 64,
      description: 'IANA zone or offset such as +02:00 of times that state none; default: that of the mapping',
    }),
  ),
  unit: Type.Optional(
    Type.String({
      maxLength: 16,
      description: 'us, ms, s, min, h or hh:mm:ss for durations; octets, bits, kB, KiB, MB, MiB, GB, GiB for volumes',
    }),
  ),
  unitFrom: Type.Optional(sourceField),
  decimal: Type.Optional(Type.Union([Type.Literal('.'), Type.Literal(',')], { description: 'Decimal mark, default .' })),
  scale: Type.Optional(Type.Integer({ minimum: 0, maximum: 12, description: 'The number is an integer of 10^-scale units: 2 = cents' })),
  times: Type.Optional(Type.Number({ description: 'Multiply by this' })),
  gigawords: Type.Optional(sourceField),
  start: Type.Optional(Type.Integer({ minimum: 0, description: 'First character taken, from 0' })),
  length: Type.Optional(Type.Integer({ minimum: 1, description: 'Number of characters taken' })),
  beforeLast: Type.Optional(
    Type.String({ minLength: 1, maxLength: 16, description: 'Only what stands before the last occurrence of this' }),
  ),
  percent: Type.Optional(Type.Boolean({ description: 'The text is percent-encoded (%2B is +)' })),
} as const;

/** A fact of the message that a record came in (source of type kafka). */
const messageFact = Type.String({
  pattern: '^(key|timestamp|topic|partition|offset|header:.{1,256})$',
  description: 'key, timestamp (ISO 8601 UTC), topic, partition, offset, or header:NAME of the Kafka message; empty elsewhere',
});

/** What an expression is made of: a field, a part of it, a literal text, or a named part of the file name. */
export const operand = Type.Union([
  sourceField,
  Type.Object({ from: sourceField, ...conversion }, closed),
  Type.Object({ text: Type.String({ maxLength: 256 }) }, closed),
  Type.Object({ fileName: Type.String({ description: 'A named part of fileName' }) }, closed),
  Type.Object({ message: messageFact }, closed),
]);

/** Holds when the field equals one of the texts, begins with a text, or is empty; `not` turns it round. */
export const condition = Type.Object(
  {
    from: sourceField,
    equals: Type.Optional(Type.Union([Type.String(), Type.Array(Type.String(), { maxItems: 1000 })])),
    startsWith: Type.Optional(Type.String({ minLength: 1 })),
    empty: Type.Optional(Type.Boolean()),
    not: Type.Optional(Type.Boolean()),
  },
  closed,
);

const result = {
  values: Type.Optional(Type.Record(Type.String(), constant, { description: 'Source text to value' })),
  otherwise: Type.Optional(constant),
  required: Type.Optional(Type.Boolean({ description: 'Empty is rejected as missing_field' })),
} as const;

/** How one column is filled. */
export const columnMapping = Type.Union([
  sourceField,
  Type.Object({ from: sourceField, ...conversion, ...result }, closed),
  Type.Object({ constant }, closed),
  Type.Object({ fileName: Type.String(), ...result }, closed),
  Type.Object({ message: messageFact, ...result }, closed),
  Type.Object({ join: Type.Array(operand, { minItems: 1, maxItems: 16 }), ...result }, closed),
  Type.Object({ first: Type.Array(operand, { minItems: 1, maxItems: 16 }), ...result }, closed),
  Type.Object({ difference: Type.Tuple([operand, operand]), times: Type.Optional(Type.Number()) }, closed),
  Type.Object(
    {
      when: condition,
      use: Type.Union([operand, Type.Object({ constant }, closed)]),
      otherwise: Type.Optional(Type.Union([operand, Type.Object({ constant }, closed)])),
    },
    closed,
  ),
]);

const total = Type.Union([
  Type.Integer({ minimum: 1, maximum: 1024 }),
  Type.Object(
    {
      from: Type.Integer({ minimum: 1, maximum: 1024 }),
      unit: conversion.unit,
      scale: conversion.scale,
      decimal: conversion.decimal,
      time: conversion.time,
    },
    closed,
  ),
]);

const totals = {
  sequence: Type.Optional(total),
  records: Type.Optional(total),
  seconds: Type.Optional(total),
  octets: Type.Optional(total),
  charge: Type.Optional(total),
  lost: Type.Optional(total),
  closureReason: Type.Optional(total),
  earliest: Type.Optional(total),
  latest: Type.Optional(total),
} as const;

/** The whole mapping of a source. */
export const Mapping = Type.Object(
  {
    format: Type.Union([Type.Literal('csv'), Type.Literal('json')]),
    kind: Type.String({ description: 'Record kind that the rows become: usage, measurement, lifecycle, …' }),
    delimiter: Type.Optional(Type.String({ minLength: 1, maxLength: 1, description: 'One ASCII character, default a comma' })),
    quote: Type.Optional(Type.String({ maxLength: 1, description: 'One ASCII character, default "; empty = fields are never quoted' })),
    header: Type.Optional(Type.Boolean({ description: 'The first row holds the column names' })),
    names: Type.Optional(Type.Array(Type.String(), { maxItems: 1024, description: 'Column names of a file without a header row' })),
    columnCount: Type.Optional(
      Type.Union(
        [Type.Integer({ minimum: 1, maximum: 1024 }), Type.Tuple([Type.Integer({ minimum: 1 }), Type.Integer({ maximum: 1024 })])],
        {
          description: 'Number of columns a row must have, or [least, most]; default: as many as names',
        },
      ),
    ),
    comment: Type.Optional(Type.String({ minLength: 1, maxLength: 16, description: 'Lines that begin with this are dropped' })),
    encoding: Type.Optional(Type.Union([Type.Literal('utf-8'), Type.Literal('latin-1')])),
    timeZone: Type.Optional(Type.String({ maxLength: 64, description: 'IANA zone or offset of times that state none, default UTC' })),
    layout: Type.Optional(
      Type.Union([Type.Literal('auto'), Type.Literal('lines'), Type.Literal('whole')], {
        description: 'JSON: one value per line, or one array or object as a whole',
      }),
    ),
    columns: Type.Record(Type.String(), columnMapping, { description: 'Target column to its source' }),
    constants: Type.Optional(Type.Record(Type.String(), constant, { description: 'Columns with the same value in every record' })),
    attributes: Type.Optional(Type.Record(Type.String(), sourceField, { description: 'Labels of a measurement: name to source' })),
    filters: Type.Optional(
      Type.Array(
        Type.Object(
          {
            when: Type.Union([condition, Type.Array(condition, { minItems: 1 })]),
            reason: Type.String({ pattern: '^[a-z][a-z0-9_]{0,63}$' }),
          },
          closed,
        ),
        { description: 'Records left out by rule, counted under the reason' },
      ),
    ),
    fileName: Type.Optional(
      Type.String({ maxLength: 256, description: 'Named parts of the file name, e.g. CDR_{node}_{date}_{sequence}.csv; * = anything' }),
    ),
    headerRecord: Type.Optional(
      Type.Object(
        {
          prefix: Type.Optional(Type.String({ minLength: 1 })),
          rows: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
          ...totals,
        },
        closed,
      ),
    ),
    trailerRecord: Type.Optional(Type.Object({ prefix: Type.Optional(Type.String({ minLength: 1 })), ...totals }, closed)),
  },
  closed,
);

export type SourceField = Static<typeof sourceField>;
export type Operand = Static<typeof operand>;
export type Condition = Static<typeof condition>;
export type ColumnMapping = Static<typeof columnMapping>;
export type Constant = Static<typeof constant>;
export type Total = Static<typeof total>;
export type Mapping = Static<typeof Mapping>;
