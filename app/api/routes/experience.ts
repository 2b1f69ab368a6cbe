/** The customer-experience index: segments, customers with the lowest, and one customer explained. */
import Type from 'typebox';
import { WeirError } from '../../../core/errors.ts';
import { type CustomerIndex, dayOrLatest, readCustomer, readSegments, readWorst } from '../../experience/read.ts';
import type { ApiContext } from '../context.ts';
import type { Api } from '../fastify.ts';
import { answers } from '../schemas.ts';

const dayMs = 86_400_000;
const mostDays = 400;

const open = { additionalProperties: true };
const text = (description: string) => Type.String({ description });
const count = (description: string) => Type.Integer({ minimum: 0, description });
const maybe = (description: string) => Type.Union([Type.Number(), Type.Null()], { description });
const Day = Type.String({ format: 'date', description: 'Day, UTC; default: the latest that was judged' });
const Segment = Type.Optional(Type.String({ maxLength: 200, description: 'Only this segment; unknown = customers without one' }));
const strict = { additionalProperties: false };

const Segments = Type.Object(
  {
    first: text('First day'),
    last: text('Last day'),
    segments: Type.Array(
      Type.Object(
        {
          segment: text('Segment; empty = all customers'),
          customers: count('Customers with anything measured'),
          scored: count('Customers and days with an index'),
          too_few: count('Customers and days with too few samples for one'),
          floored: count('Of the scored, capped by one terrible KPI'),
          cei: maybe('Mean index, 0 to 100; null: nobody has one'),
          median: maybe('Median'),
          p10: maybe('A tenth is below it'),
          below_40: count('Scored below 40'),
          worst_hour: maybe('Mean of the worst hours'),
        },
        open,
      ),
    ),
    kpis: Type.Array(
      Type.Object(
        {
          kpi: text('KPI'),
          title: text('Title'),
          unit: text('Unit of value'),
          rater: text('reliability, responsiveness, assurance, tangibles, empathy'),
          counted: count('Customers and days for whom it counts'),
          score: maybe('Mean score, 0 to 100'),
          value: maybe('Mean value'),
          lost: Type.Number({ description: 'Points that it costs per customer and day' }),
        },
        open,
      ),
      { description: 'What costs most points first' },
    ),
    rater: Type.Record(Type.String(), Type.Number(), { description: 'Points lost by dimension of service quality' }),
  },
  { description: 'The index by segment, and what costs points' },
);

const Customer = Type.Object(
  {
    customer: text('Pseudonym'),
    segment: text('Segment'),
    plan: text('Plan'),
    cei: Type.Number({ description: 'Index, 0 to 100' }),
    worst_hour: Type.Union([Type.String(), Type.Null()], { description: 'Start of the worst hour' }),
    worst_hour_cei: maybe('Index of that hour'),
    floor_kpi: text('KPI that caps the index; empty = none'),
    weakest_kpi: text('KPI that costs most points'),
    samples: count('Samples'),
  },
  open,
);

const CustomerDay = Type.Object(
  {
    day: text('Day, UTC'),
    state: text('scored or too_few'),
    cei: Type.Optional(Type.Number({ description: 'Index; missing where the state is too_few' })),
    mean: Type.Optional(Type.Number({ description: 'Mean of the day before worst hour and floor' })),
    hourLost: Type.Number({ description: 'Points that the worst hour costs' }),
    floorKpi: text('KPI that caps it; empty = none'),
    floorLost: Type.Number({ description: 'Points that the cap costs' }),
    parts: Type.Array(
      Type.Object(
        {
          kpi: text('KPI'),
          value: Type.Number({ description: 'Value in its unit' }),
          samples: count('Samples'),
          score: Type.Optional(Type.Number({ description: 'Score, 0 to 100; missing: it does not count' })),
          share: Type.Number({ description: 'Share of the mean, 0 to 1' }),
          points: Type.Number({ description: 'share x score' }),
          lost: Type.Number({ description: 'share x (100 - score)' }),
        },
        open,
      ),
    ),
    model: Type.Object({}, { ...open, description: 'Points, weights and minima that held' }),
  },
  { ...open, description: 'One day of one customer, explained' },
);

