/** `weir start` and `weir demo`: everything on this machine, until Ctrl-C. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import closeWithGrace from 'close-with-grace';
import { ownerStore } from '../../clickhouse.ts';
import { openDataDirectory } from '../../data-directory.ts';
import { demoSettings } from '../../demo/settings.ts';
import type { RoleEvent, RoleName } from '../../roles/role.ts';
import { type RunningSupervisor, startSupervisor } from '../../supervisor/start.ts';
import type { AddCommand } from '../command.ts';
import { incidentTable, openIncidents } from '../incident-table.ts';
import { type CommonOptions, type Workplace, workplace } from '../options.ts';
import { bar, colour, grouped, type Progress, progressLine } from '../print.ts';
import { version } from '../version.ts';

/** How long the first start waits for the first incidents before it prints what there is, in ms: five weeks are looked at before, which takes a slow machine a minute. */
const incidentsDeadlineMs = 120_000;

export const addStart: AddCommand = (program, exit) => {
  program
    .command('start')
    .description('run everything on this machine: with weir.yaml your sources, without it the demo')
    .action(async (options: CommonOptions) => exit(await start(await startPlace(options), options)));
  program
    .command('demo')
    .description('run the demo operator in ./data/demo, whatever weir.yaml says')
    .action(async (options: CommonOptions) => exit(await start(await demoPlace(options.data), options)));
};

/** `weir start` without settings and without a directory of its own is the demo. */
async function startPlace(options: CommonOptions): Promise<Workplace> {
  if (!options.data && !options.config && !process.env['WEIR_DATA'] && !existsSync('weir.yaml')) return demoPlace(undefined);
  return workplace(options);
}

async function demoPlace(data: string | undefined): Promise<Workplace> {
  const directory = openDataDirectory(data ?? join('data', 'demo'));
  return { directory, settings: await demoSettings(directory, process.env), demo: true, file: undefined };
}

async function start(place: Workplace, options: CommonOptions): Promise<number> {
  const progress = progressLine(options.json === true);
  const begun = performance.now();
  // Detection comes last: it needs the address of the page for its links, and in the demo a history that is whole.
  const roles: RoleName[][] = [['ingest', 'api'], ...(place.demo ? [['demo' as const]] : []), ['detect']];
  const supervisor = await startSupervisor({
    settings: place.settings,
    directory: place.directory,
    demo: place.demo,
    roles,
    progress: (text) => progress.show(`weir: ${text}`),
    notice: (text) => progress.end(`weir: ${text}`),
    onEvent: (event) => onEvent(event, progress),
  });
  const stopped = untilStopped(supervisor);
  await printReady(place, supervisor, progress, begun, options);
  await stopped;
  return 0;
}

/** Ctrl-C and SIGTERM stop everything in order; a second one ends at once. */
function untilStopped(supervisor: RunningSupervisor): Promise<void> {
  return new Promise((resolve) => {
    closeWithGrace({ delay: 40_000, logger: false }, async ({ signal, err }) => {
      process.stderr.write(err ? `\nweir: ${err.stack ?? err.message}\n` : `\nweir: ${signal ?? 'stop'} received, stopping …\n`);
      await supervisor.stop();
      process.stderr.write('weir: stopped\n');
      resolve();
    });
  });
}

function onEvent({ name, fields }: RoleEvent, progress: Progress): void {
  if (name === 'history') {
    const share = (Number(fields['to']) - Number(fields['from'])) / (Number(fields['until']) - Number(fields['from']));
    progress.show(`weir: five weeks of history ${bar(share, 24)} ${Math.round(share * 100)} %`);
  } else if (name === 'history-left') progress.show(`weir: storing the history: ${grouped(fields['files'] as number)} files left`);
  else if (name === 'history-done') {
    progress.end(`weir: ${grouped(fields['records'] as number)} records of history stored in ${fields['seconds']} s`);
  } else if (name === 'notice') progress.end(`weir: ${fields['text']}`);
}

async function printReady(
  place: Workplace,
  supervisor: RunningSupervisor,
  progress: Progress,
  begun: number,
  options: CommonOptions,
): Promise<void> {
  const { clickhouse, info } = supervisor;
  const store = ownerStore(clickhouse.owner, place.settings);
  try {
    if (place.demo) progress.show('weir: waiting for the first incidents …');
    const incidents = await openIncidents(store, place.settings.tenant, {
      atLeast: place.demo ? 5 : 0,
      deadlineMs: place.demo ? incidentsDeadlineMs : 0,
    });
    progress.end();
    const facts = {
      page: info.api?.['loginUrl'] ?? '',
      api: `${info.api?.['url'] ?? ''}/docs`,
      clickhouse: clickhouse.owner.url,
      native: clickhouse.nativePort,
      credentials: join(place.directory.root, 'credentials'),
    };
    if (options.json) {
      process.stdout.write(`${JSON.stringify({ ready: true, ...facts, incidents })}\n`);
      return;
    }
    const seconds = ((performance.now() - begun) / 1000).toFixed(1);
    const lines = [
      `Weir ${version} is running${place.demo ? ' the demo operator' : ''} in ${place.directory.root} (ready in ${seconds} s)`,
      '',
      incidents.length > 0 ? incidentTable(incidents.slice(0, 12)) : 'No incidents yet.',
      '',
      `  ${colour('page', 'bold')}   ${facts.page}   (link works once)`,
      `  ${colour('API', 'bold')}    ${facts.api}`,
      `  ${colour('SQL', 'bold')}    npx weir sql "SELECT * FROM accounting"`,
      `         or any ClickHouse client: ${facts.clickhouse}${facts.native ? `, native port ${facts.native}` : ''}, user analyst, password in ${facts.credentials}`,
      ...(place.demo ? [`  ${colour('hooks', 'bold')}  signed webhooks arrive in ${join(place.directory.root, 'webhooks.ndjson')}`] : []),
      '',
      `Load a file of your own:  ${colour('npx weir ingest FILE', 'cyan')}   (stays apart from the demo, in ./data)`,
      'Stop with Ctrl-C.',
    ];
    process.stdout.write(`${lines.join('\n')}\n`);
  } finally {
    await store.close();
  }
}
