/** `weir check`, `weir config`, `weir migrate`: the settings and the schema, before anything starts. */
import { existsSync, statSync } from 'node:fs';
import { stringify } from 'yaml';
import { WeirError } from '../../../core/errors.ts';
import type { Settings } from '../../../core/settings/index.ts';
import { isOwn, ownControls } from '../../../detectors/own/index.ts';
import { checkEndpoint } from '../../../incidents/notify/endpoint.ts';
import { analyst } from '../../../sql/analyst.ts';
import { createCalendars } from '../../calendar/calendar.ts';
import { type Attempt, tryConnections } from '../../connect/connect.ts';
import { queryParams } from '../../detect/run.ts';
import { shipped } from '../../detect/start.ts';
import { askingOf } from '../../inbound/asking.ts';
import { connectorsOf } from '../../inbound/connectors.ts';
import { mailedLists } from '../../incidents/status-mailer.ts';
import { endpointsOf } from '../../outbox/endpoints.ts';
import { checkTargets } from '../../outbox/targets.ts';
import { describeOwn } from '../../own/ask.ts';
import { placesOf } from '../../pipeline/fetch-places.ts';
import { formatOf } from '../../pipeline/format-of.ts';
import { sqlPlan } from '../../pipeline/sql-source.ts';
import { checkListen } from '../../settings/listen.ts';
import { loadSettings } from '../../settings/load.ts';
import { nearest } from '../../settings/nearest.ts';
import { settingsAgreements } from '../../sla/read.ts';
import { kpiPort } from '../../slo/kpi-catalogue.ts';
import { settingsObjectives } from '../../slo/read.ts';
import type { AddCommand } from '../command.ts';
import { type CommonOptions, withStore, workplace } from '../options.ts';
import { colour, visible } from '../print.ts';

export const addCheck: AddCommand = (program, exit) => {
  program
    .command('check')
    .description('check weir.yaml and everything it names, without starting anything')
    .argument('[file]', 'settings file (default: ./weir.yaml)')
    .option(
      '--connect',
      'also try every source, webhook, target and ClickHouse, and have it analyse the queries of controls of your own; nothing is stored or sent',
    )
    .action(async (file: string | undefined, options: CommonOptions & { connect?: boolean }) => {
      const name = file ?? options.config ?? (existsSync('weir.yaml') ? 'weir.yaml' : undefined);
      const settings = loadSettings(name, process.env);
      const problems = checkSettings(settings);
      if (options.connect && ownControls(settings.controls).length > 0)
        problems.push(...(await checkQueries({ ...options, ...(name ? { config: name } : {}) })));
      const attempts = options.connect ? await tryConnections(settings, process.env) : undefined;
      const ok = problems.length === 0 && (attempts ?? []).every((attempt) => attempt.ok);
      if (options.json)
        process.stdout.write(`${JSON.stringify({ file: name ?? null, ok, problems, ...(attempts ? { attempts } : {}) })}\n`);
      else if (problems.length === 0) process.stdout.write(`${name ?? 'the defaults'}: ${colour('ok', 'green')}\n`);
      else
        process.stdout.write(
          `${problems.map(({ place, message, hint }) => `${place}: ${message}${hint ? `\n    ${hint}` : ''}`).join('\n')}\n`,
        );
      if (attempts && !options.json) process.stdout.write(attemptTable(attempts));
      exit(ok ? 0 : 1);
    });
};

/** One line for each attempt, its hint below where it failed. */
function attemptTable(attempts: readonly Attempt[]): string {
  if (attempts.length === 0) return 'nothing to connect to: no sources, no webhooks, no targets\n';
  const width = Math.max(...attempts.map(({ setting }) => setting.length));
  return attempts
    .map(({ setting, ok, said, hint }) => {
      const line = `${setting.padEnd(width)}  ${ok ? colour('ok    ', 'green') : colour('failed', 'red')}  ${visible(said)}\n`;
      return ok || !hint ? line : `${line}    ${visible(hint)}\n`;
    })
    .join('');
}

export interface CheckProblem {
  readonly place: string;
  readonly message: string;
  readonly hint: string;
}

