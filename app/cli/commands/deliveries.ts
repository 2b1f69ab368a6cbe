/** `weir deliveries`: what became of what was sent, and asking for what was given up once more. */
import { userInfo } from 'node:os';
import { WeirError } from '../../../core/errors.ts';
import { createAudit } from '../../api/audit.ts';
import { type DeliveryRow, listDeliveries, mostReplayed, replayDeliveries } from '../../outbox/replay.ts';
import { targetNames } from '../../outbox/targets.ts';
import { nearest } from '../../settings/nearest.ts';
import type { AddCommand } from '../command.ts';
import { type CommonOptions, type OpenStore, withStore, workplace } from '../options.ts';
import { table } from '../print.ts';

interface Chosen extends CommonOptions {
  readonly target?: readonly string[];
  readonly incident?: string;
}

interface ListOptions extends Chosen {
  readonly state?: readonly string[];
  readonly limit: string;
}

interface ReplayOptions extends Chosen {
  readonly all?: boolean;
  readonly overtaken?: boolean;
}

const clock = { now: () => Date.now() };

export const addDeliveries: AddCommand = (program, exit) => {
  const command = program.command('deliveries').description('what became of what was sent to targets; send what was given up once more');
  command
    .command('list', { isDefault: true })
    .description('deliveries, the latest first')
    .option('--target <name...>', 'only to these targets')
    .option('--incident <id>', 'only of this incident, its whole id')
    .option('--state <state...>', 'only these: delivered, skipped (no route), retry, dead (given up), replay (asked for again)')
    .option('--limit <count>', 'at most so many', '100')
    .action(async (options: ListOptions) => {
      await list(options);
      exit(0);
    });
  command
    .command('replay')
    .description('send what was given up once more, in order within each incident; exit code 1 when there is nothing')
    .option('--target <name...>', 'only to these targets')
    .option('--incident <id>', 'only of this incident, its whole id')
    .option('--all', 'to every target')
    .option('--overtaken', 'also what something later has overtaken')
    .action(async (options: ReplayOptions) => exit(await replay(options)));
};

async function list(options: ListOptions): Promise<void> {
  const limit = Number(options.limit);
  if (!(Number.isInteger(limit) && limit > 0 && limit <= 10_000))
    throw new WeirError('usage', `--limit ${options.limit}: not a number from 1 to 10000`);
  await withStore(await workplace(options), async ({ store, settings: { tenant } }) => {
    const rows = await listDeliveries(store, tenant, { ...chosenOf(options), states: options.state ?? [], limit });
    if (options.json) process.stdout.write(`${JSON.stringify(rows)}\n`);
    else if (rows.length === 0) process.stdout.write('No deliveries.\n');
    else process.stdout.write(`${deliveryTable(rows)}\n`);
  });
}

function deliveryTable(rows: readonly DeliveryRow[]): string {
  return table(
    [
      { title: 'AT (UTC)' },
      { title: 'TARGET' },
      { title: 'INCIDENT' },
      { title: 'SEQ', right: true },
      { title: 'STATE' },
      { title: 'TRIES', right: true },
      { title: 'STATUS', right: true },
      { title: 'WHAT WAS SAID', width: 70 },
    ],
    rows.map((row) => [
      row.at.slice(0, 19),
      row.endpoint,
      row.incident_id,
      row.sequence,
      row.overtaken && row.state === 'dead' ? 'dead (overtaken)' : row.state,
      row.attempts,
      row.http_status === 0 ? '' : row.http_status,
      row.error,
    ]),
  );
}

function chosenOf({ target, incident }: Chosen): { endpoints?: readonly string[]; incidentId?: string } {
  return { ...(target === undefined ? {} : { endpoints: target }), ...(incident === undefined ? {} : { incidentId: incident }) };
}

async function replay(options: ReplayOptions): Promise<number> {
  if (!options.all && options.target === undefined && options.incident === undefined)
    throw new WeirError('usage', 'say what is to be sent once more', { hint: '--target NAME, --incident ID, or --all' });
  return withStore(await workplace(options), async (open) => {
    const { store, settings } = open;
    for (const name of options.target ?? []) checkName(open, name);
    const actor = userInfo().username;
    const request = { ...chosenOf(options), overtaken: options.overtaken ?? false, actor };
    const { replayed } = await replayDeliveries({ store, clock, tenant: settings.tenant }, request);
    if (replayed > 0)
      await createAudit({ store, clock, tenant: settings.tenant })({
        principal: { name: actor, role: 'owner', origin: 'cli' },
        action: 'deliveries.replay',
        target: (options.target ?? []).join(',') || options.incident || 'all',
        address: 'local',
        detail: { replayed: String(replayed) },
      });
    if (options.json) process.stdout.write(`${JSON.stringify({ replayed })}\n`);
    else if (replayed === 0) process.stdout.write('Nothing was given up there that nothing later has overtaken.\n');
    else
      process.stdout.write(
        `${replayed} asked for again${replayed === mostReplayed ? ', there may be more' : ''}; a running Weir sends them within seconds.\n`,
      );
    return replayed > 0 ? 0 : 1;
  });
}

/** A target that is gone from the settings may still have deliveries, but nobody would send them. */
function checkName({ settings }: OpenStore, name: string): void {
  const names = targetNames(settings);
  if (names.includes(name)) return;
  const near = nearest(name, names);
  throw new WeirError('not_found', `no target ${name} in the settings`, {
    hint: near ? `Did you mean "${near}"?` : `Known: ${names.join(', ') || 'none'}`,
  });
}
