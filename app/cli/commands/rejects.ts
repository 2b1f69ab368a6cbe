/** `weir rejects`: what could not be read or stored, why, and sending it through again after the fix. */
import { hostname, userInfo } from 'node:os';
import { WeirError } from '../../../core/errors.ts';
import { pseudonymKey } from '../../data-directory.ts';
import { formatOf } from '../../pipeline/format-of.ts';
import { openPipeline } from '../../pipeline/pipeline.ts';
import { replayRejects } from '../../pipeline/replay.ts';
import type { AddCommand } from '../command.ts';
import { quietLog } from '../log.ts';
import { type CommonOptions, withStore, workplace } from '../options.ts';
import { colour, grouped, table, visible } from '../print.ts';

interface RejectOptions extends CommonOptions {
  readonly source?: string;
  readonly reason?: string;
  readonly limit?: string;
  readonly bytes?: boolean;
  readonly format?: string;
}

interface ReasonRow {
  source: string;
  reason: string;
  field: string;
  records: string;
  replayed: string;
  last_at: string;
}

interface RejectRow {
  source: string;
  file: string;
  position: string;
  reason: string;
  field: string;
  detail: string;
  ingest_time: string;
  bytes: string;
}

export const addRejects: AddCommand = (program, exit) => {
  const command = program.command('rejects').description('list rejected records by reason, show them, send them through again');
  command
    .command('list', { isDefault: true })
    .description('rejected records by source and reason; with --source or --reason the records themselves')
    .option('--source <name>', 'of one source')
    .option('--reason <reason>', 'of one reason')
    .option('--limit <n>', 'most records shown', '20')
    .option('--bytes', 'show the original bytes (they may hold subscriber numbers)')
    .action(async (options: RejectOptions) => exit(options.source || options.reason ? await records(options) : await reasons(options)));
  command
    .command('replay')
    .description('send rejected records through again with the format as it now is')
    .requiredOption('--source <name>', 'source whose rejects are replayed')
    .option('--reason <reason>', 'only rejects of this reason')
    .option('--format <preset>', 'format, where weir.yaml does not have the source')
    .action(async (options: RejectOptions) => exit(await replay(options)));
};

async function reasons(options: RejectOptions): Promise<number> {
  return withStore(await workplace(options), async ({ store, settings }) => {
    const rows = await store.rows<ReasonRow>('rejects-by-reason', { tenant: settings.tenant });
    if (options.json) process.stdout.write(`${JSON.stringify(rows)}\n`);
    else if (rows.length === 0) process.stdout.write('No rejected records.\n');
    else {
      const right = true;
      process.stdout.write(
        `${table(
          [
            { title: 'SOURCE' },
            { title: 'REASON' },
            { title: 'FIELD' },
            { title: 'RECORDS', right },
            { title: 'REPLAYED', right },
            { title: 'LAST (UTC)' },
          ],
          rows.map((row) => [row.source, row.reason, row.field, Number(row.records), Number(row.replayed), row.last_at.slice(0, 16)]),
        )}\n\nThe records: npx weir rejects --source ${rows[0]?.source}     After the fix: npx weir rejects replay --source ${rows[0]?.source}\n`,
      );
    }
    return rows.length > 0 ? 1 : 0;
  });
}

async function records(options: RejectOptions): Promise<number> {
  const limit = Number(options.limit);
  if (!Number.isInteger(limit) || limit < 1) throw new WeirError('usage', `--limit ${options.limit}: not a whole number above 0`);
  return withStore(await workplace(options), async ({ store, settings }) => {
    const rows = await store.rows<RejectRow>('rejects-list', {
      tenant: settings.tenant,
      source: options.source ?? '',
      reason: options.reason ?? '',
      limit,
    });
    if (options.json)
      process.stdout.write(`${JSON.stringify(rows.map(({ bytes, ...row }) => (options.bytes ? { ...row, bytes } : row)))}\n`);
    else {
      for (const { source, file, position, reason, field, detail, bytes } of rows) {
        process.stdout.write(
          `${colour(`${source} ${file}:${position}`, 'bold')}  ${reason}${field ? ` in ${field}` : ''}: ${visible(detail)}\n`,
        );
        if (options.bytes) process.stdout.write(`  ${visible(bytes.slice(0, 1000))}\n`);
      }
      if (rows.length === limit) process.stdout.write(`… more: --limit ${limit * 10}\n`);
    }
    return rows.length > 0 ? 1 : 0;
  });
}

async function replay(options: RejectOptions): Promise<number> {
  return withStore(await workplace(options), async ({ store, settings, directory }) => {
    const source = options.source as string;
    const pipeline = await openPipeline({
      store,
      clock: { now: () => Date.now() },
      settings,
      pseudonymKey: pseudonymKey(directory, settings.pseudonyms.keyFile),
      owner: `${hostname()}:${process.pid}`,
      log: quietLog,
    });
    const ready = options.format ? { ready: pipeline.source(source, formatOf(source, { format: options.format })) } : {};
    const answer = await replayRejects(pipeline, {
      source,
      actor: userInfo().username,
      ...(options.reason ? { reason: options.reason } : {}),
      ...ready,
    }).finally(() => pipeline.close());
    if (options.json) process.stdout.write(`${JSON.stringify(answer)}\n`);
    else {
      process.stdout.write(
        `${grouped(answer.replayed)} replayed: ${grouped(answer.stored)} stored, ${grouped(answer.rejected)} rejected again, ${grouped(answer.dropped)} dropped\n`,
      );
      if (answer.truncated > 0)
        process.stdout.write(`${grouped(answer.truncated)} cannot be replayed: only the beginning of their bytes was kept\n`);
    }
    return answer.rejected > 0 ? 1 : 0;
  });
}
