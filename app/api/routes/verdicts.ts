/** Verdicts: saying whether an incident was right, and what was said. */
import Type from 'typebox';
import { WeirError } from '../../../core/errors.ts';
import type { Incident } from '../../../core/incident.ts';
import { sayRecovered } from '../../verdicts/recover.ts';
import { sayVerdict, verdictWords } from '../../verdicts/say.ts';
import type { ApiContext } from '../context.ts';
import type { Api } from '../fastify.ts';
import { afterOf, isoOf, pageOfRows, sinceOf } from '../page.ts';
import { answers, pageOf, paging, since } from '../schemas.ts';

const text = (description: string) => Type.String({ description });
const word = Type.Union(
  verdictWords.map((each) => Type.Literal(each)),
  { description: 'true: it was right. false: a false alarm. useful: right, and it helped' },
);

const Verdict = Type.Object(
  {
    verdict_id: text('Identity of the verdict'),
    incident_id: text('Incident it is about'),
    finding_key: text('Finding it is about'),
    detector: text('Control or detector of the finding'),
    scope: Type.Record(Type.String(), Type.String(), { description: 'Scope of the finding' }),
    verdict: text('true, false, useful, or as a ticket system words it'),
    note: text('What was said'),
    actor: text('Who said it'),
    origin: text('console, api, cli, ticket'),
    at: Type.String({ format: 'date-time', description: 'When it was said; ISO 8601, UTC' }),
  },
  { additionalProperties: true, description: 'A verdict on a finding' },
);

const Recovery = Type.Object(
  {
    recovery_id: text('Identity of the entry'),
    incident_id: text('Incident it is about'),
    amount: text('Amount of this entry; decimal'),
    currency: text('Currency, ISO 4217'),
    total: text('Recovered of the case in all; decimal'),
    note: text('How'),
    actor: text('Who said it'),
    origin: text('console, api, cli, ticket'),
    at: Type.String({ format: 'date-time', description: 'When it was said; ISO 8601, UTC' }),
  },
  { additionalProperties: true, description: 'An amount recovered' },
);

interface Row {
  readonly verdict_id: string;
  readonly at: string;
}

const name = (description: string) => Type.Optional(Type.String({ maxLength: 100, pattern: '^[A-Za-z0-9_.-]+$', description }));

export function verdictRoutes(api: Api, { store, clock, audit, settings: { tenant, currency } }: ApiContext): void {
  api.post(
    '/incidents/:incident_id/verdict',
    {
      config: { access: 'act' },
      schema: {
        tags: ['incidents'],
        summary: 'Say whether it was right: limits learn from it',
        params: Type.Object({ incident_id: Type.String({ minLength: 1, maxLength: 100, description: 'Identity of the incident' }) }),
        body: Type.Object(
          { verdict: word, note: Type.String({ default: '', maxLength: 4000, description: 'Why' }) },
          { additionalProperties: false, description: 'The verdict' },
        ),
        response: answers({ 200: Type.Object({ items: Type.Array(Verdict) }, { description: 'One verdict per finding of the incident' }) }),
      },
    },
    async (request) => {
      const { incident_id } = request.params;
      const { verdict, note } = request.body;
      const principal = request.principal!;
      const latest = await store.rows<{ body: string }>('incident-latest-by-id', { tenant, incident_id });
      if (!latest[0])
        throw new WeirError('not_found', `There is no incident ${incident_id}.`, { hint: 'List them with GET /api/v1/incidents.' });
      const incident = JSON.parse(latest[0].body) as Incident;
      const said = await sayVerdict({ store, clock, tenant }, incident, { verdict, note, actor: principal.name, origin: principal.origin });
      await audit({ principal, action: 'incident.verdict', target: incident_id, address: request.ip, detail: { verdict } });
      return { items: said.map((each) => ({ ...each, at: new Date(each.at).toISOString() })) };
    },
  );

  api.post(
    '/incidents/:incident_id/recovery',
    {
      config: { access: 'act' },
      schema: {
        tags: ['incidents'],
        summary: 'Enter an amount that was recovered of a revenue case; entries add up',
        params: Type.Object({ incident_id: Type.String({ minLength: 1, maxLength: 100, description: 'Identity of the incident' }) }),
        body: Type.Object(
          {
            amount: Type.String({
              pattern: '^-?\\d{1,9}(\\.\\d{1,6})?$',
              description: 'Decimal in the currency of the case; negative corrects an earlier entry',
            }),
            note: Type.String({ default: '', maxLength: 4000, description: 'How: invoice, credit note, dispute' }),
          },
          { additionalProperties: false, description: 'The amount' },
        ),
        response: answers({ 200: Recovery }),
      },
    },
    async (request) => {
      const { incident_id } = request.params;
      const principal = request.principal!;
      const latest = await store.rows<{ body: string }>('incident-latest-by-id', { tenant, incident_id });
      if (!latest[0])
        throw new WeirError('not_found', `There is no incident ${incident_id}.`, { hint: 'List them with GET /api/v1/incidents.' });
      const { amount, note } = request.body;
      const incident = JSON.parse(latest[0].body) as Incident;
      const said = await sayRecovered({ store, clock, tenant, currency }, incident, {
        amount,
        note,
        actor: principal.name,
        origin: principal.origin,
      });
      await audit({ principal, action: 'incident.recovered', target: incident_id, address: request.ip, detail: { amount } });
      return said;
    },
  );

  api.get(
    '/verdicts',
    {
      schema: {
        tags: ['incidents'],
        summary: 'What people said of incidents, the latest first',
        querystring: Type.Object(
          {
            incident_id: name('Only of this incident'),
            detector: name('Only of this control or detector'),
            verdict: name('Only this verdict'),
            since,
            ...paging,
          },
          { additionalProperties: false },
        ),
        response: answers({ 200: pageOf(Verdict, 'A page of verdicts') }),
      },
    },
    async ({ query }) => {
      const rows = await store.rows<Row>('api-verdicts', {
        tenant,
        incident_id: query.incident_id ?? '',
        detector: query.detector ?? '',
        verdict: query.verdict ?? '',
        since: sinceOf(query.since),
        ...afterOf(query.cursor),
        limit: query.limit + 1,
      });
      return pageOfRows(
        rows,
        query.limit,
        (row) => [row.at, row.verdict_id],
        (row) => ({ ...row, at: isoOf(row.at) }),
      );
    },
  );
}
