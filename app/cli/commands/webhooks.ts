/** `weir webhooks`: webhooks that are registered while Weir runs, to public addresses alone; those of the settings are `weir targets`. */
import { userInfo } from 'node:os';
import { InvalidArgumentError } from 'commander';
import { createAudit } from '../../api/audit.ts';
import { webhookKey } from '../../data-directory.ts';
import { createRegistry, type Registered, type Registration, type Registry } from '../../outbox/registry.ts';
import { targetNames } from '../../outbox/targets.ts';
import type { AddCommand } from '../command.ts';
import { type CommonOptions, type OpenStore, withStore, workplace } from '../options.ts';
import { table, visible } from '../print.ts';

const clock = { now: () => Date.now() };

export const addWebhooks: AddCommand = (program, exit) => {
  const command = program.command('webhooks').description('list, register and take away webhooks beside those of the settings');
  command
    .command('list', { isDefault: true })
    .description('webhooks that are registered')
    .action(async (options: CommonOptions) => {
      await list(options);
      exit(0);
    });
  command
    .command('add')
    .description('register a webhook: a public https address that is sent incidents, signed; prints its secret, once')
    .argument('<name>', 'lower-case letters, digits, - and _')
    .argument('<url>', 'public https address')
    .option('--severity <n>', 'least severe incidents that are sent: 1 critical to 5 all', severity, 5)
    .action(async (name: string, url: string, options: CommonOptions & { severity: number }) => {
      await change(options, 'webhook.register', (registry, actor) => registry.add({ name, url, minimumSeverity: options.severity }, actor));
      exit(0);
    });
  command
    .command('rotate')
    .description('give a webhook a new secret and print it, once; the old one signs too for a week')
    .argument('<name>', 'name of the webhook')
    .action(async (name: string, options: CommonOptions) => {
      await change(options, 'webhook.rotate', (registry, actor) => registry.rotate(name, actor));
      exit(0);
    });
  command
    .command('remove')
    .description('take a webhook away: it is sent nothing more')
    .argument('<name>', 'name of the webhook')
    .action(async (name: string, options: CommonOptions) => {
      await change(options, 'webhook.remove', async (registry, actor) => ({ registration: await registry.remove(name, actor) }));
      exit(0);
    });
};

/** @example severity('2') // 2 */
function severity(text: string): number {
  if (!/^[1-5]$/.test(text)) throw new InvalidArgumentError('It is a number from 1 to 5.');
  return Number(text);
}

const registryOf = ({ store, settings, directory }: OpenStore): Registry =>
  createRegistry({
    ...{ store, clock, tenant: settings.tenant, taken: targetNames(settings) },
    key: () => webhookKey(directory, settings.http.webhookKeyFile),
  });

const shown = ({ name, url, minimumSeverity, rotatedAt, actor, at }: Registration) => ({
  ...{ name, url, minimum_severity: minimumSeverity, actor },
  rotated_at: rotatedAt > 0 ? new Date(rotatedAt).toISOString() : null,
  at: new Date(at).toISOString(),
});

async function list(options: CommonOptions): Promise<void> {
  await withStore(await workplace(options), async (open) => {
    const items = (await registryOf(open).list()).map(shown);
    if (options.json) process.stdout.write(`${JSON.stringify({ items })}\n`);
    else if (items.length === 0) process.stdout.write('No webhook is registered. Those of the settings: npx weir targets\n');
    else
      process.stdout.write(
        `${table(
          [{ title: 'WEBHOOK' }, { title: 'SEVERITY' }, { title: 'ADDRESS', width: 60 }, { title: 'BY' }, { title: 'SINCE (UTC)' }],
          items.map(({ name, minimum_severity, url, actor, at }) => [
            name,
            `1 to ${minimum_severity}`,
            url,
            actor,
            at.slice(0, 19).replace('T', ' '),
          ]),
        )}\n`,
      );
  });
}

type Changed = Pick<Registered, 'registration'> & Partial<Registered>;

/** One change, with its line in the audit, and what it made. */
async function change(
  options: CommonOptions,
  action: string,
  make: (registry: Registry, actor: string) => Promise<Changed>,
): Promise<void> {
  await withStore(await workplace(options), async (open) => {
    const name = userInfo().username;
    const { registration, secret } = await make(registryOf(open), name);
    await createAudit({ store: open.store, clock, tenant: open.settings.tenant })({
      ...{ action, target: registration.name, address: 'local' },
      principal: { name, role: 'owner', origin: 'cli' },
      ...(action === 'webhook.register' ? { detail: { host: new URL(registration.url).host } } : {}),
    });
    if (options.json)
      process.stdout.write(`${JSON.stringify({ webhook: shown(registration), ...(secret === undefined ? {} : { secret }) })}\n`);
    else if (secret === undefined) process.stdout.write(`${registration.name}: taken away\n`);
    else process.stdout.write(`${registration.name}: ${visible(registration.url)}\nsecret, shown only now: ${secret}\n`);
  });
}
