/** Settings that sources of several types have: how bytes become records, and how files are numbered. */
import Type from 'typebox';
import { Mapping } from './mapping.ts';

const strict = { additionalProperties: false };

/** How bytes become records. */
export const format = {
  format: Type.Optional(
    Type.String({
      description:
        'Preset: asterisk-cdr, asterisk-cel, freeswitch-csv, freeswitch-json, radius-detail, telegraf-json, json, weir-csv, weir-json.',
    }),
  ),
  mapping: Type.Optional(Mapping),
  leg: Type.Optional(
    Type.String({
      description:
        'Leg of the usage records where the format does not state one: switch, mediation, rating, billing, mno_wholesale, aaa, …',
    }),
  ),
  timeZone: Type.Optional(
    Type.String({ description: "IANA time zone or offset of the source's times where they carry none. Default: UTC." }),
  ),
  country: Type.Optional(
    Type.String({ pattern: '^[A-Z]{2}$', description: 'Home country of national numbers, ISO 3166 alpha-2. Default: the tenant country.' }),
  ),
};

/** How files are numbered and how often they come. */
export const numbering = {
  sequence: Type.Optional(
    Type.Object(
      {
        pattern: Type.String({
          maxLength: 200,
          description: 'File name with {sequence} where the number stands and * elsewhere, e.g. msc-1_{sequence}_*.csv',
        }),
        wrapsAt: Type.Optional(Type.Integer({ minimum: 2, description: 'Largest number before it starts again.' })),
        restartsAt: Type.Integer({ default: 0, minimum: 0, description: 'First number after a wrap.' }),
      },
      { ...strict, description: 'File sequence number in the name, for S01.' },
    ),
  ),
  expectedEverySeconds: Type.Optional(
    Type.Number({ minimum: 1, description: 'Agreed interval between files, for S02. Default: learned.' }),
  ),
  deliveredWithinSeconds: Type.Optional(
    Type.Number({
      minimum: 1,
      description:
        'Agreed time from the last event of a file to its delivery, for S02: 14400 for NRTRDE, 129600 for TAP. Default: twice the usual.',
    }),
  ),
};
