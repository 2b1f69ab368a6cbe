/** Targets through the outbox, with a real ClickHouse, real receivers and a real Alertmanager. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { Finding } from '../../core/finding.ts';
import type { Incident } from '../../core/incident.ts';
import type { Endpoint } from '../../incidents/notify/endpoint.ts';
import { secretProblem } from '../../incidents/notify/signature.ts';
import type { Receiver } from '../../incidents/testing/receiver.ts';
import { startAlertmanager } from '../../test/alertmanager.ts';
import { findingRow, findingToken } from '../detect/write.ts';
import { parseSettings } from '../settings/load.ts';
import { deliveringTargets } from './delivering.ts';
import { endpointsOf } from './endpoints.ts';
import type { Outbox, OutboxOptions } from './outbox.ts';
import { createRegistry } from './registry.ts';
import { repeatOnce } from './repeat.ts';
import { listDeliveries, replayDeliveries } from './replay.ts';
import { alertmanagerSettings, targetNames } from './targets.ts';
import { outboxWorld } from './testing/outbox-world.ts';
import { isAboutTarget, lookForTrouble, readTrouble } from './trouble.ts';

const world = outboxWorld('targets');
const { clickhouse, log, clock, secret, desk, finding, until } = world;
let tenant = '';
let receiver: Receiver;
beforeEach(() => {
  ({ tenant, receiver } = world);
});

const settingsOf = (yaml: string) => parseSettings(`tenant: ${tenant}\n${yaml}`, 'weir.yaml');
function outboxOf(yaml: string, changes: Partial<OutboxOptions> = {}): Outbox {
  const settings = settingsOf(yaml);
  const { store } = clickhouse;
  return world.outbox({
    endpoints: endpointsOf(settings.webhooks),
    targets: deliveringTargets({ settings, environment: {}, store, clock, publisher: undefined, audit: async () => undefined }),
    wants: (target, incident) => !isAboutTarget(incident, target),
    ...changes,
  });
}

const deliveries = async (state: string, endpoint?: string) =>
  listDeliveries(clickhouse.store, tenant, { states: [state], ...(endpoint ? { endpoints: [endpoint] } : {}), limit: 1_000 });
const replay = (changes: object = {}) => replayDeliveries({ store: clickhouse.store, clock, tenant }, { actor: 'ana', ...changes });

describe('tickets', () => {
  it('stay one through a restart: their name is kept', async () => {
    const tickets: Record<string, unknown>[] = [];
    receiver.answer = ({ method, body, path }, response) => {
      if (method === 'POST') tickets.push({ ...(JSON.parse(body) as object), sys_id: `id${tickets.length + 1}`, number: 'INC1' });
      const found = method === 'GET' ? [] : tickets.at(-1);
      response.writeHead(path.includes('id2') ? 404 : method === 'POST' ? 201 : 200).end(JSON.stringify({ result: found }));
    };
    const yaml = `targets: { snow: { type: servicenow-incident, url: "${receiver.url}" } }`;
    const first = outboxOf(yaml);
    const [incident] = await desk().take([finding('a')]);
    await until(async () => (await deliveries('delivered')).length === 1);
    await first.stop();
    await desk().act(incident!.incident_id, { type: 'acknowledge', actor: 'ana' });
    await desk().act(incident!.incident_id, { type: 'resolve', actor: 'ana' });
    outboxOf(yaml);
    await until(async () => (await deliveries('delivered')).length === 3);
    expect(tickets).toHaveLength(1);
    expect(receiver.received.map(({ method }) => method)).toEqual(['GET', 'POST', 'GET', 'PATCH', 'GET', 'PATCH']);
    expect(receiver.received.slice(2).every(({ path }) => path.includes('/incident/id1'))).toBe(true);
    expect((await deliveries('delivered')).at(-1)).toMatchObject({ endpoint: 'snow', error: 'made INC1', overtaken: true });
    const rows = await clickhouse.store.select('SELECT target, external_id, reference FROM correlations WHERE tenant = {tenant:String}', {
      tenant,
    });
    expect(rows).toEqual([{ target: 'snow', external_id: 'id1', reference: 'INC1' }]);
  });
});

describe('what was given up', () => {
  const yaml = (): string =>
    `webhooks: [{ name: hook, url: "${receiver.url}", secret: ${secret} }]\ntargets: { pd: { type: alertmanager-webhook, url: "${receiver.url}/broken" } }`;

  it('is an incident of its own at the other targets, and ends when all has arrived', async () => {
    let broken = true;
    receiver.answer = ({ path }, response) => response.writeHead(broken && path.endsWith('/broken') ? 400 : 204).end();
    const one = desk();
    outboxOf(yaml());
    await one.take([finding('a'), finding('b')]);
    await until(async () => (await deliveries('dead', 'pd')).length === 2);
    const said = new Map<string, number>();
    const options = {
      ...{ store: clickhouse.store, clock, tenant, log },
      targets: async () => targetNames(settingsOf(yaml())),
      say: async (about: Finding) => {
        await clickhouse.store.insert('findings', [findingRow(about)], findingToken(about));
        await one.take([about]);
      },
    };
    await lookForTrouble(options, said);
    expect(said).toEqual(new Map([['pd', 2]]));
    // It is told to the other one, and not to itself.
    const about = (): Incident[] =>
      receiver.received
        .filter(({ path }) => path === '/hook')
        .map(({ body }) => (JSON.parse(body) as { data: Incident }).data)
        .filter(({ finding: { detector } }) => detector === 'delivery_failure');
    await until(() => about().length === 1);
    expect(about()[0]).toMatchObject({ title: 'pd: incidents do not arrive', state: 'open', category: 'data' });
    expect(about()[0]?.summary).toContain('2 given up; answered 400');
    await until(async () => (await deliveries('skipped', 'pd')).length === 1);
    expect((await deliveries('dead', 'pd')).length).toBe(2);
    // Said once.
    await lookForTrouble(options, said);
    expect(about()).toHaveLength(1);
    // Mended, and asked for again.
    broken = false;
    expect(await replay({ endpoints: ['pd'] })).toEqual({ replayed: 2 });
    await until(async () => (await deliveries('delivered', 'pd')).length === 2);
    await lookForTrouble(options, said);
    await until(() => about().length === 2);
    expect(about()[1]).toMatchObject({ state: 'resolved' });
    expect(
      (await readTrouble(clickhouse.store, tenant, Date.now())).map(({ endpoint, dead, stuck }) => ({ endpoint, dead, stuck })),
    ).toEqual([
      { endpoint: 'hook', dead: 0, stuck: 0 },
      { endpoint: 'pd', dead: 0, stuck: 0 },
    ]);
    expect(await replay({ endpoints: ['pd'] })).toEqual({ replayed: 0 });
  });

  it('is not sent once more where something later has arrived, unless that is wanted', async () => {
    let refuse = true;
    receiver.answer = ({ path }, response) => response.writeHead(refuse && path.endsWith('/broken') ? 400 : 204).end();
    outboxOf(yaml());
    const [incident] = await desk().take([finding('a')]);
    await until(async () => (await deliveries('dead', 'pd')).length === 1);
    refuse = false;
    await desk().act(incident!.incident_id, { type: 'resolve', actor: 'ana' });
    await until(async () => (await deliveries('delivered', 'pd')).length === 1);
    expect((await readTrouble(clickhouse.store, tenant, Date.now())).find(({ endpoint }) => endpoint === 'pd')?.dead).toBe(0);
    expect(await replay({ endpoints: ['pd'] })).toEqual({ replayed: 0 });
    expect(await replay({ incidentId: incident!.incident_id, overtaken: true })).toEqual({ replayed: 1 });
    await until(async () => (await deliveries('delivered', 'pd')).length === 2);
  });

  it('begins its schedule anew when it is asked for again, and wakes an endpoint that said 410', async () => {
    let status = 410;
    receiver.answer = (_, response) => response.writeHead(status).end();
    const box = outboxOf(`webhooks: [{ name: hook, url: "${receiver.url}", secret: ${secret} }]`);
    await desk().take([finding('a')]);
    await until(() => box.status()[0]?.disabled === true);
    await desk().take([finding('b')]);
    status = 503;
    await replay({ endpoints: ['hook'] });
    await until(async () => (await deliveries('retry', 'hook')).length === 2);
    expect((await deliveries('retry', 'hook')).map(({ attempts }) => attempts).sort()).toEqual([1, 3]);
    // The first wait of the schedule, not the third.
    for (const { at, next_attempt_at } of await deliveries('retry', 'hook'))
      expect(Date.parse(`${next_attempt_at}Z`) - Date.parse(`${at}Z`)).toBeLessThanOrEqual(6_000);
    expect(box.status()[0]?.disabled).toBe(false);
  });
});

describe('a route', () => {
  it('that does not lead to a target leaves it alone, and does not hold up what comes after', async () => {
    const yaml = `targets: { pd: { type: alertmanager-webhook, url: "${receiver.url}" } }`;
    outboxOf(yaml, { wants: (_target, incident) => incident.incident_key !== 'a' });
    await desk().take([finding('a'), finding('b')]);
    await until(async () => (await deliveries('skipped')).length === 1 && (await deliveries('delivered')).length === 1);
    expect(receiver.received).toHaveLength(1);
  });
});

describe('a webhook that is registered while Weir runs', () => {
  const registry = (taken: string[] = []) =>
    createRegistry({ store: clickhouse.store, clock, tenant, key: () => new Uint8Array(32).fill(1), taken });
  const entry = { name: 'crm', url: 'https://hooks.example/weir?token=t', minimumSeverity: 5 };

  it('is delivered to, signs with both secrets while they rotate, and is sent nothing more once it is taken away', async () => {
    const sent: { endpoint: Endpoint; key: string }[] = [];
    const box = outboxOf('', {
      registered: () => registry().endpoints(),
      registeredMs: 50,
      send: async (endpoint, incident) => {
        sent.push({ endpoint, key: incident.incident_key });
        return { outcome: 'delivered', status: 204 };
      },
    });
    const { secret: first } = await registry().add(entry, 'ana');
    expect(secretProblem(first)).toBeUndefined();
    await until(() => box.status().length === 1);
    await desk().take([finding('a')]);
    await until(() => sent.length === 1);
    // It may lead to public addresses only, whatever its name resolves to when it is sent to.
    expect(sent[0]?.endpoint).toMatchObject({ name: 'crm', url: entry.url, secrets: [first], reach: 'public' });
    const { secret: second } = await registry().rotate('crm', 'bo');
    expect(second).not.toBe(first);
    const [rotating] = await registry().endpoints();
    expect(rotating?.secrets).toEqual([second, first]);
    const week = { now: () => Date.now() + 8 * 86_400_000 };
    const later = createRegistry({ store: clickhouse.store, clock: week, tenant, key: () => new Uint8Array(32).fill(1), taken: [] });
    expect((await later.endpoints())[0]?.secrets).toEqual([second]);
    await registry().remove('crm', 'bo');
    await until(() => box.status().length === 0);
    await desk().take([finding('b')]);
    expect(await registry().list()).toEqual([]);
    expect(sent.map(({ key }) => key)).toEqual(['a']);
    // A name that comes back gets a secret that nobody has had.
    const { secret: third } = await registry().add(entry, 'ana');
    expect(new Set([first, second, third]).size).toBe(3);
    expect((await registry().endpoints())[0]?.secrets).toEqual([third]);
  });

  it('is never sent to a private address, also where its name leads to one', async () => {
    outboxOf('', {
      registered: async () => [{ name: 'inner', url: receiver.url.replace('127.0.0.1', 'localhost'), secrets: [secret], reach: 'public' }],
      registeredMs: 50,
    });
    await desk().take([finding('a')]);
    await until(async () => (await deliveries('retry', 'inner')).length === 1);
    expect((await deliveries('retry', 'inner'))[0]?.error).toBe('ADDRESS_NOT_PUBLIC');
    expect(receiver.received).toEqual([]);
  });

  it('has one name, also when two register it at once', async () => {
    await expect(registry(['crm']).add(entry, 'ana')).rejects.toMatchObject({ code: 'conflict' });
    const both = await Promise.allSettled([
      registry().add({ ...entry, url: 'https://a.example/' }, 'ana'),
      registry().add({ ...entry, url: 'https://b.example/' }, 'bo'),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await registry().list()).toHaveLength(1);
    await expect(registry().rotate('nobody', 'ana')).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('a real Alertmanager', () => {
  it('is told by the outbox, and told again of what it forgot, with its end', async () => {
    const alertmanager = await startAlertmanager(receiver.url);
    try {
      const yaml = `targets: { am: { type: alertmanager, urls: ["${alertmanager.url}"] } }`;
      const shown = async (): Promise<string[]> =>
        ((await (await fetch(`${alertmanager.url}/api/v2/alerts`)).json()) as { labels: { incident_key: string } }[])
          .map(({ labels }) => labels.incident_key)
          .sort();
      outboxOf(yaml);
      const one = desk();
      await one.take([finding('a'), finding('b')]);
      await until(async () => (await deliveries('delivered')).length === 2);
      expect(await shown()).toEqual(['a', 'b']);
      await alertmanager.restart();
      expect(await shown()).toEqual([]);
      const settings = settingsOf(yaml).targets['am'];
      if (settings?.type !== 'alertmanager') throw new Error('no such target');
      const options = {
        ...{ store: clickhouse.store, clock, tenant, log },
        target: alertmanagerSettings('am', settings, {}),
        repeatMs: 1_000,
        timeoutMs: 5_000,
      };
      await repeatOnce(options);
      expect(await shown()).toEqual(['a', 'b']);
      await one.take([finding('a', { state: 'cleared' })]);
      await until(async () => (await deliveries('delivered')).length === 3);
      await until(async () => (await shown()).length === 1);
      await repeatOnce(options);
      expect(await shown()).toEqual(['b']);
    } finally {
      await alertmanager.stop();
    }
  });
});
