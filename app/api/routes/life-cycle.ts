/** Orders, activations and field visits: steps, what waits, what is stuck, what failed, and how teams keep their times. */
import { Readable } from 'node:stream';
import Type from 'typebox';
import { WeirError } from '../../../core/errors.ts';
import { writeInstant } from '../../../core/row.ts';
import { failedLines } from '../../life-cycle/failed-lines.ts';
import { allFailed, failedId, readAgeing, readFailed, readSteps, readStuck, readVisits, type Stretch } from '../../life-cycle/read.ts';
import type { ApiContext } from '../context.ts';
import type { Api } from '../fastify.ts';
import { afterOf, cursorOf } from '../page.ts';
import { answers, pageOf, paging } from '../schemas.ts';

const dayMs = 86_400_000;
const usualDays = 7;
const mostDays = 400;

const open = { additionalProperties: true };
const strict = { additionalProperties: false };
const text = (description: string) => Type.String({ description });
const count = (description: string) => Type.Integer({ minimum: 0, description });
const seconds = (description: string) => Type.Number({ description: `${description}, s` });
const maybe = (description: string) => Type.Union([Type.String(), Type.Null()], { description });
const instant = (description: string) => Type.Optional(Type.String({ format: 'date-time', description }));
const stretch = {
  from: instant(`First instant; default: ${usualDays} days before to`),
  to: instant('First instant after it; default: now'),
};
const Step = Type.Optional(Type.String({ maxLength: 100, description: 'Only this step' }));

const Steps = Type.Object(
  {
    steps: Type.Array(
      Type.Object(
        {
          step: text('Standard step; empty: the whole order'),
          orders: count('Orders whose first attempt lies in the stretch'),
          right_first: count('First attempt succeeded'),
          right_later: count('First attempt failed, a later one succeeded'),
          failed: count('Not done so far'),
          failures: count('Attempts that failed'),
          first_time_right: Type.Number({ description: 'right_first / orders' }),
          median_seconds: seconds('Median of the stated duration'),
          p95_seconds: seconds('95th percentile of it'),
          errors: Type.Array(Type.String(), { description: 'The commonest errors' }),
        },
        open,
      ),
    ),
    waiting: Type.Array(
      Type.Object(
        {
          step: text('Last step done'),
          next: text('Step that is waited for'),
          waiting: count('Orders'),
          stuck: count('Of them, longer than patience_seconds'),
          failed: count('Of them, with a failed step'),
          usual_seconds: seconds('How long 95 of 100 take to the next step'),
          patience_seconds: seconds('Twice that, an hour at least'),
          finished: count('Orders on which usual_seconds rests'),
          oldest_seconds: seconds('Age of the oldest'),
          buckets: Type.Array(Type.Integer(), { description: 'Orders by age: below 1 h, 4 h, 24 h, 3 d, 7 d, and above' }),
        },
        open,
      ),
    ),
  },
  { description: 'Steps, and orders on their way' },
);

const Stuck = Type.Object(
  {
    customer: text('Pseudonym'),
    order_id: text('Order'),
    step: text('Last step done'),
    next: text('Step that is waited for'),
    since: text('Since when'),
    age_seconds: seconds('For how long'),
    usual_seconds: seconds('How long 95 of 100 take'),
    failed_step: text('Step that failed and was not done since; empty = none'),
    error: text('What it said'),
    failures: count('Attempts that failed'),
  },
  { ...open, description: 'An order that is stuck' },
);

const Failed = Type.Object(
  {
    at: text('First failure'),
    customer: text('Pseudonym'),
    order_id: text('Order'),
    step: text('Standard step'),
    stated: text('Step as its system words it'),
    error: text('Error of the first attempt'),
    attempts: count('Attempts with a result'),
    failures: count('Of them, failed'),
    last_error: text('Latest error'),
    succeeded_at: maybe('When a later attempt succeeded; null: none did'),
    state: text('open, succeeded, ended (cancelled or ceased since)'),
  },
  { ...open, description: 'A step that failed the first time' },
);

const Visits = Type.Object(
  {
    visits: Type.Array(
      Type.Object(
        {
          team: text('Team'),
          area: text('Area'),
          booked: count('Visits'),
          arrived: count('The team came'),
          done: count('Done'),
          missed: count('Missed: said so, or due and nobody came'),
          no_access: count('Nobody was at home'),
          repeated: count('To be repeated'),
          judged: count('Due, and arrived or missed'),
          on_time: count('Arrived within the grace'),
          on_time_share: Type.Union([Type.Number(), Type.Null()], { description: 'on_time / judged; null: nothing is due' }),
          open: count('Not due yet'),
          reasons: Type.Array(Type.String(), { description: 'Commonest reasons of a miss' }),
        },
        open,
      ),
    ),
  },
  { description: 'Field visits by team and area' },
);

