/** `weir maintenance`: windows of planned work and silences; what they touch makes no findings meanwhile. */
import { userInfo } from 'node:os';
import { WeirError } from '../../../core/errors.ts';
import type { Settings } from '../../../core/settings/index.ts';
import { zoneNamed } from '../../../ingest/decode/zone.ts';
import { createAudit } from '../../api/audit.ts';
import { shownRow } from '../../api/routes/maintenance.ts';
import { createMaintenanceBook, type MaintenanceBook } from '../../maintenance/book.ts';
import { recurringOf } from '../../maintenance/maintenance.ts';
import type { Matchers } from '../../maintenance/window.ts';
import type { AddCommand } from '../command.ts';
import { type CommonOptions, type OpenStore, withStore, workplace } from '../options.ts';
import { table } from '../print.ts';

export interface AddOptions extends CommonOptions {
  readonly match: readonly string[];
  readonly from?: string;
  readonly to?: string;
  readonly for?: string;
  readonly reason: string;
  readonly silence?: boolean;
}

const clock = { now: () => Date.now() };
const mostListed = 500;

export const addMaintenance: AddCommand = (program, exit) => {
  const command = program.command('maintenance').description('list, enter and cancel maintenance windows and silences');
  command
    .command('list', { isDefault: true })
    .description('windows and silences that are planned or going on, and the weekly work of the settings')
    .option('--all', 'also those that have ended or were cancelled')
    .action(async (options: CommonOptions & { all?: boolean }) => {
      await list(options);
      exit(0);
    });
  command
    .command('add')
    .description('enter a window: findings with its labels are held back while it lasts')
    .requiredOption('--match <label=value...>', 'labels that a finding must have, all of them, e.g. source=msc-1')
    .option('--from <time>', 'first instant, ISO 8601; without a zone in the time zone of the operator (default: now)')
    .option('--to <time>', 'first instant after it')
    .option('--for <duration>', 'how long instead of --to: 30m, 4h, 2d')
    .requiredOption('--reason <text>', 'why')
    .option('--silence', 'a silence asked for by a person, not planned work')
    .action(async (options: AddOptions) => {
      await add(options);
      exit(0);
    });
  command
    .command('cancel')
    .description('end a window now, or keep it from beginning')
    .argument('<id>', 'maintenance id, or its beginning')
    .action(async (id: string, options: CommonOptions) => {
      await cancel(id, options);
      exit(0);
    });
};

const bookOf = ({ store, settings }: OpenStore): MaintenanceBook => createMaintenanceBook({ store, clock, tenant: settings.tenant });

const auditOf = ({ store, settings }: OpenStore, action: string, target: string, detail: Readonly<Record<string, string>>): Promise<void> =>
  createAudit({ store, clock, tenant: settings.tenant })({
    principal: { name: userInfo().username, role: 'owner', origin: 'cli' },
    action,
    target,
    address: 'local',
    detail,
  });

const labelsText = (labels: Matchers): string =>
  Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');

/** Prints windows and silences. @param kind only these; empty = all, and the weekly work of the settings */
export async function list(options: CommonOptions & { all?: boolean }, kind = ''): Promise<void> {
  await withStore(await workplace(options), async (open) => {
    const rows = await bookOf(open).page({ state: '', after_at: '2299-01-01 00:00:00.000', after_id: '', limit: mostListed });
    const current = rows.filter(
      (row) => (kind === '' || row.kind === kind) && (options.all || row.phase === 'planned' || row.phase === 'active'),
    );
    const weekly = kind === '' ? recurringOf(open.settings) : [];
    if (options.json) {
      const recurring = weekly.map(({ id, text, match, reason }) => ({ id, weekly: text, matchers: match, reason }));
      process.stdout.write(`${JSON.stringify({ items: current.map(shownRow), weekly: recurring })}\n`);
      return;
    }
    if (current.length === 0 && weekly.length === 0)
      process.stdout.write(kind === '' ? 'No maintenance is planned or going on.\n' : 'Nothing is silenced.\n');
    else
      process.stdout.write(
        `${table(
          [
            { title: 'ID' },
            { title: 'STATE' },
            { title: 'FROM (UTC)' },
            { title: 'TO (UTC)' },
            { title: 'LABELS', width: 60 },
            { title: 'REASON', width: 60 },
          ],
          [
            ...current.map((row) => [
              row.maintenance_id,
              row.phase,
              row.starts_at.slice(0, 16),
              row.ends_at.slice(0, 16),
              labelsText(row.matchers),
              row.reason,
            ]),
            ...weekly.map(({ id, text, match, reason }) => [id, 'weekly', text, open.settings.timeZone, labelsText(match), reason]),
          ],
        )}\n`,
      );
  });
}

