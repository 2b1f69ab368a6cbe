/** `weir incidents`: what is open; one in full; what people do with them; figures. */
import { userInfo } from 'node:os';
import { Argument, type Command } from 'commander';
import { WeirError } from '../../../core/errors.ts';
import type { Incident } from '../../../core/incident.ts';
import type { Action } from '../../../incidents/act.ts';
import type { Spread } from '../../../incidents/stats.ts';
import { createAudit } from '../../api/audit.ts';
import { createIncidentDesk } from '../../incidents/desk.ts';
import { incidentSettings } from '../../incidents/settings.ts';
import { type IncidentFigures, incidentStats } from '../../incidents/stats.ts';
import { sayRecovered } from '../../verdicts/recover.ts';
import { sayVerdict, type VerdictWord, verdictWords } from '../../verdicts/say.ts';
import type { AddCommand } from '../command.ts';
import { incidentTable, openIncidents, severityText } from '../incident-table.ts';
import { quietLog } from '../log.ts';
import { type CommonOptions, withStore, workplace } from '../options.ts';
import { colour, durationText, table, visible } from '../print.ts';
import { addAfter, afterBookOf, similarText } from './incident/after.ts';
import { addClose } from './incident/close.ts';
import { addOpen } from './incident/open.ts';
import { addTickets } from './incident/tickets.ts';

export const addIncidents: AddCommand = (program, exit) => {
  const command = program.command('incidents').description('list incidents, show one, act on one');
  command
    .command('list', { isDefault: true })
    .description('incidents that are not resolved, the highest rank first; exit code 1 when there are any')
    .action(async (options: CommonOptions) => exit(await list(options)));
  command
    .command('show')
    .description('one incident in full')
    .argument('<id>', 'incident id, or its beginning')
    .action(async (id: string, options: CommonOptions) => {
      await show(id, options);
      exit(0);
    });
  addActions(command, exit);
  addClose(command, exit);
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
  addOpen(command, exit);
  addAfter(command, exit);
  addTickets(command, exit);
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

interface ActOptions extends CommonOptions {
  readonly note?: string;
  readonly reason?: string;
  readonly to?: string;
  readonly team?: string;
}

/** Commands that change an incident: name, alias, what it does. */
const acts: readonly (readonly [name: string, alias: string, type: Action['type'], about: string])[] = [
  ['acknowledge', 'ack', 'acknowledge', 'say that somebody has seen it'],
  ['progress', 'start', 'in_progress', 'say that work has begun, or goes on after a hold'],
  ['resolve', '', 'resolve', 'say that what was wrong is right again'],
  ['reopen', '', 'reopen', 'open again what was resolved or closed'],
];

function addActions(command: Command, exit: (code: number) => void): void {
  const added = (name: string, about: string): Command =>
    command.command(name).description(about).argument('<id>', 'incident id, or its beginning');
  const done = async (id: string, action: Omit<Action, 'actor'>, options: ActOptions): Promise<void> => {
    await change(id, { ...action, actor: userInfo().username, ...(options.note ? { note: options.note } : {}) }, options);
    exit(0);
  };
  for (const [name, alias, type, about] of acts) {
    const one = added(name, about).option('--note <text>', 'what to write into its timeline');
    if (alias !== '') one.alias(alias);
    one.action((id: string, options: ActOptions) => done(id, { type }, options));
  }
  added('hold', 'put work on hold: it waits for something')
    .requiredOption('--reason <text>', 'what it waits for')
    .action((id: string, options: ActOptions) => done(id, { type: 'hold', note: options.reason! }, options));
  added('assign', 'assign to a person, a team or both')
    .option('--to <person>', 'who works on it; an empty text takes the person off')
    .option('--team <team>', 'team that has it')
    .option('--note <text>', 'what to write into its timeline')
    .action((id: string, options: ActOptions) => {
      const { to, team } = options;
      if (to === undefined && team === undefined) throw new WeirError('usage', 'give --to or --team');
      return done(id, { type: 'assign', ...(to === undefined ? {} : { assignee: to }), ...(team === undefined ? {} : { team }) }, options);
    });
  added('priority', 'set the priority: 1 to 5, 0 = as its severity')
    .argument('<priority>', '0 to 5', Number)
    .option('--note <text>', 'what to write into its timeline')
    .action((id: string, priority: number, options: ActOptions) => done(id, { type: 'prioritise', priority }, options));
  added('comment', 'write into its timeline')
    .argument('<text>', 'what to write')
    .action((id: string, note: string, options: ActOptions) => done(id, { type: 'comment', note }, options));
  command
    .command('stats')
    .description('MTTD, MTTA and MTTR by severity, time in each state, what the first line solved, compression and what was missed')
    .option('--days <days>', 'incidents that opened in so many days', '30')
    .action(async (options: CommonOptions & { days: string }) => {
      await stats(options);
      exit(0);
    });
}

async function stats(options: CommonOptions & { days: string }): Promise<void> {
  const days = Number(options.days);
  if (!(days > 0 && days <= 400)) throw new WeirError('usage', `--days ${options.days}: a number up to 400`);
  await withStore(await workplace(options), async ({ store, settings: { tenant } }) => {
    const to = Date.now();
    const figures = await incidentStats(store, tenant, { from: to - days * 86_400_000, to });
    process.stdout.write(options.json ? `${JSON.stringify(figures)}\n` : `${statsText(figures, days)}\n`);
  });
}

function statsText({ severities, findings, compression, missed, missed_share }: IncidentFigures, days: number): string {
  const of = ({ median, p90 }: Spread): string => (median === null ? '–' : `${durationText(median)} / ${durationText(p90 ?? median)}`);
  const [all] = severities;
  const columns = [
    { title: 'SEVERITY' },
    { title: 'INCIDENTS', right: true },
    { title: 'MTTD', right: true },
    { title: 'MTTA', right: true },
    { title: 'MTTR', right: true },
    { title: 'RESOLVED', right: true },
    { title: 'REOPENED', right: true },
    { title: 'FIRST LINE', right: true },
  ];
  const rows = severities.map((each) => [
    each.severity === 0 ? 'all' : severityText(each.severity),
    each.incidents,
    of(each.detect),
    of(each.acknowledge),
    of(each.resolve),
    each.resolved,
    each.reopened,
    each.first_line_share === null ? '–' : `${Math.round(each.first_line_share * 100)} %`,
  ]);
  const states = Object.entries(all?.states ?? {}).map(([state, spread]) => [state, spread.count, of(spread)]);
  return [
    `Incidents that opened in the last ${days} days; times are median / 90th percentile.`,
    '',
    table(columns, rows),
    '',
    table([{ title: 'STATE' }, { title: 'INCIDENTS', right: true }, { title: 'TIME IN IT', right: true }], states),
    '',
    compression === null
      ? 'No finding fired.'
      : `${findings} findings fired, ${all?.incidents ?? 0} incidents: compression ${(compression * 100).toFixed(1)} %.`,
    missed_share === null
      ? 'No incident, so none was missed.'
      : `Missed: ${missed} that a customer saw first, ${(missed_share * 100).toFixed(1)} % of the incidents.`,
  ].join('\n');
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
    const similar = options.json ? [] : await afterBookOf({ store, settings }).similar(incident);
    process.stdout.write(options.json ? `${JSON.stringify(incident, null, 2)}\n` : `${inFull(incident)}\n${similarText(similar)}`);
  });
}

