/** Incidents: the list, one in full, and what people do with them. */
import Type from 'typebox';
import { WeirError } from '../../../core/errors.ts';
import type { Incident } from '../../../core/incident.ts';
import { type Action, actionTypes } from '../../../incidents/act.ts';
import { askedOf } from '../../../incidents/review.ts';
import { createAfterBook } from '../../incidents/after.ts';
import { incidentStats } from '../../incidents/stats.ts';
import type { ApiContext } from '../context.ts';
import type { Api } from '../fastify.ts';
import { afterOf, isoOf, listOf, pageOfRows, sinceOf } from '../page.ts';
import {
  ActionBody,
  answers,
  IncidentDetail,
  IncidentFinding,
  IncidentStats,
  IncidentSummary,
  list,
  pageOf,
  paging,
  since,
} from '../schemas.ts';

interface Row {
  readonly incident_id: string;
  readonly sequence: string;
  readonly severity: number;
  readonly money: string | null;
  readonly customers: string;
  readonly rank?: number;
  readonly began_at: string;
  readonly detected_at: string;
  readonly at: string;
}

interface FindingRow {
  readonly finding_key: string;
  readonly detected_at: string;
  readonly at: string;
}

const Id = Type.Object({ incident_id: Type.String({ minLength: 1, maxLength: 100, description: 'Identity of the incident' }) });

const Query = Type.Object(
  {
    state: list('[a-z_]{1,32}', 'Only these states; `active` = all but resolved and closed'),
    severity: list('[1-5]', 'Only these severities'),
    category: list('[a-z_]{1,32}', 'Only these categories'),
    since,
    order: Type.Union([Type.Literal('detected'), Type.Literal('rank')], {
      default: 'detected',
      description: 'detected: the latest first. rank: what needs people most first, by severity, then by customers and money at stake',
    }),
    ...paging,
  },
  { additionalProperties: false },
);

/** Above every rank. */
const highest = 4_294_967_295;

/** Where a page begins; in the order of ranks the cursor has the rank before the id. */
function rankedAfter(cursor: string | undefined, ranked: boolean) {
  const { after_at, after_id } = afterOf(cursor);
  if (!ranked || cursor === undefined) return { ranked: ranked ? 1 : 0, after_rank: ranked ? highest : 0, after_at, after_id };
  const [rank = '', id = ''] = after_id.split('|', 2);
  if (!/^\d{1,9}$/.test(rank))
    throw new WeirError('usage', 'The cursor is of a list in another order.', { hint: 'Begin without a cursor.' });
  return { ranked: 1, after_rank: Number(rank), after_at, after_id: id };
}

const active = ['open', 'acknowledged', 'in_progress'];

/** An incident of the table as the list shows it. */
function summaryOf({ at, ...row }: Row): object {
  return {
    ...row,
    sequence: Number(row.sequence),
    customers: Number(row.customers),
    rank: Number(row.rank ?? 0),
    began_at: isoOf(row.began_at),
    detected_at: isoOf(row.detected_at),
    updated_at: isoOf(at),
  };
}

/** An incident as the list shows it, from its whole: for events. */
export function summaryOfIncident(incident: Incident): object {
  const { incident_id, incident_key, sequence, transition, state, severity, category, title, summary, team, assignee } = incident;
  const { impact, began_at, detected_at, updated_at } = incident;
  return {
    ...{ incident_id, incident_key, sequence, transition, state, severity, category, title, summary, team, assignee },
    money: impact.money?.amount ?? null,
    currency: impact.money?.currency ?? '',
    customers: impact.customers?.count ?? 0,
    rank: incident.rank ?? 0,
    ...{ began_at, detected_at, updated_at },
  };
}

