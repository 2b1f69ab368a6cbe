/** `weir targets`: what incidents are told to, how each stands, and trying one. */
import { WeirError } from '../../../core/errors.ts';
import type { Settings } from '../../../core/settings/index.ts';
import { sendWebhook } from '../../../incidents/notify/webhook.ts';
import { secretFile } from '../../clickhouse.ts';
import { forgetfulMemory } from '../../outbox/correlations.ts';
import { endpointsOf } from '../../outbox/endpoints.ts';
import { type Deliver, deliveringOf, topicDelivery } from '../../outbox/target.ts';
import { targetNames, targetOf } from '../../outbox/targets.ts';
import { trialIncident, tryTelling } from '../../outbox/trial.ts';
import { type EndpointTrouble, readTrouble } from '../../outbox/trouble.ts';
import { createPublisher } from '../../pipeline/publisher.ts';
import { nearest } from '../../settings/nearest.ts';
import type { AddCommand } from '../command.ts';
import { quietLog } from '../log.ts';
import { type CommonOptions, withStore, workplace } from '../options.ts';
import { colour, table, visible } from '../print.ts';

export const addTargets: AddCommand = (program, exit) => {
  const command = program.command('targets').description('webhooks and targets: how each stands; send a test');
  command
    .command('list', { isDefault: true })
    .description('what incidents are told to, and how each stands; exit code 1 when something does not arrive')
    .action(async (options: CommonOptions) => exit(await list(options)));
  command
    .command('test')
    .description(
      'open an incident that is none at a target and resolve it there; a real ticket, page or message; exit code 1 when it is not taken',
    )
    .argument('<name>', 'name of the webhook or target')
    .action(async (name: string, options: CommonOptions) => exit(await test(name, options)));
};

interface Named {
  readonly name: string;
  readonly type: string;
  readonly minimumSeverity: number;
}

function namedOf({ webhooks, targets, kafka }: Settings): Named[] {
  return [
    ...webhooks.map(({ name, minimumSeverity }) => ({ name, type: 'webhook', minimumSeverity })),
    ...Object.entries(targets).map(([name, { type, minimumSeverity }]) => ({ name, type, minimumSeverity })),
    ...(kafka.incidentsTopic === ''
      ? []
      : [{ name: `topic:${kafka.incidentsTopic}`, type: 'kafka', minimumSeverity: kafka.minimumSeverity }]),
  ];
}

async function list(options: CommonOptions): Promise<number> {
  return withStore(await workplace(options), async ({ store, settings }) => {
    const standing = new Map((await readTrouble(store, settings.tenant, Date.now())).map((one) => [one.endpoint, one]));
    const rows = namedOf(settings).map((named) => ({ ...named, ...shown(standing.get(named.name)) }));
    if (options.json) process.stdout.write(`${JSON.stringify(rows)}\n`);
    else if (rows.length === 0)
      process.stdout.write('Incidents are told to nobody: there are no webhooks and no targets in the settings.\n');
    else
      process.stdout.write(
        `${table(
          [
            { title: 'TARGET' },
            { title: 'TYPE' },
            { title: 'SEVERITY' },
            { title: 'ARRIVED', right: true },
            { title: 'WAITING', right: true },
            { title: 'GIVEN UP', right: true },
            { title: 'LAST ARRIVED (UTC)' },
            { title: 'WHAT IS WRONG', width: 60 },
          ],
          rows.map((row) => [
            row.name,
            row.type,
            `1 to ${row.minimumSeverity}`,
            row.delivered,
            row.waiting,
            row.dead,
            row.delivered_at?.slice(0, 19).replace('T', ' ') ?? 'never',
            row.error,
          ]),
        )}\n`,
      );
    return rows.some(({ dead, stuck }) => dead + stuck > 0) ? 1 : 0;
  });
}

function shown(trouble: EndpointTrouble | undefined) {
  const wrong = (trouble?.dead ?? 0) + (trouble?.stuck ?? 0) > 0;
  return {
    delivered: trouble?.delivered ?? 0,
    waiting: trouble?.waiting ?? 0,
    stuck: trouble?.stuck ?? 0,
    dead: trouble?.dead ?? 0,
    delivered_at: trouble === undefined || trouble.deliveredAt === 0 ? null : new Date(trouble.deliveredAt).toISOString(),
    error: wrong ? (trouble?.error ?? '') : '',
  };
}

async function test(name: string, options: CommonOptions): Promise<number> {
  const { settings } = await workplace(options);
  const { deliver, close } = deliverOf(name, settings);
  const clock = (): number => Date.now();
  const incident = trialIncident(settings.tenant, clock(), settings.http.publicUrl.replace(/\/+$/, ''));
  const steps = await tryTelling(deliver, incident, clock).finally(close);
  const ok = steps.every(({ outcome }) => outcome === 'delivered');
  if (options.json) process.stdout.write(`${JSON.stringify({ target: name, incident_id: incident.incident_id, ok, steps })}\n`);
  else
    for (const { transition, outcome, http_status, said } of steps) {
      const word = outcome === 'delivered' ? colour('taken', 'green') : colour('not taken', 'red');
      const facts = [http_status > 0 ? String(http_status) : '', said].filter(Boolean).join(', ');
      process.stdout.write(`${transition.padEnd(8)}  ${word}${facts ? `  ${visible(facts)}` : ''}\n`);
    }
  return ok ? 0 : 1;
}

/** How one target of the settings is told, with nothing remembered. @throws WeirError not_found */
function deliverOf(name: string, settings: Settings): { deliver: Deliver; close: () => Promise<void> } {
  const nothing = async (): Promise<void> => undefined;
  const endpoint = endpointsOf(settings.webhooks.filter((webhook) => webhook.name === name))[0];
  if (endpoint) return { deliver: (incident, now) => sendWebhook(endpoint, incident, now), close: nothing };
  const target = settings.targets[name];
  if (target !== undefined && target.type !== 'kafka')
    return {
      deliver: deliveringOf(targetOf(name, target, settings.http.publicUrl, process.env), target, forgetfulMemory()).deliver,
      close: nothing,
    };
  const topic = target?.topic ?? (name === `topic:${settings.kafka.incidentsTopic}` ? settings.kafka.incidentsTopic : '');
  if (topic === '') {
    const names = targetNames(settings);
    const near = nearest(name, names);
    throw new WeirError('not_found', `no webhook or target ${name}`, {
      hint: near ? `Did you mean "${near}"?` : `Known: ${names.join(', ') || 'none'}`,
    });
  }
  const { kafka } = settings;
  const publisher = createPublisher(kafka, kafka.passwordFile ? secretFile(kafka.passwordFile) : '', quietLog);
  return { deliver: topicDelivery(publisher, topic), close: () => publisher.close() };
}
