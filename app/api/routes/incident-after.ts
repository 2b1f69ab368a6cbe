/** After an incident: review, actions, similar ones, the report, status updates. */
import Type from 'typebox';
import { reportHtml, reportMarkdown } from '../../../incidents/post-incident.ts';
import { askedOf, causes, mostWhys } from '../../../incidents/review.ts';
import { updateStages } from '../../../incidents/status-feed.ts';
import { createAfterBook } from '../../incidents/after.ts';
import { partsOf } from '../../incidents/report-parts.ts';
import { createStatusBook } from '../../incidents/status.ts';
import type { ApiContext } from '../context.ts';
import type { Api } from '../fastify.ts';
import { answers } from '../schemas.ts';
import { IncidentId, standing } from './incident-people.ts';

const text = (description: string) => Type.String({ description });
const long = (description: string) => Type.Optional(Type.String({ maxLength: 4000, description }));
const open = { additionalProperties: true };
const oneOf = <T extends string>(words: readonly T[], description: string) =>
  Type.Union(
    words.map((word) => Type.Literal(word)),
    { description },
  );

const ReviewAnswer = Type.Object(
  {
    review: Type.Union([Type.Object({}, open), Type.Null()], { description: 'The review as it stands; null = nothing was said' }),
    asked: Type.Array(Type.String(), { description: 'What is still asked for' }),
  },
  { description: 'A review' },
);

const Item = Type.Object(
  {
    action_id: text('Identity'),
    incident_id: text('Incident it comes from'),
    kind: text('corrective or preventive'),
    text: text('What is to be done'),
    owner: text('Who does it'),
    due_on: Type.String({ format: 'date', description: 'Day on which it is due' }),
    state: text('open, done, cancelled'),
  },
  { ...open, description: 'An action' },
);
const Items = Type.Object({ items: Type.Array(Item) }, { description: 'Actions, the first due first; at most 1000' });
const kind = oneOf(['corrective', 'preventive'], 'corrective makes it good, preventive keeps it from coming again');
const day = (description: string) => Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: `${description}, YYYY-MM-DD` });

const Update = Type.Object(
  {
    update_id: text('Identity'),
    incident_id: text('Incident it is about'),
    stage: text('investigating, identified, monitoring, resolved'),
    services: Type.Array(Type.String(), { description: 'Services it is about; empty = all' }),
    partners: Type.Array(Type.String(), { description: 'Partners it is for; empty = the public' }),
    title: text('Title'),
    text: text('Text'),
    at: Type.String({ format: 'date-time', description: 'When it was published' }),
  },
  { ...open, description: 'A status update' },
);
const names = (description: string) =>
  Type.Array(Type.String({ minLength: 1, maxLength: 100 }), { default: [], maxItems: 50, description });

