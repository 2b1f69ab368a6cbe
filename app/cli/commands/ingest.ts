/** `weir ingest FILE…`: takes files in, with what was assumed, a progress bar, and what became of every record. */

import { hostname } from 'node:os';
import { basename, resolve } from 'node:path';
import type { Command } from 'commander';
import { WeirError } from '../../../core/errors.ts';
import { readSample } from '../../../ingest/container/open.ts';
import type { Format } from '../../../ingest/decode/format.ts';
import { presetNames } from '../../../ingest/decode/index.ts';
import { type Sniffed, sniff } from '../../../ingest/decode/sniff.ts';
import { pseudonymKey } from '../../data-directory.ts';
import { detectOnce } from '../../detect/once.ts';
import { completeFile, type FileResult, takeFile } from '../../pipeline/file-job.ts';
import { formatOf } from '../../pipeline/format-of.ts';
import { openPipeline } from '../../pipeline/pipeline.ts';
import type { AddCommand } from '../command.ts';
import { type IncidentRow, incidentTable } from '../incident-table.ts';
import { quietLog } from '../log.ts';
import { type CommonOptions, type OpenStore, withStore, workplace } from '../options.ts';
import { bar, bytesText, colour, grouped, type Progress, progressLine, table } from '../print.ts';

interface IngestOptions extends CommonOptions {
  readonly source?: string;
  readonly format?: string;
  readonly leg?: string;
  readonly timeZone?: string;
  readonly country?: string;
}

export const addIngest: AddCommand = (program: Command, exit) => {
  program
    .command('ingest')
    .description('take files in: recognises the format, prints what it assumed, stores each record exactly once')
    .argument('<file...>', 'files, plain, gzip or zip')
    .option('--source <name>', 'source of weir.yaml whose format holds; or a name of your own for what is recognised')
    .option('--format <preset>', `format: ${presetNames().join(', ')}; :KIND behind weir-csv and weir-json`)
    .option('--leg <leg>', 'leg of the records where the format states none, e.g. switch, rating, mno_wholesale')
    .option('--time-zone <zone>', 'IANA zone or offset of times that state none')
    .option('--country <iso>', 'home country of national numbers, e.g. DE')
    .action(async (files: string[], options: IngestOptions) => exit(await ingest(files, options)));
};

async function ingest(files: readonly string[], options: IngestOptions): Promise<number> {
  const place = await workplace(options, 'own');
  return withStore(place, async (open) => {
    const pipeline = await openPipeline({
      store: open.store,
      clock: { now: () => Date.now() },
      settings: open.settings,
      pseudonymKey: pseudonymKey(open.directory, open.settings.pseudonyms.keyFile),
      owner: `${hostname()}:${process.pid}`,
      log: quietLog,
    });
    const progress = progressLine(options.json === true);
    const results: FileResult[] = [];
    const failures: { file: string; error: WeirError }[] = [];
    for (const path of files) {
      try {
        const file = await completeFile(resolve(path));
        const { format, sniffed } = await chooseFormat(open, file.path, options);
        const name = options.source ?? format.name.replace(/[^a-z0-9_-]/g, '-');
        if (sniffed && !options.json) explain(file.name, name, sniffed, options);
        const configured = open.settings.sources[name];
        results.push(
          await takeFile(pipeline, {
            source: pipeline.source(name, format, options.country ?? configured?.country),
            file,
            ...(configured?.type === 'file' && configured.sequence ? { sequencePattern: configured.sequence.pattern } : {}),
            onProgress: ({ bytes, totalBytes, totals }) =>
              progress.show(
                `${file.name} ${bar(bytes / totalBytes, 24)} ${Math.round((100 * bytes) / totalBytes)} %  ${grouped(totals.read)} records`,
              ),
          }),
        );
      } catch (error) {
        if (!(error instanceof WeirError) || !/^(file_|format_)/.test(error.code)) throw error;
        failures.push({ file: basename(path), error });
      }
      progress.end();
    }
    await pipeline.close();
    const incidents = open.clickhouse.how === 'attached' ? [] : await judge(open, progress);
    print(results, failures, incidents, open, options);
    return failures.length > 0 || results.some(({ error, totals }) => error !== '' || totals.rejected > 0) ? 1 : 0;
  });
}

interface Chosen {
  readonly format: Format;
  readonly sniffed: Sniffed | undefined;
}

async function chooseFormat({ settings }: OpenStore, path: string, options: IngestOptions): Promise<Chosen> {
  const said = { ...(options.leg ? { leg: options.leg } : {}), ...(options.timeZone ? { timeZone: options.timeZone } : {}) };
  const configured = options.source === undefined ? undefined : settings.sources[options.source];
  if (options.format) return { format: formatOf(options.source ?? 'format', { ...said, format: options.format }), sniffed: undefined };
  if (configured) return { format: formatOf(options.source as string, { ...configured, ...said }), sniffed: undefined };
  const { name, bytes } = await readSample(path);
  const sniffed = sniff(bytes, name || path, said);
  return { format: sniffed.format, sniffed };
}

