/** Incidents and the people outside: opened by hand, reported by customers, whom they concern. */
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import Type from 'typebox';
import { WeirError } from '../../../core/errors.ts';
import type { Incident } from '../../../core/incident.ts';
import { manualIncident, reported, type Seer, seers } from '../../../incidents/manual.ts';
import { customerLines } from '../../incidents/customer-lines.ts';
import { complaintsOf, customersOf } from '../../incidents/reach.ts';
import { incidentSettings } from '../../incidents/settings.ts';
import { firstSeen } from '../../report/first-seen.ts';
import type { ApiContext } from '../context.ts';
import type { Api } from '../fastify.ts';
import { answers } from '../schemas.ts';

const text = (description: string) => Type.String({ description });
const instant = (description: string) => Type.String({ format: 'date-time', description: `${description}; ISO 8601` });
const count = (description: string) => Type.Integer({ minimum: 0, description });
const open = { additionalProperties: true };

export const IncidentId = Type.Object({
  incident_id: Type.String({ minLength: 1, maxLength: 100, description: 'Identity of the incident' }),
});
const Whole = Type.Object({}, { ...open, description: 'The incident as it now stands' });
const Labels = Type.Record(Type.String({ minLength: 1, maxLength: 100 }), Type.String({ maxLength: 400 }), {
  maxProperties: 20,
  default: {},
  description: 'What it concerns, as labels: service, site, partner, …',
});
const seenBy = (standard: Seer) =>
  Type.Union(
    seers.map((each) => Type.Literal(each)),
    { default: standard, description: 'Who saw it first' },
  );

const Entry = Type.Object(
  {
    title: Type.String({ minLength: 1, maxLength: 200, description: 'Title' }),
    summary: Type.String({ default: '', maxLength: 4000, description: 'What, how much, since when' }),
    category: Type.String({ default: 'service', pattern: '^[a-z_]{1,32}$', description: 'revenue, service, data' }),
    severity: Type.Integer({ default: 3, minimum: 1, maximum: 5, description: '1 critical … 5 informational' }),
    scope: Labels,
    customers: Type.Optional(Type.Integer({ minimum: 0, description: 'Customers concerned, as far as is known' })),
    seen_by: seenBy('staff'),
    reported_at: Type.Optional(instant('When it was reported; default: now')),
    began_at: Type.Optional(instant('When it began; default: when it was reported')),
    team: Type.Optional(Type.String({ maxLength: 200, description: 'Team that has it' })),
  },
  { additionalProperties: false, description: 'What a person reports' },
);

const Customer = Type.Object(
  {
    subscriber: text('Pseudonym'),
    segment: text('Segment'),
    plan: text('Plan'),
    records_during: count('Usage records since it began'),
    records_before: count('Usage records of the day before'),
    last_at: Type.Union([instant('The latest of them'), Type.Null()], {
      description: 'The latest of them; null = they were found by the topology',
    }),
  },
  open,
);

const Customers = Type.Object(
  {
    labels: Type.Record(Type.String(), Type.String(), { description: 'Labels by which they were found' }),
    unknown: Type.Array(Type.String(), {
      description: 'Labels of the incident that usage does not have: with one of them nobody is named',
    }),
    items: Type.Array(Customer),
    next: Type.Union([text('`after` of the next page'), Type.Null()]),
  },
  { description: 'Customers of an incident' },
);

/** The incident as it stands. @throws WeirError not_found */
export async function standing(
  { store, settings: { tenant } }: Pick<ApiContext, 'store' | 'settings'>,
  incident_id: string,
): Promise<Incident> {
  const [latest] = await store.rows<{ body: string }>('incident-latest-by-id', { tenant, incident_id });
  if (latest === undefined)
    throw new WeirError('not_found', `There is no incident ${incident_id}.`, { hint: 'List them with GET /api/v1/incidents.' });
  return JSON.parse(latest.body) as Incident;
}

const msOf = (text: string | undefined, otherwise: number): number => (text === undefined ? otherwise : Date.parse(text));