export function incidentAfterRoutes(api: Api, context: ApiContext): void {
  const { store, audit, clock, settings } = context;
  const { tenant } = settings;
  const book = createAfterBook({ store, clock, tenant });
  const status = createStatusBook({ store, clock, tenant });

  api.get(
    '/incidents/:incident_id/review',
    {
      schema: {
        tags: ['incidents'],
        summary: 'What was learned, and what is still asked for',
        params: IncidentId,
        response: answers({ 200: ReviewAnswer }),
      },
    },
    async ({ params }) => {
      await standing(context, params.incident_id);
      const review = await book.review(params.incident_id);
      return { review: review ?? null, asked: askedOf(review) };
    },
  );

  api.post(
    '/incidents/:incident_id/review',
    {
      config: { access: 'act' },
      schema: {
        tags: ['incidents'],
        summary: 'Say what was learned: cause, useful or noise, satisfaction, whys, root cause; what is left out stays',
        params: IncidentId,
        body: Type.Object(
          {
            cause: Type.Optional(oneOf(causes, 'Cause that it is filed under')),
            cause_text: long('The cause in words'),
            useful: Type.Optional(oneOf(['useful', 'noise'], 'Whether it was worth the attention')),
            satisfaction: Type.Optional(Type.Integer({ minimum: 1, maximum: 5, description: '1 to 5' })),
            whys: Type.Optional(
              Type.Array(Type.String({ minLength: 1, maxLength: 4000 }), {
                maxItems: mostWhys,
                description: 'Each says why the one before was so',
              }),
            ),
            root_cause: long('Root cause; needs three whys or more where there are any'),
            lessons: long('What was learned'),
          },
          { additionalProperties: false, minProperties: 1, description: 'What is said' },
        ),
        response: answers({ 200: ReviewAnswer }),
      },
    },
    async (request) => {
      const principal = request.principal!;
      const incident = await standing(context, request.params.incident_id);
      const origin = principal.origin === 'ticket' ? 'api' : principal.origin;
      const review = await book.sayReview(incident, request.body, { actor: principal.name, origin });
      const detail = { version: String(review.version), parts: Object.keys(request.body).join(' ') };
      await audit({ principal, action: 'incident.review', target: incident.incident_id, address: request.ip, detail });
      return { review, asked: askedOf(review) };
    },
  );

  api.post(
    '/incidents/:incident_id/actions',
    {
      config: { access: 'act' },
      schema: {
        tags: ['incidents'],
        summary: 'Add a corrective or preventive action with its owner and due day',
        params: IncidentId,
        body: Type.Object(
          {
            kind,
            text: Type.String({ minLength: 1, maxLength: 4000, description: 'What is to be done' }),
            owner: Type.String({ minLength: 1, maxLength: 200, description: 'Who does it' }),
            due_on: day('Day on which it is due'),
          },
          { additionalProperties: false, description: 'The action' },
        ),
        response: answers({ 201: Item }),
      },
    },
    async (request, reply) => {
      const principal = request.principal!;
      const { incident_id } = await standing(context, request.params.incident_id);
      const item = await book.addAction(incident_id, request.body, principal.name);
      const detail = { action_id: item.action_id, owner: item.owner, due_on: item.due_on };
      await audit({ principal, action: 'incident.action', target: incident_id, address: request.ip, detail });
      return reply.code(201).send(item);
    },
  );

  api.post(
    '/actions/:action_id',
    {
      config: { access: 'act' },
      schema: {
        tags: ['incidents'],
        summary: 'Change an action: done, cancelled, another owner, another day',
        params: Type.Object({ action_id: Type.String({ pattern: '^act_[0-9a-f]{1,16}$', description: 'Identity of the action' }) }),
        body: Type.Object(
          {
            state: Type.Optional(oneOf(['open', 'done', 'cancelled'], 'State')),
            owner: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'Who does it' })),
            due_on: Type.Optional(day('Day on which it is due')),
          },
          { additionalProperties: false, minProperties: 1, description: 'What changes' },
        ),
        response: answers({ 200: Item }),
      },
    },
    async (request) => {
      const principal = request.principal!;
      const item = await book.changeAction(request.params.action_id, request.body, principal.name);
      const detail = { incident_id: item.incident_id, state: item.state, owner: item.owner, due_on: item.due_on };
      await audit({ principal, action: 'action.change', target: item.action_id, address: request.ip, detail });
      return item;
    },
  );

  api.get(
    '/actions',
    {
      schema: {
        tags: ['incidents'],
        summary: 'Actions, the first due first; `state=overdue` for those that are late',
        querystring: Type.Object(
          {
            state: Type.Optional(oneOf(['open', 'done', 'cancelled', 'overdue'], 'Only these')),
            owner: Type.Optional(Type.String({ maxLength: 200, description: 'Only of this owner' })),
            incident_id: Type.Optional(Type.String({ maxLength: 100, description: 'Only of this incident' })),
          },
          { additionalProperties: false },
        ),
        response: answers({ 200: Items }),
      },
    },
    async ({ query }) => ({ items: await book.actions(query) }),
  );

  api.get(
    '/incidents/:incident_id/similar',
    {
      schema: {
        tags: ['incidents'],
        summary: 'Past incidents that look like it, the most similar first, with what they came from',
        params: IncidentId,
        response: answers({
          200: Type.Object(
            {
              items: Type.Array(
                Type.Object(
                  {
                    score: Type.Number({ minimum: 0, maximum: 1, description: 'Likeness, 0 to 1' }),
                    reason: text('What is alike'),
                    incident: Type.Object(
                      { incident_id: text('Incident'), title: text('Title'), root_cause: text('Its root cause, when it was reviewed') },
                      open,
                    ),
                  },
                  open,
                ),
              ),
            },
            { description: 'At most five' },
          ),
        }),
      },
    },
    async ({ params }) => ({ items: await book.similar(await standing(context, params.incident_id)) }),
  );

  api.get(
    '/incidents/:incident_id/report',
    {
      schema: {
        tags: ['incidents'],
        summary: 'The post-incident report as Markdown or HTML',
        params: IncidentId,
        querystring: Type.Object(
          { format: Type.Union([Type.Literal('md'), Type.Literal('html')], { default: 'md', description: 'md or html' }) },
          { additionalProperties: false },
        ),
        response: answers({ 200: Type.String({ description: 'The report' }) }),
      },
    },
    async (request, reply) => {
      const parts = await partsOf(book, await standing(context, request.params.incident_id), clock.now());
      if (request.query.format === 'html') return reply.type('text/html; charset=utf-8').send(reportHtml(parts));
      return reply.type('text/markdown; charset=utf-8').send(reportMarkdown(parts));
    },
  );

  api.post(
    '/incidents/:incident_id/updates',
    {
      config: { access: 'act' },
      schema: {
        tags: ['status'],
        summary: 'Publish a status update: this text and nothing else of the incident stands in the feed',
        params: IncidentId,
        body: Type.Object(
          {
            title: Type.String({ minLength: 1, maxLength: 200, description: 'Title' }),
            text: Type.String({ minLength: 1, maxLength: 4000, description: 'What people outside are told' }),
            stage: Type.Union(
              updateStages.map((stage) => Type.Literal(stage)),
              { default: 'investigating', description: 'How far it is' },
            ),
            services: names('Services it is about; empty = all'),
            partners: names('Partners it is for; empty = the public'),
          },
          { additionalProperties: false, description: 'The update' },
        ),
        response: answers({ 201: Update }),
      },
    },
    async (request, reply) => {
      const principal = request.principal!;
      const { incident_id } = await standing(context, request.params.incident_id);
      const update = await status.publish({ ...request.body, incident_id }, principal.name);
      await audit({ principal, action: 'status.publish', target: update.update_id, address: request.ip, detail: { incident_id } });
      return reply.code(201).send(update);
    },
  );

  api.post(
    '/updates/:update_id/withdraw',
    {
      config: { access: 'act' },
      schema: {
        tags: ['status'],
        summary: 'Take a status update out of all feeds',
        params: Type.Object({ update_id: Type.String({ pattern: '^upd_[0-9a-f]{1,16}$', description: 'Identity of the update' }) }),
        response: answers({ 200: Type.Object({ update_id: text('Identity'), state: text('withdrawn') }, open) }),
      },
    },
    async (request) => {
      const principal = request.principal!;
      const { update_id, incident_id } = await status.withdraw(request.params.update_id, principal.name);
      await audit({ principal, action: 'status.withdraw', target: update_id, address: request.ip, detail: { incident_id } });
      return { update_id, state: 'withdrawn' };
    },
  );

  api.get(
    '/updates',
    {
      schema: {
        tags: ['status'],
        summary: 'Published status updates, the latest first: the public ones, with `partner` also those for that partner',
        querystring: Type.Object(
          {
            service: Type.String({ default: '', maxLength: 100, description: 'Only of this service' }),
            partner: Type.String({ default: '', maxLength: 100, description: 'Also what is for this partner' }),
            incident_id: Type.String({ default: '', maxLength: 100, description: 'Only of this incident' }),
          },
          { additionalProperties: false },
        ),
        response: answers({ 200: Type.Object({ items: Type.Array(Update) }, { description: 'At most 100' }) }),
      },
    },
    async ({ query }) => ({ items: await status.updates(query) }),
  );
}
