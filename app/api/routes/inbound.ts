/** Status from ticket systems: taken by its signature, and what became of it. */
import Type from 'typebox';
import { WeirError } from '../../../core/errors.ts';
import { type Bucket, createBucket } from '../../inbound/bucket.ts';
import type { Connector } from '../../inbound/connectors.ts';
import type { Inbox } from '../../inbound/inbox.ts';
import type { ApiContext } from '../context.ts';
import type { Api } from '../fastify.ts';
import { afterOf, isoOf, pageOfRows } from '../page.ts';
import { answers, ErrorBody, pageOf, paging } from '../schemas.ts';
import { createThrottle } from '../throttle.ts';

const text = (description: string) => Type.String({ description });
const instant = (description: string) => Type.String({ format: 'date-time', description: `${description}; ISO 8601, UTC` });

const Told = Type.Object(
  {
    connector: text('Connector'),
    receipt: text('Identity of the body'),
    delivery_id: text('Identity that the system gave it'),
    external_id: text('Ticket'),
    reference: text('Ticket, as people call it'),
    incident_id: text('Incident; empty = none was found'),
    status: text('What it says of the status'),
    outcome: text('applied, unchanged, stale, echo, repeated, ignored, unknown, unreadable'),
    reason: text('Why'),
    said_at: instant('When it was said there'),
    received_at: instant('When it came'),
  },
  { additionalProperties: true, description: 'A word of a ticket system' },
);

interface Row {
  readonly receipt: string;
  readonly received_at: string;
  readonly said_at: string;
  readonly at: string;
}

/** Largest body, bytes; ticket systems stay below 64 KiB. */
const largestBody = 262_144;

/** Bodies are taken as they come, since they are signed byte for byte: a scope of its own. */
export async function inboundRoute(
  api: Api,
  { clock, log }: ApiContext,
  inbox: Inbox,
  connectors: ReadonlyMap<string, Connector>,
): Promise<void> {
  const buckets = new Map<string, Bucket>([...connectors.values()].map(({ name, perMinute }) => [name, createBucket(clock, perMinute)]));
  // Apart from that of tokens: a wrong secret of a ticket system must not keep people of the same address out.
  const throttle = createThrottle(clock);
  api.removeAllContentTypeParsers();
  api.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: largestBody }, (_request, body, parsed) => parsed(null, body));

  api.post(
    '/inbound/:connector',
    {
      // The signature says who it is.
      config: { access: 'public' },
      bodyLimit: largestBody,
      schema: {
        tags: ['inbound'],
        summary: 'Say how a ticket stands: signed as its system signs; stored, then applied',
        description:
          'Answered 202 once the body is stored; what became of it is at GET /api/v1/inbound. The same body again changes nothing. Signatures: docs/inbound.md.',
        params: Type.Object({
          connector: Type.String({ pattern: '^[a-z0-9][a-z0-9_-]{0,62}$', description: 'Connector of the settings' }),
        }),
        response: answers({
          202: Type.Object({ outcome: text('stored') }, { description: 'It is stored' }),
          401: { ...ErrorBody, description: 'The signature is not right' },
          413: { ...ErrorBody, description: 'Larger than 256 KiB' },
          429: { ...ErrorBody, description: 'Too much at once: send it again after Retry-After seconds' },
        }),
      },
    },
    async (request, reply) => {
      const { connector: name } = request.params as { connector: string };
      const waited = throttle.wait(request.ip);
      const connector = connectors.get(name);
      // An address that guesses waits, unless it has shown that it knows.
      if (waited > 0 && !throttle.knows(request.ip, name)) busy(reply, waited, 'Too many wrong signatures came from this address.');
      if (connector === undefined) {
        throttle.failed(request.ip);
        throw new WeirError('unauthorised', 'There is no such connector, or the signature is not right.', {
          hint: 'Connectors are set under inbound.',
        });
      }
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      const verified = inbox.verify(connector, request.headers, body);
      if (!verified.ok) {
        throttle.failed(request.ip);
        throw new WeirError('unauthorised', 'There is no such connector, or the signature is not right.', { hint: verified.reason });
      }
      throttle.passed(request.ip, name);
      // Only what is genuine counts: others must not use up the share of who is meant.
      const wait = buckets.get(name)?.() ?? 0;
      if (wait > 0) busy(reply, wait, 'More deliveries came than inbound.perMinute allows.');
      await inbox.receive(connector, verified.delivery_id, body, request.ip);
      // Applied afterwards: the sender waits for the storing alone.
      inbox.apply().catch((error: Error) => log.warn({ error: error.message }, 'words of tickets not applied, it is tried again'));
      return reply.code(202).send({ outcome: 'stored' });
    },
  );
}

function busy(reply: { header(name: string, value: string): unknown }, seconds: number, message: string): never {
  reply.header('retry-after', String(seconds));
  throw new WeirError('busy', message, { hint: `Send it again in ${seconds} s.` });
}

/** What ticket systems said, for people. */
export function inboundListRoute(api: Api, { store, settings: { tenant } }: ApiContext): void {
  const name = (description: string) => Type.Optional(Type.String({ maxLength: 100, pattern: '^[A-Za-z0-9_.-]+$', description }));
  api.get(
    '/inbound',
    {
      schema: {
        tags: ['inbound'],
        summary: 'What ticket systems said and what became of it, the latest first',
        querystring: Type.Object(
          { connector: name('Only of this connector'), incident_id: name('Only of this incident'), ...paging },
          { additionalProperties: false },
        ),
        response: answers({ 200: pageOf(Told, 'A page of words of ticket systems') }),
      },
    },
    async ({ query }) => {
      const rows = await store.rows<Row>('api-inbound', {
        tenant,
        connector: query.connector ?? '',
        incident_id: query.incident_id ?? '',
        ...afterOf(query.cursor),
        limit: query.limit + 1,
      });
      return pageOfRows(
        rows,
        query.limit,
        (row) => [row.received_at, row.receipt],
        (row) => ({ ...row, said_at: isoOf(row.said_at), received_at: isoOf(row.received_at), at: isoOf(row.at) }),
      );
    },
  );
}