export function lifeCycleRoutes(api: Api, { store, clock, settings, audit }: ApiContext): void {
  const { tenant } = settings;
  const tags = ['life cycle'];
  const stretchOf = ({ from, to }: { readonly from?: string | undefined; readonly to?: string | undefined }): Stretch => {
    const end = to === undefined ? clock.now() : Date.parse(to);
    const begin = from === undefined ? end - usualDays * dayMs : Date.parse(from);
    if (end <= begin) throw new WeirError('usage', 'to must be after from.');
    if (end - begin > mostDays * dayMs) throw new WeirError('usage', `At most ${mostDays} days at once.`);
    return { from: begin, to: end };
  };

  api.get(
    '/life-cycle/steps',
    {
      schema: {
        tags,
        summary: 'Steps with their first-time-right share, and orders on their way by age',
        querystring: Type.Object(stretch, strict),
        response: answers({ 200: Steps }),
      },
    },
    async ({ query }) => ({
      steps: await readSteps(store, tenant, stretchOf(query)),
      waiting: await readAgeing(store, tenant, clock.now()),
    }),
  );

  api.get(
    '/life-cycle/stuck',
    {
      schema: {
        tags,
        summary: 'Orders that wait twice as long as is usual, the oldest first',
        querystring: Type.Object({ step: Step, ...paging }, strict),
        response: answers({ 200: pageOf(Stuck, 'A page of stuck orders') }),
      },
    },
    async (request) => {
      const { step = '', limit, cursor } = request.query;
      const { after_at, after_id } = cursor === undefined ? { after_at: writeInstant(0), after_id: '0' } : afterOf(cursor);
      if (!/^\d{1,20}$/.test(after_id)) throw new WeirError('usage', 'The cursor is not one of this list.');
      const found = await readStuck(store, tenant, clock.now(), { step, limit: limit + 1, after: { at: after_at, customer: after_id } });
      const items = found.slice(0, limit);
      const last = items.at(-1);
      await audit({
        principal: request.principal!,
        action: 'life-cycle.stuck',
        target: step,
        address: request.ip,
        detail: { orders: `${items.length}` },
      });
      return { items, next: found.length > limit && last ? cursorOf(writeInstant(Date.parse(last.since)), last.customer) : null };
    },
  );

  api.get(
    '/life-cycle/failed',
    {
      schema: {
        tags,
        summary: 'Steps that failed the first time, with error and customer, the latest first: a page as JSON, or all as CSV',
        querystring: Type.Object(
          {
            ...stretch,
            step: Step,
            state: Type.Optional(
              Type.Union([Type.Literal('open'), Type.Literal('succeeded'), Type.Literal('ended')], { description: 'Only these' }),
            ),
            format: Type.Union([Type.Literal('json'), Type.Literal('csv')], { default: 'json', description: 'csv: all of them' }),
            ...paging,
          },
          strict,
        ),
        response: answers({ 200: pageOf(Failed, 'A page of failed steps') }),
      },
    },
    async (request, reply) => {
      const { step = '', state = '', format, limit, cursor } = request.query;
      const of = stretchOf(request.query);
      await audit({
        principal: request.principal!,
        action: 'life-cycle.failed',
        target: step,
        address: request.ip,
        detail: { state, format },
      });
      if (format === 'csv') {
        const lines = Readable.from(failedLines(allFailed(store, tenant, of, { step, state })));
        return reply.type('text/csv; charset=utf-8').send(lines);
      }
      const { after_at, after_id } = afterOf(cursor);
      const found = await readFailed(store, tenant, of, { step, state, limit: limit + 1, after: { at: after_at, id: after_id } });
      const items = found.slice(0, limit);
      const last = items.at(-1);
      return { items, next: found.length > limit && last ? cursorOf(writeInstant(Date.parse(last.at)), failedId(last)) : null };
    },
  );

  api.get(
    '/life-cycle/visits',
    {
      schema: {
        tags,
        summary: 'Field visits by team and area: booked, arrived, done, missed, and the on-time share',
        querystring: Type.Object(stretch, strict),
        response: answers({ 200: Visits }),
      },
    },
    async ({ query }) => ({ visits: await readVisits(store, settings, stretchOf(query), clock.now()) }),
  );
}
