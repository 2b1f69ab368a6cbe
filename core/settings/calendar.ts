/** Days that are not ordinary, and work that comes again every week: entries of `calendars`. */
import Type, { type Static } from 'typebox';

const strict = { additionalProperties: false };
const date = (description: string) => Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description });

const Days = Type.Object(
  {
    date: Type.Union([date('One day, YYYY-MM-DD'), Type.Object({ from: date('First day'), to: date('Last day') }, strict)], {
      description: 'The day, YYYY-MM-DD where the operator is, or `{ from, to }` with both days included; at most 400 days.',
    }),
    like: Type.Union([Type.Literal('sunday'), Type.Literal('saturday'), Type.Literal('workday')], {
      default: 'sunday',
      description: 'What the day is like; a holiday that is like a workday is none.',
    }),
    name: Type.String({ minLength: 1, maxLength: 200, description: 'What it is called in findings.' }),
  },
  strict,
);

const weekday = '(mon|tue|wed|thu|fri|sat|sun)';
const clock = '([01]\\d|2[0-3]):[0-5]\\d';

const Recurring = Type.Object(
  {
    weekly: Type.String({
      pattern: `^(daily|${weekday}(-${weekday})?(,${weekday}(-${weekday})?)*) ${clock}-(${clock}|24:00)$`,
      description:
        'When, by the clock of the operator: `sun 02:00-04:00`, `mon-fri 23:30-01:00`, `sat,sun 00:00-24:00`, `daily 03:00-03:30`. An end before the start is on the next day.',
    }),
    match: Type.Record(Type.String({ minLength: 1, maxLength: 100 }), Type.String({ maxLength: 400 }), {
      minProperties: 1,
      description: 'Labels that a finding must have to be held, all of them: name to value.',
    }),
    reason: Type.String({ minLength: 1, maxLength: 400, description: 'Why.' }),
  },
  strict,
);

/** An entry of `calendars`. */
export const Calendar = Type.Object(
  {
    country: Type.Optional(
      Type.String({
        pattern: '^([A-Z]{2})?$',
        description:
          'Country whose public and bank holidays hold, ISO 3166 alpha-2; empty = none. Default: the tenant country in calendar home, none in others.',
      }),
    ),
    region: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z0-9-]{1,20}(/[A-Za-z0-9-]{1,20})?$',
        description: 'State or province of the country, and a part of it after a slash: BY, BY/A.',
      }),
    ),
    days: Type.Array(Days, { default: [], maxItems: 1000, description: 'Own days; they go before holidays.' }),
    maintenance: Type.Array(Recurring, {
      default: [],
      maxItems: 200,
      description: 'Work that comes again every week: what it touches makes no findings meanwhile.',
    }),
  },
  strict,
);

export type CalendarSettings = Static<typeof Calendar>;
export type CalendarDay = CalendarSettings['days'][number];
export type RecurringMaintenance = CalendarSettings['maintenance'][number];

/** The map of calendars by name. */
export const Calendars = Type.Record(Type.String({ pattern: '^[a-z0-9][a-z0-9_-]{0,62}$' }), Calendar, {
  default: {},
  description: 'Calendars by name: holidays, own days, weekly maintenance. `home` is there without being named.',
});