/** What the schema cannot see: formats, directories, secrets, names of controls and limits. */
export function checkSettings(settings: Settings): CheckProblem[] {
  const problems: CheckProblem[] = [];
  const attempt = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      if (!(error instanceof WeirError)) throw error;
      problems.push({ place: error.place, message: error.message, hint: error.hint });
    }
  };
  for (const [name, source] of Object.entries(settings.sources)) {
    attempt(() => formatOf(name, source));
    if (source.type === 'sql') attempt(() => sqlPlan(name, source));
    if (source.type === 'sftp') attempt(() => placesOf(name, source, process.env));
    if (source.type === 'file' && !(existsSync(source.directory) && statSync(source.directory).isDirectory())) {
      problems.push({
        place: `sources.${name}.directory`,
        message: `${source.directory}: no such directory`,
        hint: 'Make it, or correct the path; it is relative to where Weir is started.',
      });
    }
  }
  attempt(() => {
    const endpoints = endpointsOf(settings.webhooks);
    for (const endpoint of endpoints) checkEndpoint(endpoint, endpoints);
  });
  attempt(() => checkTargets(settings, process.env));
  attempt(() => askingOf(settings, connectorsOf(settings, process.env), process.env));
  attempt(() => mailedLists(settings, process.env));
  attempt(() => checkListen(settings));
  attempt(() => createCalendars(settings));
  attempt(() => problems.push(...settingsObjectives(settings, kpiPort({ rows: async () => [] }, settings.tenant)).problems));
  attempt(() => problems.push(...settingsAgreements(settings, kpiPort({ rows: async () => [] }, settings.tenant)).problems));
  const identities = shipped.map(({ identity }) => identity);
  for (const [identity, control] of Object.entries(settings.controls)) {
    if (isOwn(control)) continue;
    const { limits } = control;
    const definition = shipped.find((one) => one.identity === identity);
    if (!definition) {
      const near = nearest(identity, identities);
      problems.push({
        place: `controls.${identity}`,
        message: 'no such control',
        hint: near ? `Did you mean "${near}"?` : `Known: ${identities.join(', ')}`,
      });
      continue;
    }
    for (const name of Object.keys(control.learnWithin ?? {})) {
      if (definition.limits.some((one) => one.name === name && one.learns)) continue;
      const learning = definition.limits.filter((one) => one.learns).map((one) => one.name);
      problems.push({
        place: `controls.${identity}.learnWithin.${name}`,
        message: 'no such limit, or one that does not learn',
        hint: learning.length > 0 ? `Limits that learn: ${learning.join(', ')}` : 'None of its limits learns.',
      });
    }
    for (const [name, value] of Object.entries(limits)) {
      const limit = definition.limits.find((one) => one.name === name);
      if (!limit)
        problems.push({
          place: `controls.${identity}.limits.${name}`,
          message: 'no such limit',
          hint: `Known: ${definition.limits.map((one) => one.name).join(', ')}`,
        });
      else if (value < limit.min || value > limit.max) {
        problems.push({
          place: `controls.${identity}.limits.${name}`,
          message: `${value} is outside ${limit.min} to ${limit.max} ${limit.unit}`,
          hint: limit.description,
        });
      }
    }
  }
  return problems;
}

/** What ClickHouse makes of the queries of controls of one's own, none of them run. */
async function checkQueries(options: CommonOptions): Promise<readonly CheckProblem[]> {
  return withStore(await workplace(options), async ({ settings, clickhouse }) => {
    const asked = analyst(clickhouse.analyst);
    const problems: CheckProblem[] = [];
    const window = { from: 0, to: 3_600_000 };
    const occasion = { instant: window.to, window, sources: [], changedFrom: 0, changedTo: window.to, watchingSince: 0, leg: '' };
    try {
      for (const definition of ownControls(settings.controls)) {
        try {
          await describeOwn(definition, queryParams(definition, settings, { ...occasion, instant: 1e12 }), asked.ask);
        } catch (error) {
          if (!(error instanceof WeirError)) throw error;
          problems.push({ place: `controls.${definition.identity}.sql`, message: error.message, hint: error.hint });
        }
      }
    } finally {
      await asked.close();
    }
    return problems;
  });
}

export const addConfig: AddCommand = (program, exit) => {
  program
    .command('config')
    .description('print the settings as they take effect, secrets left out')
    .option('--defaults', 'print the defaults of every setting instead')
    .action(async (options: CommonOptions & { defaults?: boolean }) => {
      const settings = options.defaults ? loadSettings(undefined) : (await workplace(options)).settings;
      const shown = withoutSecrets(settings);
      process.stdout.write(options.json ? `${JSON.stringify(shown, null, 2)}\n` : stringify(shown));
      exit(0);
    });
};

const secretNames = new Set(['password', 'token', 'secret']);

/** The same settings with every secret as `***`. */
export function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, secretNames.has(key) && inner !== '' ? '***' : withoutSecrets(inner)]),
  );
}

export const addMigrate: AddCommand = (program, exit) => {
  program
    .command('migrate')
    .description('bring the schema of the database up to date')
    .action(async (options: CommonOptions) => {
      await withStore(await workplace(options), async ({ store }) => {
        const { migrate } = await import('../../../sql/migrate.ts');
        const { applied, version } = await migrate(store);
        process.stdout.write(
          options.json
            ? `${JSON.stringify({ applied, version })}\n`
            : `schema version ${version}${applied.length > 0 ? `, applied now: ${applied.join(', ')}` : ', nothing to do'}\n`,
        );
      });
      exit(0);
    });
};