function explain(name: string, source: string, { explain: sentences, assumptions }: Sniffed, options: IngestOptions): void {
  const lines = [
    `  taken as source ${source}${options.source ? '' : ' (--source NAME gives another)'}`,
    ...sentences.map((sentence) => `  ${sentence}`),
  ];
  if (assumptions.firstTime > 0) lines.push(`  times in the sample: ${day(assumptions.firstTime)} to ${day(assumptions.lastTime)} UTC`);
  if (!options.timeZone && assumptions.timeZone === 'UTC')
    lines.push('  otherwise: --time-zone Europe/Berlin, --country DE, --format PRESET');
  process.stderr.write(`${colour(name, 'bold', process.stderr)}\n${lines.join('\n')}\n`);
}

const day = (instant: number): string => new Date(instant).toISOString().slice(0, 16).replace('T', ' ');

/** Without a running Weir nobody else would look: the controls run once over what was stored. */
async function judge(open: OpenStore, progress: Progress): Promise<IncidentRow[]> {
  progress.show('running the controls …');
  const before = new Set(
    (await open.store.rows<IncidentRow>('incidents-open', { tenant: open.settings.tenant, limit: 1000 })).map(
      ({ incident_id }) => incident_id,
    ),
  );
  await detectOnce(open.store, open.settings, quietLog);
  progress.end();
  const after = await open.store.rows<IncidentRow>('incidents-open', { tenant: open.settings.tenant, limit: 1000 });
  return after.filter(({ incident_id }) => !before.has(incident_id));
}

function print(
  results: readonly FileResult[],
  failures: readonly { file: string; error: WeirError }[],
  incidents: readonly IncidentRow[],
  open: OpenStore,
  options: IngestOptions,
): void {
  if (options.json) {
    const files = results.map(({ receipt, state, totals, error, firstRejects }) => ({
      ...receipt,
      state,
      ...totals,
      error,
      rejects: firstRejects.slice(0, 20),
    }));
    process.stdout.write(
      `${JSON.stringify({ files, failures: failures.map(({ file, error }) => ({ file, code: error.code, message: error.message, hint: error.hint })), incidents })}\n`,
    );
    return;
  }
  if (results.length > 0) {
    process.stdout.write(
      `${table(
        [
          { title: 'FILE', width: 48 },
          { title: 'STATE' },
          { title: 'SIZE', right: true },
          { title: 'READ', right: true },
          { title: 'STORED', right: true },
          { title: 'REJECTED', right: true },
          { title: 'DROPPED', right: true },
          { title: 'FROM (UTC)' },
          { title: 'TO (UTC)' },
        ],
        results.map(({ receipt, state, totals }) => [
          receipt.name,
          state === 'stored' ? colour(state, 'green') : colour(state, 'yellow'),
          bytesText(receipt.bytes),
          totals.read,
          totals.stored,
          totals.rejected > 0 ? colour(grouped(totals.rejected), 'yellow') : 0,
          totals.dropped,
          totals.eventTo > 0 && Number.isFinite(totals.eventFrom) ? day(totals.eventFrom) : '',
          totals.eventTo > 0 ? day(totals.eventTo) : '',
        ]),
      )}\n`,
    );
  }
  for (const { receipt, firstRejects, error, state } of results) {
    if (state === 'replay')
      process.stdout.write(`${receipt.name}: the same content was stored before; nothing was stored again, and S10 reports the replay\n`);
    if (error) process.stdout.write(`${colour(receipt.name, 'red')}: ${error}\n`);
    for (const { position, reason, field, detail } of firstRejects.slice(0, 5))
      process.stdout.write(`  ${receipt.name}:${position}: ${reason}${field ? ` in ${field}` : ''}: ${detail}\n`);
    if (firstRejects.length > 5) process.stdout.write(`  … all of them: npx weir rejects --source ${results[0] ? 'NAME' : ''}\n`);
  }
  for (const { file, error } of failures)
    process.stdout.write(`${colour(file, 'red')}: ${error.message}\n${error.hint ? `  hint: ${error.hint}\n` : ''}`);
  if (incidents.length > 0) process.stdout.write(`\n${incidentTable(incidents)}\n`);
  const stored = results.filter(({ totals }) => totals.stored > 0);
  if (stored.length === 0) return;
  const from = Math.min(...stored.map(({ totals }) => totals.eventFrom));
  const to = Math.max(...stored.map(({ totals }) => totals.eventTo));
  const range = Number.isFinite(from) && to > 0 ? ` WHERE start_time BETWEEN '${day(from)}' AND '${day(to)}'` : '';
  process.stdout.write(
    `\nLook:  npx weir sql "SELECT leg, service, count(), sum(duration_seconds) FROM usage${range} GROUP BY leg, service"\n       npx weir accounting\n       npx weir start --data ${open.directory.root}\n`,
  );
}