const cursorOf = ({ cei, customer }: CustomerIndex): string => Buffer.from(`${cei}|${customer}`).toString('base64url');

function afterOf(cursor: string | undefined) {
  if (cursor === undefined) return {};
  const found = /^(\d{1,3}(?:\.\d{1,20})?(?:e-\d{1,3})?)\|(\d{1,20})$/.exec(Buffer.from(cursor, 'base64url').toString('utf8'));
  if (!found) throw new WeirError('usage', 'The cursor is not one of this list.', { hint: 'Give `next` of the page before, or none.' });
  return { after: { cei: Number(found[1]), customer: found[2]! } };
}

export function experienceRoutes(api: Api, { store, settings: { tenant }, audit }: ApiContext): void {
  const daysOf = async (day: string | undefined, days: number) => {
    const last = await dayOrLatest(store, tenant, day);
    return { last, first: new Date(Date.parse(last) - (days - 1) * dayMs).toISOString().slice(0, 10) };
  };
  const Days = Type.Integer({ default: 1, minimum: 1, maximum: mostDays, description: 'So many days up to the day' });

  api.get(
    '/experience/segments',
    {
      schema: {
        tags: ['experience'],
        summary: 'Customer-experience index by segment, and which KPIs cost points',
        querystring: Type.Object({ day: Type.Optional(Day), days: Days, segment: Segment }, strict),
        response: answers({ 200: Segments }),
      },
    },
    async ({ query }) => {
      const { first, last } = await daysOf(query.day, query.days);
      return readSegments(store, tenant, first, last, query.segment);
    },
  );

  api.get(
    '/experience/customers',
    {
      schema: {
        tags: ['experience'],
        summary: 'Customers of a day with the lowest index first, as pseudonyms',
        querystring: Type.Object(
          {
            day: Type.Optional(Day),
            segment: Segment,
            limit: Type.Integer({ minimum: 1, maximum: 500, default: 50, description: 'Largest number of entries' }),
            cursor: Type.Optional(Type.String({ maxLength: 100, description: '`next` of the page before' })),
          },
          strict,
        ),
        response: answers({
          200: Type.Object(
            {
              day: text('Day'),
              items: Type.Array(Customer),
              next: Type.Union([Type.String(), Type.Null()], { description: 'Cursor of the next page' }),
            },
            { description: 'A page of customers' },
          ),
        }),
      },
    },
    async (request) => {
      const { query } = request;
      const after = afterOf(query.cursor);
      const { last } = await daysOf(query.day, 1);
      const found = await readWorst(store, tenant, last, { segment: query.segment ?? '', limit: query.limit + 1, ...after });
      const items = found.slice(0, query.limit);
      await audit({
        principal: request.principal!,
        action: 'experience.customers',
        target: last,
        address: request.ip,
        detail: { customers: `${items.length}` },
      });
      return { day: last, items, next: found.length > query.limit ? cursorOf(items.at(-1)!) : null };
    },
  );

  api.get(
    '/experience/customers/:customer',
    {
      schema: {
        tags: ['experience'],
        summary: 'The days of one customer, the latest first, each explained to the single KPI',
        params: Type.Object({ customer: Type.String({ pattern: '^\\d{1,20}$', description: 'Pseudonym' }) }),
        querystring: Type.Object(
          {
            day: Type.Optional(Day),
            days: Type.Integer({ default: 7, minimum: 1, maximum: mostDays, description: 'So many days up to the day' }),
          },
          strict,
        ),
        response: answers({
          200: Type.Object({ customer: text('Pseudonym'), days: Type.Array(CustomerDay) }, { description: 'A customer' }),
        }),
      },
    },
    async (request) => {
      const {
        query,
        params: { customer },
      } = request;
      if (BigInt(customer) >= 1n << 64n) throw new WeirError('usage', `${customer} is not a pseudonym.`);
      const { first, last } = await daysOf(query.day, query.days);
      await audit({
        principal: request.principal!,
        action: 'experience.customer',
        target: customer,
        address: request.ip,
        detail: { first, last },
      });
      return { customer, days: await readCustomer(store, tenant, customer, first, last) };
    },
  );
}