/** Enters a window or a silence. */
export async function add(options: AddOptions): Promise<void> {
  const matchers = matchersOf(options.match);
  await withStore(await workplace(options), async (open) => {
    const startsAt = options.from === undefined ? clock.now() : instantOf(options.from, open.settings, '--from');
    if ((options.to === undefined) === (options.for === undefined))
      throw new WeirError('usage', 'give either --to or --for', { hint: 'A window always has an end.' });
    const endsAt = options.to === undefined ? startsAt + durationOf(options.for!) : instantOf(options.to, open.settings, '--to');
    const kind = options.silence ? 'silence' : 'window';
    const window = await bookOf(open).add({ kind, matchers, startsAt, endsAt, reason: options.reason }, userInfo().username);
    await auditOf(open, 'maintenance.add', window.maintenance_id, { kind, ends_at: new Date(endsAt).toISOString() });
    process.stdout.write(
      options.json
        ? `${JSON.stringify({ ...window, starts_at: new Date(startsAt).toISOString(), ends_at: new Date(endsAt).toISOString(), at: new Date(window.at).toISOString() })}\n`
        : `${window.maintenance_id}: ${labelsText(matchers)} held from ${new Date(startsAt).toISOString()} to ${new Date(endsAt).toISOString()}\n`,
    );
  });
}

/** Ends one now. */
export async function cancel(id: string, options: CommonOptions): Promise<void> {
  await withStore(await workplace(options), async (open) => {
    const book = bookOf(open);
    const found = await book.find(id);
    if (found.length > 1) throw new WeirError('usage', `${id} is the beginning of several ids`, { hint: 'Give more of the id.' });
    const full = found[0]?.maintenance_id ?? id;
    const result = await book.cancel(full, userInfo().username);
    if (result.outcome === 'not_found')
      throw new WeirError('not_found', `no maintenance ${id}`, { hint: 'npx weir maintenance lists them' });
    if (result.outcome === 'refused') throw new WeirError('conflict', result.reason);
    if (result.outcome === 'changed') await auditOf(open, 'maintenance.cancel', full, { version: String(result.window.version) });
    process.stdout.write(options.json ? `${JSON.stringify({ maintenance_id: full, state: 'cancelled' })}\n` : `${full}: cancelled\n`);
  });
}

/**
 * Labels of `name=value` words.
 * @throws WeirError usage for a word without `=`
 * @example matchersOf(['source=msc-1']) // { source: 'msc-1' }
 */
export function matchersOf(words: readonly string[]): Matchers {
  return Object.fromEntries(
    words.map((word) => {
      const at = word.indexOf('=');
      if (at <= 0) throw new WeirError('usage', `--match ${word}: not label=value`, { hint: 'e.g. --match source=msc-1 leg=switch' });
      return [word.slice(0, at), word.slice(at + 1)];
    }),
  );
}

/**
 * An instant in ISO 8601; without a zone by the clock of the operator.
 * @throws WeirError usage when it is none
 */
export function instantOf(text: string, { timeZone }: Pick<Settings, 'timeZone'>, option: string): number {
  const [, date, time = '00:00', zone] = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?))?(Z|[+-]\d{2}:\d{2})?$/.exec(text) ?? [];
  const local = date === undefined ? Number.NaN : Date.parse(`${date}T${time}${zone ?? 'Z'}`);
  if (Number.isNaN(local))
    throw new WeirError('usage', `${option} ${text}: not a time`, { hint: 'ISO 8601, e.g. 2026-11-22T02:00 or 2026-11-22T02:00Z' });
  return zone === undefined ? (zoneNamed(timeZone)?.toUtc(local) ?? local) : local;
}

const unitsMs: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * A duration in ms.
 * @throws WeirError usage when it is none
 * @example durationOf('90m') // 5400000
 */
export function durationOf(text: string): number {
  const [, figure, unit] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  const duration = Number(figure) * (unitsMs[unit ?? ''] ?? Number.NaN);
  if (!(duration > 0)) throw new WeirError('usage', `--for ${text}: not a duration`, { hint: 'e.g. 30m, 4h, 2d' });
  return duration;
}
