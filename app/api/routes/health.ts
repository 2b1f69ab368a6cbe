/** Whether the process lives, and whether everything that it needs answers. */
import Type from 'typebox';
import { shared } from '../cache.ts';
import type { ApiContext } from '../context.ts';
import type { Api } from '../fastify.ts';
import { type KafkaHealth, kafkaHealth } from '../kafka-health.ts';
import { askLocal } from '../local.ts';
import { answers } from '../schemas.ts';

const deadlineMs = 2000;
/** Looks are shared this long: anybody may ask. */
const sharedMs = 1000;

const Ready = Type.Object(
  {
    ready: Type.Boolean(),
    checks: Type.Record(Type.String(), Type.Object({ ok: Type.Boolean(), message: Type.String() }), {
      description: 'ClickHouse, ingest, detect; kafka where a source reads topics: whether they move',
    }),
  },
  { description: 'What answers and what does not' },
);

type Check = { readonly ok: boolean; readonly message: string };

export function healthRoutes(api: Api, { store, sockets, clock }: ApiContext): void {
  const check = async (ask: () => Promise<boolean>, silent: string): Promise<Check> => {
    const ok = await ask().catch(() => false);
    return { ok, message: ok ? 'answers' : silent };
  };
  const answers200 = async (socket: string): Promise<boolean> =>
    (await askLocal(socket, '/metrics', { timeoutMs: deadlineMs })).status === 200;
  let kafka: KafkaHealth | undefined;
  const ingestAnswers = async (): Promise<boolean> => {
    kafka = undefined;
    const all = [sockets.ingest, ...sockets.readers.values()];
    const found = await Promise.all(all.map((socket) => askLocal(socket, '/metrics', { timeoutMs: deadlineMs })));
    if (found.some(({ status }) => status !== 200)) return false;
    kafka = kafkaHealth(found.flatMap(({ body }) => JSON.parse(body) as object[]));
    return true;
  };
  const look = shared(clock, sharedMs, async () => {
    const [clickhouse, ingest, detect] = await Promise.all([
      check(async () => (await store.select('SELECT 1', {}, { timeoutMs: deadlineMs })).length === 1, 'ClickHouse does not answer'),
      check(ingestAnswers, sockets.readers.size > 0 ? 'an ingest process does not answer' : 'the ingest process does not answer'),
      check(() => answers200(sockets.detect), 'the detect process does not answer'),
    ]);
    const checks = { clickhouse, ingest, detect, ...(kafka ? { kafka } : {}) };
    return { ready: Object.values(checks).every(({ ok }) => ok), checks };
  });

  api.get(
    '/health/live',
    {
      config: { access: 'public' },
      schema: {
        tags: ['health'],
        summary: 'The API process lives',
        response: answers({ 200: Type.Object({ live: Type.Boolean() }, { description: 'It lives' }) }),
      },
    },
    async () => ({ live: true }),
  );

  api.get(
    '/health/ready',
    {
      config: { access: 'public' },
      schema: {
        tags: ['health'],
        summary: 'ClickHouse, the ingest and the detect process answer, and topics move',
        response: answers({ 200: Ready, 503: Ready }),
      },
    },
    async (_request, reply) => {
      const facts = await look();
      return reply.code(facts.ready ? 200 : 503).send(facts);
    },
  );
}