export function incidentPeopleRoutes(api: Api, context: ApiContext): void {
  const { store, desk, settings, audit, clock } = context;
  const { tenant } = settings;

  api.post(
    '/incidents',
    {
      config: { access: 'act' },
      schema: {
        tags: ['incidents'],
        summary: 'Open an incident that a person reports: that a customer saw it first is measured',
        body: Entry,
        response: answers({ 201: Whole }),
      },
    },
    async (request, reply) => {
      const { summary, category, severity, scope, customers, seen_by, reported_at, began_at, team, title } = request.body;
      const principal = request.principal!;
      const now = clock.now();
      const reportedAt = msOf(reported_at, now);
      const incident = manualIncident(
        {
          ...{ title, summary, category, scope, reportedAt },
          severity: severity as Incident['severity'],
          seenBy: seen_by,
          beganAt: msOf(began_at, reportedAt),
          ...(customers === undefined ? {} : { customers }),
          ...(team === undefined ? {} : { team }),
        },
        incidentSettings(settings),
        { tenant, actor: principal.name, now, identity: randomBytes(12).toString('hex') },
      );
      await desk.open(incident);
      await audit({ principal, action: 'incident.open', target: incident.incident_id, address: request.ip, detail: { seen_by } });
      return reply.code(201).send(incident);
    },
  );

  api.post(
    '/incidents/:incident_id/reported',
    {
      config: { access: 'act' },
      schema: {
        tags: ['incidents'],
        summary: 'Say that a customer, a partner or staff reported it, and when: the earliest report counts',
        params: IncidentId,
        body: Type.Object(
          { by: seenBy('customer'), at: instant('When it was reported') },
          { additionalProperties: false, description: 'The report' },
        ),
        response: answers({ 200: Type.Object({ outcome: text('changed or unchanged'), incident: Whole }) }),
      },
    },
    async (request) => {
      const { incident_id } = request.params;
      const { by, at } = request.body;
      const principal = request.principal!;
      const result = await desk.change(incident_id, (incident, now) => reported(incident, by, Date.parse(at), principal.name, now));
      if (result.outcome === 'not_found') await standing(context, incident_id);
      if (result.outcome === 'refused') throw new WeirError('usage', result.reason);
      if (result.outcome === 'changed')
        await audit({ principal, action: 'incident.reported', target: incident_id, address: request.ip, detail: { by, at } });
      return result;
    },
  );

  api.get(
    '/incidents/:incident_id/complaints',
    {
      schema: {
        tags: ['incidents'],
        summary: 'Complaints within its scope, counted now',
        params: IncidentId,
        response: answers({
          200: Type.Object(
            {
              count: count('Complaints'),
              customers: count('Customers who complained'),
              first_at: instant('The first'),
              last_at: instant('The last'),
            },
            { description: 'Complaints of the contact centre' },
          ),
        }),
      },
    },
    async ({ params }) => complaintsOf({ store, tenant }, await standing(context, params.incident_id), clock.now()),
  );

  api.get(
    '/incidents/:incident_id/customers',
    {
      schema: {
        tags: ['incidents'],
        summary: 'Customers whom it concerns, as pseudonyms: a page as JSON, or all as CSV',
        params: IncidentId,
        querystring: Type.Object(
          {
            format: Type.Union([Type.Literal('json'), Type.Literal('csv')], { default: 'json', description: 'csv: all of them' }),
            after: Type.String({ pattern: '^\\d{1,20}$', default: '0', description: '`next` of the page before' }),
            limit: Type.Integer({ minimum: 1, maximum: 10_000, default: 1000, description: 'Largest number of entries' }),
          },
          { additionalProperties: false },
        ),
        response: answers({ 200: Customers }),
      },
    },
    async (request, reply) => {
      const { format, after, limit } = request.query;
      const incident = await standing(context, request.params.incident_id);
      await audit({
        principal: request.principal!,
        action: 'incident.customers',
        target: incident.incident_id,
        address: request.ip,
        detail: { format },
      });
      if (format === 'csv') {
        const lines = customerLines({ store, tenant }, incident, clock.now());
        return reply.type('text/csv; charset=utf-8').send(Readable.from(lines));
      }
      const page = await customersOf({ store, tenant }, incident, { after, limit: limit + 1, now: clock.now() });
      const items = page.items.slice(0, limit);
      return { labels: page.labels, unknown: page.unknown, items, next: page.items.length > limit ? items.at(-1)!.subscriber : null };
    },
  );

  api.get(
    '/reports/first-seen',
    {
      schema: {
        tags: ['incidents'],
        summary: 'Who saw incidents first: Weir, customers, partners, staff',
        querystring: Type.Object(
          {
            from: Type.Optional(instant('First instant; default: 30 days before `to`')),
            to: Type.Optional(instant('First instant after it; default: now')),
          },
          { additionalProperties: false },
        ),
        response: answers({
          200: Type.Object(
            {
              incidents: count('Incidents detected in the time'),
              customer_share: Type.Union([Type.Number(), Type.Null()], { description: 'Share that a customer saw first' }),
              by: Type.Array(
                Type.Object(
                  {
                    seen_by: text('weir, customer, partner, staff'),
                    incidents: count('Incidents'),
                    lead_seconds: Type.Union([Type.Number(), Type.Null()], {
                      description: 'Median lead of the report over the detection, s',
                    }),
                    complaints: count('Complaints, as they were last told'),
                  },
                  open,
                ),
              ),
            },
            { description: 'Who saw incidents first' },
          ),
        }),
      },
    },
    async ({ query }) => {
      const to = msOf(query.to, clock.now());
      return firstSeen(store, tenant, msOf(query.from, to - 30 * 86_400_000), to);
    },
  );
}