export function incidentRoutes(api: Api, context: ApiContext): void {
  const { store, desk, settings, audit } = context;
  const { tenant } = settings;
  const book = createAfterBook({ store, clock: context.clock, tenant });

  api.get(
    '/incidents',
    {
      schema: {
        tags: ['incidents'],
        summary: 'Incidents, the latest detected first, or by rank',
        querystring: Query,
        response: answers({ 200: pageOf(IncidentSummary, 'A page of incidents') }),
      },
    },
    async ({ query }) => {
      const rows = await store.rows<Row>('api-incidents', {
        tenant,
        states: listOf(query.state).flatMap((state) => (state === 'active' ? active : state)),
        severities: listOf(query.severity).map(Number),
        categories: listOf(query.category),
        since: sinceOf(query.since),
        ...rankedAfter(query.cursor, query.order === 'rank'),
        limit: query.limit + 1,
      });
      const ranked = query.order === 'rank';
      return pageOfRows(
        rows,
        query.limit,
        (row) => [row.detected_at, ranked ? `${row.rank}|${row.incident_id}` : row.incident_id],
        summaryOf,
      );
    },
  );

  api.get(
    '/incidents/:incident_id',
    {
      schema: {
        tags: ['incidents'],
        summary: 'One incident in full: finding, explanation, evidence, timeline and transitions',
        params: Id,
        response: answers({ 200: IncidentDetail }),
      },
    },
    async ({ params: { incident_id } }) => {
      const [latest, transitions] = await Promise.all([
        store.rows<{ body: string }>('incident-latest-by-id', { tenant, incident_id }),
        store.rows<Row>('api-incident-transitions', { tenant, incident_id }),
      ]);
      if (!latest[0]) throw notFound(incident_id);
      return {
        incident: JSON.parse(latest[0].body) as object,
        transitions: transitions.map((row) => ({
          ...row,
          sequence: Number(row.sequence),
          customers: Number(row.customers),
          at: isoOf(row.at),
        })),
      };
    },
  );

  api.get(
    '/incidents/:incident_id/findings',
    {
      schema: {
        tags: ['incidents'],
        summary: 'Findings that belong to an incident, and why, the latest decided first',
        params: Id,
        querystring: Type.Object(paging, { additionalProperties: false }),
        response: answers({ 200: pageOf(IncidentFinding, 'A page of findings of an incident') }),
      },
    },
    async ({ params: { incident_id }, query }) => {
      const [latest] = await store.rows<{ body: string }>('incident-latest-by-id', { tenant, incident_id });
      if (!latest) throw notFound(incident_id);
      const { incident_key } = JSON.parse(latest.body) as Incident;
      const rows = await store.rows<FindingRow>('incident-decisions', {
        tenant,
        incident_key,
        ...afterOf(query.cursor),
        limit: query.limit + 1,
      });
      return pageOfRows(
        rows,
        query.limit,
        (row) => [row.at, row.finding_key],
        ({ detected_at, at, ...row }) => ({
          ...row,
          detected_at: isoOf(detected_at),
          at: isoOf(at),
        }),
      );
    },
  );

  api.get(
    '/incidents/stats',
    {
      schema: {
        tags: ['incidents'],
        summary:
          'MTTD, MTTA and MTTR by severity, time in each state, and what the first line solved, of incidents that opened in the last days',
        querystring: Type.Object(
          { days: Type.Number({ minimum: 0.01, maximum: 400, default: 30, description: 'How many days back' }) },
          { additionalProperties: false },
        ),
        response: answers({ 200: IncidentStats }),
      },
    },
    async ({ query: { days } }) => {
      const to = context.clock.now();
      return incidentStats(store, tenant, { from: to - days * 86_400_000, to });
    },
  );

  const Acted = Type.Object({
    outcome: Type.String({ description: 'changed, or unchanged when it was so already' }),
    incident: Type.Object({}, { additionalProperties: true, description: 'The incident as it now stands' }),
    asked: Type.Optional(
      Type.Array(Type.String(), { description: 'Of close: what is still asked for; POST /incidents/{incident_id}/review takes it' }),
    ),
  });
  for (const type of actionTypes) {
    api.post(
      `/incidents/:incident_id/${type}`,
      {
        config: { access: 'act' },
        // An action without anything to say needs no body.
        preValidation: async (request) => {
          request.body ??= {};
        },
        schema: {
          tags: ['incidents'],
          summary: actionSummaries[type],
          params: Id,
          body: ActionBody,
          response: answers({ 200: Acted }),
        },
      },
      async (request) => {
        const { incident_id } = request.params;
        const { note, assignee, team, priority, ...said } = request.body;
        if (type !== 'close' && Object.keys(said).length > 0)
          throw new WeirError('usage', `${Object.keys(said).join(', ')} belongs to close.`);
        const principal = request.principal!;
        const result = await desk.act(incident_id, {
          type,
          actor: principal.name,
          ...(note === undefined ? {} : { note }),
          ...(assignee === undefined ? {} : { assignee }),
          ...(team === undefined ? {} : { team }),
          ...(priority === undefined ? {} : { priority }),
        });
        if (result.outcome === 'not_found') throw notFound(incident_id);
        if (result.outcome === 'refused') throw new WeirError('conflict', result.reason, { hint: 'Load the incident again.' });
        if (result.outcome === 'changed')
          await audit({
            principal,
            action: `incident.${type}`,
            target: incident_id,
            address: request.ip,
            detail: {
              sequence: String(result.incident.sequence),
              ...(assignee === undefined ? {} : { assignee }),
              ...(team ? { team } : {}),
              ...(priority === undefined ? {} : { priority: String(priority) }),
            },
          });
        if (type !== 'close') return result;
        const origin = principal.origin === 'ticket' ? 'api' : principal.origin;
        const review =
          Object.keys(said).length > 0
            ? await book.sayReview(result.incident, said, { actor: principal.name, origin })
            : await book.review(incident_id);
        if (Object.keys(said).length > 0)
          await audit({
            ...{ principal, action: 'incident.review', target: incident_id, address: request.ip },
            detail: { parts: Object.keys(said).join(' ') },
          });
        return { ...result, asked: askedOf(review) };
      },
    );
  }
}

const actionSummaries: Readonly<Record<Action['type'], string>> = {
  acknowledge: 'Acknowledge: somebody has seen it',
  in_progress: 'Say that work has begun',
  hold: 'Put work on hold, with the reason',
  reopen: 'Reopen what was resolved or closed',
  prioritise: 'Set the priority',
  resolve: 'Resolve: what was wrong is right again',
  close: 'Close for good',
  assign: 'Assign to a person or a team',
  comment: 'Add a note to the timeline',
};

function notFound(id: string): WeirError {
  return new WeirError('not_found', `There is no incident ${id}.`, { hint: 'List them with GET /api/v1/incidents.' });
}
