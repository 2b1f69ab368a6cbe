/** Sources with their accounting and files; rejects and their replay. */
import Type from 'typebox';
import { type ErrorCode, errorCodes, WeirError } from '../../../core/errors.ts';
import { nothingRead, type SourceAccounting } from '../accounting.ts';
import type { ApiContext } from '../context.ts';
import type { Api } from '../fastify.ts';
import { askLocal } from '../local.ts';
import { afterOf, isoOf, pageOfRows, sinceOf } from '../page.ts';
import { answers, File, pageOf, paging, Reject, RejectReason, Source, SourceName, since } from '../schemas.ts';

/** A replay of many rejects takes its time, in ms. */
const replayDeadlineMs = 300_000;

interface FilesRow {
  readonly source: string;
  readonly stored: string;
  readonly replay: string;
  readonly rejected: string;
  readonly reading: string;
  readonly empty: string;
  readonly last_received_at: string;
}

interface FileRow {
  readonly [column: string]: unknown;
  readonly sha256: string;
  readonly received_at: string;
  readonly completed_at: string;
  readonly event_from: string;
  readonly event_to: string;
}

interface RejectRow {
  readonly [column: string]: unknown;
  readonly id: string;
  readonly ingest_time: string;
  readonly truncated: boolean;
  readonly replayed: number;
}

const numbers = ['bytes', 'read', 'stored', 'rejected', 'dropped', 'seconds', 'octets'] as const;

export function sourceRoutes(api: Api, context: ApiContext, accounting: () => Promise<ReadonlyMap<string, SourceAccounting>>): void {
  const { store, settings } = context;
  const { tenant } = settings;

  api.get(
    '/sources',
    {
      schema: {
        tags: ['sources'],
        summary: 'Sources with their accounting and files',
        response: answers({ 200: Type.Object({ items: Type.Array(Source) }, { description: 'All sources' }) }),
      },
    },
    async () => {
      const [accounts, fileRows] = await Promise.all([accounting(), store.rows<FilesRow>('api-source-files', { tenant })]);
      const files = new Map(fileRows.map((row) => [row.source, row]));
      const names = [...new Set([...Object.keys(settings.sources), ...accounts.keys(), ...files.keys()])].sort();
      return { items: names.map((source) => sourceOf(source, settings.sources[source], accounts.get(source), files.get(source))) };
    },
  );

  api.get(
    '/sources/:source/files',
    {
      schema: {
        tags: ['sources'],
        summary: 'Receipts of the files of a source, the latest first',
        params: Type.Object({ source: SourceName }),
        querystring: Type.Object(
          {
            state: Type.Optional(Type.String({ pattern: '^[a-z]{1,16}$', description: 'stored, replay, rejected, reading, empty' })),
            ...paging,
          },
          { additionalProperties: false },
        ),
        response: answers({ 200: pageOf(File, 'A page of receipts') }),
      },
    },
    async ({ params: { source }, query }) => {
      const rows = await store.rows<FileRow>('api-files', {
        tenant,
        source,
        state: query.state ?? '',
        ...afterOf(query.cursor),
        limit: query.limit + 1,
      });
      return pageOfRows(rows, query.limit, (row) => [row.received_at, row.sha256], fileOf);
    },
  );

  api.get(
    '/rejects',
    {
      schema: {
        tags: ['sources'],
        summary: 'Rejected records without their bytes, the latest first',
        querystring: Type.Object(
          {
            source: Type.Optional(SourceName),
            reason: Type.Optional(Type.String({ maxLength: 64, pattern: '^[a-z0-9_.-]+$', description: 'Only of this reason' })),
            since,
            ...paging,
          },
          { additionalProperties: false },
        ),
        response: answers({ 200: pageOf(Reject, 'A page of rejects') }),
      },
    },
    async ({ query }) => {
      const rows = await store.rows<RejectRow>('api-rejects', {
        tenant,
        source: query.source ?? '',
        reason: query.reason ?? '',
        since: sinceOf(query.since),
        ...afterOf(query.cursor),
        limit: query.limit + 1,
      });
      return pageOfRows(rows, query.limit, (row) => [row.ingest_time, row.id], rejectOf);
    },
  );

  api.get(
    '/rejects/reasons',
    {
      schema: {
        tags: ['sources'],
        summary: 'Why records were rejected, by source, reason and field',
        response: answers({ 200: Type.Object({ items: Type.Array(RejectReason) }, { description: 'The most frequent 500' }) }),
      },
    },
    async () => {
      const rows = await store.rows<{ rejects: string; waiting: string; last_at: string }>('api-reject-reasons', { tenant });
      return {
        items: rows.map((row) => ({ ...row, rejects: Number(row.rejects), waiting: Number(row.waiting), last_at: isoOf(row.last_at) })),
      };
    },
  );

  rejectBytesRoute(api, context);
  replayRoute(api, context);
}

