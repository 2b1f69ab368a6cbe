/** `weir incidents`: what is open; one in full; acknowledge, resolve and close. */
import { userInfo } from 'node:os';
import { Argument, type Command } from 'commander';
import { WeirError } from '../../../core/errors.ts';
import type { Incident } from '../../../core/incident.ts';
import type { Action } from '../../../incidents/act.ts';
import { createAudit } from '../../api/audit.ts';
import { createIncidentDesk } from '../../incidents/desk.ts';
import { incidentSettings } from '../../incidents/settings.ts';
import { sayRecovered } from '../../verdicts/recover.ts';
import { sayVerdict, type VerdictWord, verdictWords } from '../../verdicts/say.ts';
import type { AddCommand } from '../command.ts';
import { incidentTable, openIncidents, severityText } from '../incident-table.ts';
import { quietLog } from '../log.ts';
import { type CommonOptions, withStore, workplace } from '../options.ts';
import { colour, visible } from '../print.ts';

export const addIncidents: AddCommand = (program, exit) => {
  const command = program.command('incidents').description('list incidents, show one, act on one');
  command
    .command('list', { isDefault: true })
    .description('incidents that are not resolved, worst first; exit code 1 when there are any')
    .action(async (options: CommonOptions) => exit(await list(options)));
  command
    .command('show')
    .description('one incident in full')
    .argument('<id>', 'incident id, or its beginning')
    .action(async (id: string, options: CommonOptions) => {
      await show(id, options);
      exit(0);
    });
  for (const type of ['acknowledge', 'resolve', 'close'] as const) addAction(command, type, exit);
  command
    .command('verdict')
    .description('say whether an incident was right: limits learn from it')
    .argument('<id>', 'incident id, or its beginning')
    .addArgument(new Argument('<verdict>', 'true, false (a false alarm) or useful (right, and it helped)').choices([...verdictWords]))
    .option('--note <text>', 'why')
    .action(async (id: string, verdict: VerdictWord, options: CommonOptions & { note?: string }) => {
      await judge(id, verdict, options);
      exit(0);
    });
  command
    .command('confirm')
    .description('say that an incident was right: as verdict true')
    .argument('<id>', 'incident id, or its beginning')
    .option('--note <text>', 'why')
    .action(async (id: string, options: CommonOptions & { note?: string }) => {
      await judge(id, 'true', options);
      exit(0);
    });
  command
    .command('false')
    .description('say that an incident was a false alarm: as verdict false')
    .argument('<id>', 'incident id, or its beginning')
    .requiredOption('--reason <text>', 'why it was false')
    .action(async (id: string, options: CommonOptions & { reason: string }) => {
      await judge(id, 'false', { ...options, note: options.reason });
      exit(0);
    });
  command
    .command('recovered')
    .description('enter an amount that was recovered of a revenue case; entries add up')
    .argument('<id>', 'incident id, or its beginning')
    .argument('<amount>', 'in the currency of the case, e.g. 1250.50; with -- before it, a negative one corrects')
    .option('--note <text>', 'how: invoice, credit note, dispute')
    .action(async (id: string, amount: string, options: CommonOptions & { note?: string }) => {
      await recovered(id, amount, options);
      exit(0);
    });
};

async function recovered(id: string, amount: string, options: CommonOptions & { note?: string }): Promise<void> {
  await withStore(await workplace(options), async ({ store, settings: { tenant, currency } }) => {
    const incident = await find(store, tenant, id);
    const clock = { now: () => Date.now() };
    const actor = userInfo().username;
    const said = await sayRecovered({ store, clock, tenant, currency }, incident, {
      amount,
      note: options.note ?? '',
      actor,
      origin: 'cli',
    });
    await createAudit({ store, clock, tenant })({
      principal: { name: actor, role: 'owner', origin: 'cli' },
      action: 'incident.recovered',
      target: incident.incident_id,
      address: 'local',
      detail: { amount: said.amount },
    });
    process.stdout.write(
      options.json ? `${JSON.stringify(said)}\n` : `${visible(incident.title)}: ${said.total} ${said.currency} recovered in all\n`,
    );
  });
}

function addAction(command: Command, type: 'acknowledge' | 'resolve' | 'close', exit: (code: number) => void): void {
  command
    .command(type)
    .description(`${type} an incident`)
    .argument('<id>', 'incident id, or its beginning')
    .option('--note <text>', 'what to write into its timeline')
    .action(async (id: string, options: CommonOptions & { note?: string }) => {
      await change(id, { type, actor: userInfo().username, ...(options.note ? { note: options.note } : {}) } as Action, options);
      exit(0);
    });
}

async function list(options: CommonOptions): Promise<number> {
  return withStore(await workplace(options), async ({ store, settings }) => {
    const incidents = await openIncidents(store, settings.tenant, { atLeast: 0, deadlineMs: 0 });
    if (options.json) process.stdout.write(`${JSON.stringify(incidents)}\n`);
    else if (incidents.length === 0) process.stdout.write('No open incidents.\n');
    else {
      process.stdout.write(`${incidentTable(incidents)}\n\n`);
      process.stdout.write(`One in full: npx weir incidents show ${incidents[0]?.incident_id.slice(0, 12)}\n`);
    }
    return incidents.length > 0 ? 1 : 0;
  });
}

