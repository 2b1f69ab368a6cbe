/** Deliveries: what became of what was sent to targets, and asking for what was given up once more. */
import Type from 'typebox';
import { WeirError } from '../../../core/errors.ts';
import { readInstant } from '../../../core/row.ts';
import { createRegistry } from '../../outbox/registry.ts';
import { type DeliveryRow, listDeliveries, replayDeliveries } from '../../outbox/replay.ts';
import { targetNames } from '../../outbox/targets.ts';
import type { ApiContext } from '../context.ts';
import type { Api } from '../fastify.ts';
import { afterOf, isoOf, listOf, pageOfRows, sinceOf } from '../page.ts';
import { answers, list, pageOf, paging, since } from '../schemas.ts';

const text = (description: string) => Type.String({ description });
const count = (description: string) => Type.Integer({ minimum: 0, description });

const Delivery = Type.Object(
  {
    target: text('Webhook, target or topic'),
    incident_id: text('Incident'),
    sequence: count('Transition of the incident'),
    attempts: count('Attempts so far'),
    state: text('delivered, skipped (no route leads there), retry, dead (given up), replay (asked for again)'),
    http_status: count('Status of the last answer; 0 = none came'),
    error: text('What was said'),
    at: text('When the last attempt ended, ISO 8601'),
    next_attempt_at: Type.Union([text('When it is tried again, ISO 8601; null = never'), Type.Null()]),
    overtaken: Type.Boolean({ description: 'A later transition of the incident has arrived there' }),
  },
  { additionalProperties: true, description: 'What became of one transition at one target' },
);

const Name = Type.String({ minLength: 1, maxLength: 300, description: 'Name of a webhook, target or topic' });

const Replay = Type.Object(
  {
    target: Type.Optional(Name),
    incident_id: Type.Optional(Type.String({ minLength: 1, maxLength: 100, description: 'Only of this incident' })),
    overtaken: Type.Boolean({ default: false, description: 'Also what something later has overtaken' }),
  },
  { additionalProperties: false, minProperties: 1 },
);

function shown({ endpoint, id: _id, at, next_attempt_at, ...row }: DeliveryRow): object {
  const next = isoOf(next_attempt_at);
  return { target: endpoint, ...row, at: isoOf(at), next_attempt_at: next !== null && readInstant(next_attempt_at) > 0 ? next : null };
}

/** Routes of deliveries. */
export function deliveryRoutes(api: Api, { store, clock, audit, settings, webhookKey }: ApiContext): void {
  const { tenant } = settings;
  const named = targetNames(settings);
  const registry = createRegistry({ store, clock, tenant, key: webhookKey, taken: named });
  const targetsNow = async (): Promise<string[]> => [...named, ...(await registry.list()).map(({ name }) => name)];

  api.get(
    '/deliveries',
    {
      schema: {
        tags: ['deliveries'],
        summary: 'What became of what was sent, the latest first',
        querystring: Type.Object(
          {
            target: list('[a-zA-Z0-9._:-]{1,300}', 'Only to these targets'),
            state: list('[a-z]{1,32}', 'Only these states'),
            incident_id: Type.Optional(Type.String({ maxLength: 100, description: 'Only of this incident' })),
            since,
            ...paging,
          },
          { additionalProperties: false },
        ),
        response: answers({ 200: pageOf(Delivery, 'A page of deliveries') }),
      },
    },
    async ({ query }) => {
      const rows = await listDeliveries(store, tenant, {
        endpoints: listOf(query.target),
        states: listOf(query.state),
        incidentId: query.incident_id ?? '',
        since: readInstant(sinceOf(query.since)),
        ...afterOf(query.cursor),
        limit: query.limit + 1,
      });
      return pageOfRows(rows, query.limit, (row) => [row.at, row.id], shown);
    },
  );

  api.post(
    '/deliveries/replay',
    {
      config: { access: 'act' },
      schema: {
        tags: ['deliveries'],
        summary: 'Send what was given up once more, in order within each incident',
        body: Replay,
        response: answers({ 200: Type.Object({ replayed: count('Deliveries that were asked for again') }) }),
      },
    },
    async (request) => {
      const { target, incident_id, overtaken } = request.body;
      if (target === undefined && incident_id === undefined)
        throw new WeirError('usage', 'Say which target or which incident.', { hint: 'target, incident_id, or both.' });
      if (target !== undefined && !(await targetsNow()).includes(target))
        throw new WeirError('not_found', `There is no target ${target}.`, { hint: 'npx weir targets lists them.' });
      const principal = request.principal!;
      const result = await replayDeliveries(
        { store, clock, tenant },
        {
          ...(target === undefined ? {} : { endpoints: [target] }),
          ...(incident_id === undefined ? {} : { incidentId: incident_id }),
          overtaken,
          actor: principal.name,
        },
      );
      if (result.replayed > 0)
        await audit({
          principal,
          action: 'deliveries.replay',
          target: target ?? incident_id ?? '',
          address: request.ip,
          detail: { replayed: String(result.replayed) },
        });
      return result;
    },
  );
}