function rejectBytesRoute(api: Api, { store, settings: { tenant }, audit }: ApiContext): void {
  api.get(
    '/rejects/:record_id/bytes',
    {
      config: { access: 'bytes' },
      schema: {
        tags: ['sources'],
        summary: 'The original bytes of one reject; stands in the audit',
        params: Type.Object({ record_id: Type.String({ format: 'uuid', description: 'Identity of the reject' }) }),
        response: answers({
          200: Type.Object(
            {
              bytes_base64: Type.String({ description: 'The bytes as base64' }),
              truncated: Type.Boolean({ description: 'Only the beginning was kept' }),
            },
            { additionalProperties: true, description: 'The bytes with their place' },
          ),
        }),
      },
    },
    async (request) => {
      const { record_id } = request.params;
      const [row] = await store.rows<{ source: string }>('api-reject-bytes', { tenant, record_id });
      if (!row) throw new WeirError('not_found', `There is no reject ${record_id}.`, { hint: 'List them with GET /api/v1/rejects.' });
      await audit({
        principal: request.principal!,
        action: 'rejects.read',
        target: record_id,
        address: request.ip,
        detail: { source: row.source },
      });
      return row;
    },
  );
}

function replayRoute(api: Api, { sockets, audit, log }: ApiContext): void {
  const amount = Type.Integer({ minimum: 0 });
  api.post(
    '/replay',
    {
      config: { access: 'act' },
      schema: {
        tags: ['sources'],
        summary: 'Send the rejects of a source through again, after the fix',
        body: Type.Object(
          {
            source: SourceName,
            reason: Type.Optional(Type.String({ maxLength: 64, pattern: '^[a-z0-9_.-]+$', description: 'Only rejects of this reason' })),
          },
          { additionalProperties: false },
        ),
        response: answers({
          200: Type.Object(
            { replayed: amount, stored: amount, rejected: amount, dropped: amount, truncated: amount },
            { description: 'What became of them; truncated ones cannot be replayed' },
          ),
        }),
      },
    },
    async (request, reply) => {
      const { source, reason } = request.body;
      const principal = request.principal!;
      const answer = await askLocal(sockets.ingest, '/replay', {
        method: 'POST',
        body: { source, ...(reason === undefined ? {} : { reason }), actor: principal.name },
        timeoutMs: replayDeadlineMs,
      }).catch((error: Error) => {
        log.warn({ error: error.message }, 'the ingest process does not answer');
        throw new WeirError('not_running', 'The ingest process does not answer.', { hint: 'Look at GET /health/ready, then try again.' });
      });
      const said = JSON.parse(answer.body) as Record<string, unknown>;
      if (answer.status !== 200) throw fromIngest(said);
      await audit({
        principal,
        action: 'rejects.replay',
        target: source,
        address: request.ip,
        detail: { ...(reason ? { reason } : {}), replayed: String(said['replayed']), stored: String(said['stored']) },
      });
      return reply.send(said);
    },
  );
}

/** An error that the ingest process answered, as one of ours. */
function fromIngest({ error, message, hint }: Record<string, unknown>): WeirError {
  const code = typeof error === 'string' && error in errorCodes ? (error as ErrorCode) : 'internal';
  return new WeirError(code, String(message ?? ''), { hint: String(hint ?? '') });
}

function sourceOf(
  source: string,
  configured: ApiContext['settings']['sources'][string] | undefined,
  accounting: SourceAccounting | undefined,
  files: FilesRow | undefined,
): object {
  return {
    source,
    type: configured?.type ?? '',
    format: configured?.format ?? '',
    accounting: accounting ?? nothingRead,
    files: {
      stored: Number(files?.stored ?? 0),
      replay: Number(files?.replay ?? 0),
      rejected: Number(files?.rejected ?? 0),
      reading: Number(files?.reading ?? 0),
      empty: Number(files?.empty ?? 0),
    },
    last_received_at: files ? isoOf(files.last_received_at) : null,
  };
}

function fileOf(row: FileRow): object {
  const counted = Object.fromEntries(numbers.map((name) => [name, Number(row[name])]));
  const { received_at, completed_at, event_from, event_to } = row;
  const times = { received_at, completed_at, event_from, event_to };
  return { ...row, ...counted, ...Object.fromEntries(Object.entries(times).map(([name, at]) => [name, isoOf(at)])) };
}

function rejectOf({ id, ...row }: RejectRow): object {
  return { record_id: id, ...row, replayed: Boolean(row.replayed), ingest_time: isoOf(row.ingest_time) };
}