async function find(store: Parameters<typeof openIncidents>[0], tenant: string, id: string): Promise<Incident> {
  const rows = await store.rows<{ body: string }>('incident-by-prefix', { tenant, prefix: id });
  if (rows.length === 0) throw new WeirError('not_found', `no incident ${id}`, { hint: 'npx weir incidents lists them' });
  if (rows.length > 1) throw new WeirError('usage', `${id} is the beginning of ${rows.length} incidents`, { hint: 'Give more of the id.' });
  return JSON.parse((rows[0] as { body: string }).body) as Incident;
}

async function show(id: string, options: CommonOptions): Promise<void> {
  await withStore(await workplace(options), async ({ store, settings }) => {
    const incident = await find(store, settings.tenant, id);
    process.stdout.write(options.json ? `${JSON.stringify(incident, null, 2)}\n` : `${inFull(incident)}\n`);
  });
}

function inFull(incident: Incident): string {
  const { finding, impact } = incident;
  const rows: readonly (readonly [string, string])[] = [
    ['state', `${incident.state}${incident.assignee ? `, ${incident.assignee}` : ''}${incident.team ? `, team ${incident.team}` : ''}`],
    ['severity', severityText(incident.severity)],
    [
      'money',
      impact.money ? `${impact.money.amount} ${impact.money.currency} (${impact.money.class}; ${impact.money.method})` : 'not stated',
    ],
    ['recover', impact.money?.recoverable_until ? `until ${impact.money.recoverable_until}` : ''],
    ['customers', impact.customers ? String(impact.customers.count) : 'not stated'],
    ['began', incident.began_at],
    ['detected', incident.detected_at],
    [
      'observed',
      `${finding.observed} ${finding.unit}, expected ${finding.expected} (${finding.lower} to ${finding.upper}), score ${finding.score.toFixed(1)}`,
    ],
    [
      'scope',
      Object.entries(finding.scope)
        .map(([label, value]) => `${label}=${value}`)
        .join(' '),
    ],
    ...incident.explanation.map(
      ({ dimensions, share }) =>
        [
          'explained',
          `${Object.entries(dimensions)
            .map(([label, value]) => `${label}=${value}`)
            .join(' ')} (${Math.round(share * 100)} %)`,
        ] as const,
    ),
    ['records', finding.evidence.sample_record_ids.slice(0, 3).join(' ')],
  ];
  const lines = rows.filter(([, text]) => text !== '').map(([label, text]) => `  ${colour(label.padEnd(10), 'dim')} ${visible(text)}`);
  const timeline = incident.timeline.map(
    ({ at, type, actor, text }) => `  ${at.slice(0, 19).replace('T', ' ')}  ${type.padEnd(12)} ${actor.padEnd(10)} ${visible(text)}`,
  );
  const why = (incident.reasons ?? []).map(({ step, text }) => `  ${step.padEnd(10)} ${visible(text)}`);
  const { symptoms = [], symptom_counts: counts } = incident;
  const also = symptoms.map(
    ({ relation, detector, title, reason }) => `  ${relation.padEnd(10)} ${detector}: ${visible(title)} (${visible(reason)})`,
  );
  const more = (counts?.symptoms ?? 0) + (counts?.children ?? 0) - symptoms.length;
  return [
    colour(visible(incident.title), 'bold'),
    visible(incident.summary),
    '',
    ...lines,
    ...(why.length > 0 ? ['', 'Why', ...why] : []),
    ...(also.length > 0 ? ['', 'Also seen', ...also, ...(more > 0 ? [`  and ${more} more, in the table incident_findings`] : [])] : []),
    '',
    'Timeline',
    ...timeline,
    '',
    'See it again:',
    `  ${finding.evidence.sql.trim().replaceAll('\n', '\n  ')}`,
  ].join('\n');
}

async function change(id: string, action: Action, options: CommonOptions): Promise<void> {
  await withStore(await workplace(options), async ({ store, settings }) => {
    const { incident_id } = await find(store, settings.tenant, id);
    const desk = createIncidentDesk({
      store,
      clock: { now: () => Date.now() },
      tenant: settings.tenant,
      settings: incidentSettings(settings),
      log: quietLog,
    });
    const result = await desk.act(incident_id, action);
    if (result.outcome === 'refused') throw new WeirError('usage', `the incident cannot be changed so: ${result.reason}`);
    if (result.outcome === 'not_found') throw new WeirError('not_found', `no incident ${id}`);
    process.stdout.write(options.json ? `${JSON.stringify(result.incident)}\n` : `${result.incident.title}: ${result.incident.state}\n`);
  });
}

async function judge(id: string, verdict: VerdictWord, options: CommonOptions & { note?: string }): Promise<void> {
  await withStore(await workplace(options), async ({ store, settings: { tenant } }) => {
    const incident = await find(store, tenant, id);
    const clock = { now: () => Date.now() };
    const actor = userInfo().username;
    const said = await sayVerdict({ store, clock, tenant }, incident, { verdict, note: options.note ?? '', actor, origin: 'cli' });
    await createAudit({ store, clock, tenant })({
      principal: { name: actor, role: 'owner', origin: 'cli' },
      action: 'incident.verdict',
      target: incident.incident_id,
      address: 'local',
      detail: { verdict },
    });
    process.stdout.write(options.json ? `${JSON.stringify(said)}\n` : `${visible(incident.title)}: ${verdict}\n`);
  });
}