function inFull(incident: Incident): string {
  const { finding, impact } = incident;
  const rows: readonly (readonly [string, string])[] = [
    [
      'state',
      `${incident.state}${incident.assignee ? `, ${incident.assignee}` : ''}${incident.team ? `, team ${incident.team}` : ''}${incident.on_call ? `, on call ${incident.on_call}` : ''}`,
    ],
    ['severity', `${severityText(incident.severity)}${incident.priority ? `, priority ${incident.priority}` : ''}`],
    ['on hold', incident.hold_reason ?? ''],
    ['merged', incident.merged_into ? `into ${incident.merged_into}` : ''],
    ['suspects', incident.change_suspects.map(({ change_id, summary }) => `${change_id} ${summary}`).join('; ')],
    [
      'money',
      impact.money ? `${impact.money.amount} ${impact.money.currency} (${impact.money.class}; ${impact.money.method})` : 'not stated',
    ],
    ['recover', impact.money?.recoverable_until ? `until ${impact.money.recoverable_until}` : ''],
    ['customers', impact.customers ? String(impact.customers.count) : 'not stated'],
    ['began', incident.began_at],
    ['detected', incident.detected_at],
    ['reported', incident.reported_at ? `${incident.reported_at}, first seen by ${incident.first_seen_by ?? 'weir'}` : ''],
    ['complaints', incident.complaints ? `${incident.complaints.count} of ${incident.complaints.customers} customers` : ''],
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
    // An incident that a person opened rests on no query.
    ...(finding.evidence.sql.trim() === '' ? [] : ['', 'See it again:', `  ${finding.evidence.sql.trim().replaceAll('\n', '\n  ')}`]),
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
    if (result.outcome === 'changed') {
      await createAudit({ store, clock: { now: () => Date.now() }, tenant: settings.tenant })({
        principal: { name: action.actor, role: 'owner', origin: 'cli' },
        action: `incident.${action.type}`,
        target: incident_id,
        address: 'local',
        detail: { sequence: String(result.incident.sequence) },
      });
    }
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
