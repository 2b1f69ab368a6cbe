/** Questions in SQL, asked as the analyst. */
import type { FastifyReply } from 'fastify';
import Type from 'typebox';
import { WeirError } from '../../../core/errors.ts';
import type { ApiContext } from '../context.ts';
import type { Api } from '../fastify.ts';
import { brokenOff } from '../query/sql.ts';
import { answers } from '../schemas.ts';

/** Questions in work at once. */
const atOnce = 4;
/** Largest JSON answer, in bytes: it is held in memory. */
const largestJson = 32 * 1_048_576;

const Answer = Type.Object(
  {
    columns: Type.Array(Type.Object({ name: Type.String(), type: Type.String() }), { description: 'Columns with their ClickHouse types' }),
    rows: Type.Array(Type.Object({}, { additionalProperties: true }), {
      description: 'Rows by column; 64-bit integers and decimals as strings',
    }),
  },
  { description: 'The answer' },
);

export function sqlRoutes(api: Api, context: ApiContext): void {
  let inWork = 0;
  api.post(
    '/sql',
    {
      schema: {
        tags: ['sql'],
        summary: 'Ask a question in SQL: read-only, within the limits of analysts',
        description: 'One reading statement of ClickHouse. `format` csv streams the answer with a header row; json holds at most 32 MiB.',
        body: Type.Object(
          {
            sql: Type.String({ minLength: 1, maxLength: 100_000, description: 'One reading statement, without FORMAT' }),
            format: Type.Union([Type.Literal('json'), Type.Literal('csv')], { default: 'json', description: 'json or csv' }),
          },
          { additionalProperties: false },
        ),
        response: answers({ 200: Answer }),
      },
    },
    async ({ body: { sql, format } }, reply) => {
      if (inWork >= atOnce) {
        reply.header('retry-after', '2');
        throw new WeirError('busy', 'Too many questions are in work.', { hint: 'Ask again after the seconds of Retry-After.' });
      }
      inWork++;
      try {
        if (format === 'csv') return await csv(sql, reply, context);
        return await json(sql, context);
      } finally {
        inWork--;
      }
    },
  );
}

async function json(sql: string, { analyst }: ApiContext): Promise<object> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const stream = await analyst.stream(sql, 'JSON');
  try {
    for await (const chunk of stream) {
      size += chunk.length;
      if (size > largestJson) break;
      chunks.push(chunk);
    }
  } catch (cause) {
    throw brokenOff(chunks, cause);
  }
  if (size > largestJson) {
    throw new WeirError('query_refused', 'The answer is larger than 32 MiB.', { hint: 'Add a LIMIT, aggregate, or ask for csv.' });
  }
  try {
    const { meta, data } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { meta: unknown; data: unknown };
    return { columns: meta, rows: data };
  } catch (cause) {
    throw brokenOff(chunks, cause);
  }
}

async function csv(sql: string, reply: FastifyReply, { analyst }: ApiContext): Promise<FastifyReply> {
  const stream = await analyst.stream(sql, 'CSVWithNames');
  reply.hijack();
  const { raw } = reply;
  for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) raw.setHeader(name, value);
  raw.writeHead(200, { 'content-type': 'text/csv; charset=utf-8', 'content-disposition': 'attachment; filename="answer.csv"' });
  try {
    for await (const chunk of stream) {
      if (raw.destroyed) break;
      if (!raw.write(chunk)) await Promise.race([once(raw, 'drain'), once(raw, 'close')]);
    }
    raw.end();
  } catch {
    // A broken-off answer must not look like a whole one.
    raw.destroy();
  }
  return reply;
}

function once(stream: NodeJS.EventEmitter, event: string): Promise<void> {
  return new Promise((resolve) => stream.once(event, () => resolve()));
}
