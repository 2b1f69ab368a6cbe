/** `weir incidents open|reported|customers`: what people report, and whom an incident concerns. */
import { randomBytes } from 'node:crypto';
import { type Command, Option } from 'commander';
import { WeirError } from '../../../../core/errors.ts';
import type { Incident } from '../../../../core/incident.ts';
import { manualIncident, reported, type Seer, seers } from '../../../../incidents/manual.ts';
import { customerLines } from '../../../incidents/customer-lines.ts';
import { complaintsOf, customersOf } from '../../../incidents/reach.ts';
import { incidentSettings } from '../../../incidents/settings.ts';
import { auditHere, deskOf, incidentNamed, person, systemClock } from '../../incident-named.ts';
import { instantOf } from '../../instant.ts';
import { type CommonOptions, withStore, workplace } from '../../options.ts';
import { table, visible } from '../../print.ts';

interface OpenOptions extends CommonOptions {
  readonly title: string;
  readonly summary?: string;
  readonly category: string;
  readonly severity: number;
  readonly scope?: readonly string[];
  readonly customers?: number;
  readonly seenBy: Seer;
  readonly reportedAt?: string;
  readonly beganAt?: string;
  readonly team?: string;
}

export function addOpen(command: Command, exit: (code: number) => void): void {
  command
    .command('open')
    .description('open an incident that people reported, so that who saw it first is measured')
    .requiredOption('--title <text>', 'what is wrong')
    .option('--summary <text>', 'how much, since when')
    .option('--category <name>', 'service, revenue or data', 'service')
    .addOption(new Option('--severity <figure>', '1 critical … 5 informational').choices(['1', '2', '3', '4', '5']).default('3'))
    .option('--scope <label=value...>', 'what it concerns, e.g. service=voice site=north-4')
    .option('--customers <count>', 'customers concerned, as far as is known', Number)
    .addOption(new Option('--seen-by <who>', 'who saw it first').choices([...seers]).default('staff'))
    .option('--reported-at <time>', 'when it was reported (default: now)')
    .option('--began-at <time>', 'when it began (default: when it was reported)')
    .option('--team <name>', 'team that has it')
    .action(async (options: OpenOptions) => {
      await open(options);
      exit(0);
    });
  command
    .command('reported')
    .description('say that somebody reported an incident, and when: the earliest report counts')
    .argument('<id>', 'incident id, or its beginning')
    .addOption(new Option('--by <who>', 'who').choices([...seers]).default('customer'))
    .requiredOption('--at <time>', 'when')
    .action(async (id: string, options: CommonOptions & { by: Seer; at: string }) => {
      await report(id, options);
      exit(0);
    });
  command
    .command('customers')
    .description('customers whom an incident concerns, as pseudonyms: the first 20, or all as CSV')
    .argument('<id>', 'incident id, or its beginning')
    .option('--csv', 'all of them as CSV')
    .action(async (id: string, options: CommonOptions & { csv?: boolean }) => {
      await customers(id, options);
      exit(0);
    });
}

/** @example labelsOf(['service=voice']) // { service: 'voice' } */
export function labelsOf(words: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    words.map((word) => {
      const at = word.indexOf('=');
      if (at <= 0) throw new WeirError('usage', `--scope ${word}: not label=value`, { hint: 'e.g. --scope service=voice' });
      return [word.slice(0, at), word.slice(at + 1)];
    }),
  );
}

async function open(options: OpenOptions): Promise<void> {
  const { title, summary = '', category, severity, scope = [], customers: concerned, seenBy, team } = options;
  const labels = labelsOf(scope);
  if (concerned !== undefined && !(Number.isInteger(concerned) && concerned >= 0))
    throw new WeirError('usage', '--customers is not a count');
  await withStore(await workplace(options), async (place) => {
    const now = systemClock.now();
    const reportedAt = options.reportedAt === undefined ? now : instantOf(options.reportedAt, '--reported-at');
    const beganAt = options.beganAt === undefined ? reportedAt : instantOf(options.beganAt, '--began-at');
    const incident = manualIncident(
      {
        ...{ title, summary, category, scope: labels, seenBy, reportedAt, beganAt },
        severity: Number(severity) as Incident['severity'],
        ...(concerned === undefined ? {} : { customers: concerned }),
        ...(team === undefined ? {} : { team }),
      },
      incidentSettings(place.settings),
      { tenant: place.settings.tenant, actor: person(), now, identity: randomBytes(12).toString('hex') },
    );
    await deskOf(place).open(incident);
    await auditHere(place, 'incident.open', incident.incident_id, { seen_by: seenBy });
    process.stdout.write(options.json ? `${JSON.stringify(incident)}\n` : `${incident.incident_id}: ${visible(title)}\n`);
  });
}

async function report(id: string, options: CommonOptions & { by: Seer; at: string }): Promise<void> {
  await withStore(await workplace(options), async (place) => {
    const { incident_id } = await incidentNamed(place, id);
    const at = instantOf(options.at, '--at');
    const result = await deskOf(place).change(incident_id, (incident, now) => reported(incident, options.by, at, person(), now));
    if (result.outcome === 'refused') throw new WeirError('usage', result.reason);
    if (result.outcome === 'not_found') throw new WeirError('not_found', `no incident ${id}`);
    if (result.outcome === 'changed')
      await auditHere(place, 'incident.reported', incident_id, { by: options.by, at: new Date(at).toISOString() });
    const { incident } = result;
    process.stdout.write(
      options.json ? `${JSON.stringify(incident)}\n` : `${visible(incident.title)}: first seen by ${incident.first_seen_by ?? 'weir'}\n`,
    );
  });
}

const shown = 20;

async function customers(id: string, options: CommonOptions & { csv?: boolean }): Promise<void> {
  await withStore(await workplace(options), async (place) => {
    const { store, settings } = place;
    const of = { store, tenant: settings.tenant };
    const incident = await incidentNamed(place, id);
    await auditHere(place, 'incident.customers', incident.incident_id);
    const now = systemClock.now();
    if (options.csv) {
      for await (const line of customerLines(of, incident, now)) process.stdout.write(line);
      return;
    }
    const page = await customersOf(of, incident, { after: '0', limit: shown + 1, now });
    const complaints = await complaintsOf(of, incident, now);
    if (options.json) {
      process.stdout.write(`${JSON.stringify({ ...page, items: page.items.slice(0, shown), complaints })}\n`);
      return;
    }
    if (page.unknown.length > 0) process.stdout.write(`Usage has no label ${page.unknown.join(', ')}: nobody can be named.\n`);
    else if (page.items.length === 0) process.stdout.write('Nobody is known.\n');
    else {
      const rows = page.items
        .slice(0, shown)
        .map((item) => [
          item.subscriber,
          item.segment,
          item.plan,
          item.records_during,
          item.records_before,
          item.last_at?.slice(0, 16) ?? '',
        ]);
      const columns = [
        { title: 'SUBSCRIBER' },
        { title: 'SEGMENT' },
        { title: 'PLAN' },
        { title: 'SINCE', right: true },
        { title: 'DAY BEFORE', right: true },
        { title: 'LAST' },
      ];
      process.stdout.write(`${table(columns, rows)}\n${page.items.length > shown ? '… all of them: --csv\n' : ''}`);
    }
    process.stdout.write(
      `${complaints.count} complaints of ${complaints.customers} customers${complaints.count > 0 ? `, the first at ${complaints.first_at}` : ''}.\n`,
    );
  });
}
