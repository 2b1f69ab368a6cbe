/** Findings in, webhooks out, with a real ClickHouse and a real receiver. */
import { createHash } from 'node:crypto';
import pino from 'pino';
import { Webhook } from 'standardwebhooks';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Incident } from '../../core/incident.ts';
import { writeInstant } from '../../core/row.ts';
import type { Endpoint } from '../../incidents/notify/endpoint.ts';
import { sendWebhook } from '../../incidents/notify/webhook.ts';
import { defaultIncidentSettings } from '../../incidents/settings.ts';
import { type Receiver, startReceiver } from '../../incidents/testing/receiver.ts';
import type { Store } from '../../sql/store.ts';
import { createIncidentDesk } from '../incidents/desk.ts';
import { createIncidentFeed } from '../incidents/feed.ts';
import { readPending, readSince } from './deliveries.ts';
import type { Outbox, OutboxOptions } from './outbox.ts';
import { outboxWorld } from './testing/outbox-world.ts';

const world = outboxWorld('outbox');
const { clickhouse, log, clock, secret, desk, finding, until } = world;
let tenant = '';
let receiver: Receiver;
beforeEach(() => {
  ({ tenant, receiver } = world);
});

const endpoint = (changes: Partial<Endpoint> = {}): Endpoint => ({ name: 'tickets', url: receiver.url, secrets: [secret], ...changes });
const outbox = (changes: Partial<OutboxOptions> = {}): Outbox => world.outbox({ endpoints: [endpoint()], ...changes });

const cleared = (key: string) => finding(key, { state: 'cleared' });
const worse = (key: string) => finding(key, { money: { amount: '50000', currency: 'EUR', class: 'leakage', method: '' } });

const verified = (): Incident[] =>
  receiver.received.map(
    ({ body, headers }) => (new Webhook(secret).verify(body, headers as Record<string, string>) as { data: Incident }).data,
  );
const steps = (key: string) =>
  verified().flatMap((incident) => (incident.incident_key === key ? [`${incident.sequence} ${incident.transition}`] : []));
const recorded = (state: string) =>
  clickhouse.store.select<{ incident_id: string; sequence: string; attempt: number; endpoint: string }>(
    'SELECT incident_id, sequence, attempt, endpoint FROM deliveries WHERE tenant = {tenant:String} AND state = {state:String}',
    { tenant, state },
  );

describe('from a finding to a webhook', () => {
  it('delivers each transition once and in order', async () => {
    const [one, box] = [desk(), outbox()];
    one.subscribe(() => box.wake());
    await one.take([finding('a'), finding('b')]);
    await one.take([worse('a')]);
    await one.take([cleared('a'), finding('c')]);
    await until(() => receiver.received.length >= 5);
    await until(async () => (await recorded('delivered')).length === 5);
    expect(steps('a')).toEqual(['1 opened', '2 updated', '3 resolved']);
    expect([steps('b'), steps('c')]).toEqual([['1 opened'], ['1 opened']]);
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(5);
  });

  it('goes on after a restart in the middle, and folds nothing twice', async () => {
    const opened = finding('a');
    const [incident] = await desk().take([opened]);
    const first = outbox();
    await until(() => receiver.received.length === 1);
    await first.stop();
    // Nobody delivers while these happen.
    expect(await desk().take([opened])).toEqual([]);
    expect(await desk().act(incident!.incident_id, { type: 'acknowledge', actor: 'ana' })).toMatchObject({ outcome: 'changed' });
    await desk().take([cleared('a')]);
    outbox();
    await until(() => receiver.received.length >= 3);
    await until(async () => (await recorded('delivered')).length === 3);
    expect(steps('a')).toEqual(['1 opened', '2 acknowledged', '3 resolved']);
  });

  it('sends again under the same id what was not recorded before the process died', async () => {
    await desk().take([finding('a')]);
    let kill = (_: Error): void => undefined;
    const killed = new Promise<void>((_, reject) => {
      kill = reject;
    });
    const insert: Store['insert'] = (table, rows, token) => (table === 'deliveries' ? killed : clickhouse.store.insert(table, rows, token));
    const dying = outbox({ store: { ...clickhouse.store, insert } });
    await until(() => receiver.received.length === 1);
    outbox();
    await until(async () => (await recorded('delivered')).length === 1);
    const ids = receiver.received.map(({ headers }) => headers['webhook-id']);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
    const stopped = dying.stop();
    kill(new Error('killed'));
    await stopped;
  });

  it('opens one incident when two desks see the same at once', async () => {
    const [one, two] = [desk(), desk()];
    const keys = Array.from({ length: 20 }, (_, index) => `k${index}`);
    const stored = (await Promise.all([one.take(keys.map((key) => finding(key))), two.take(keys.map((key) => finding(key)))])).flat();
    expect(stored).toHaveLength(20);
    const resolved = (await Promise.all([two.take(keys.map(cleared)), one.take(keys.map(cleared))])).flat();
    expect(resolved).toHaveLength(20);
    const rows = await clickhouse.store.select<{ incident_key: string; ids: string; transitions: string }>(
      'SELECT incident_key, uniqExact(incident_id) AS ids, count() AS transitions FROM incidents WHERE tenant = {tenant:String} GROUP BY incident_key',
      { tenant },
    );
    expect(rows).toHaveLength(20);
    for (const row of rows) expect([Number(row.ids), Number(row.transitions)]).toEqual([1, 2]);
  });

  it('lets one of two outboxes deliver, and the other take over', async () => {
    // It goes on: with a clock that stands a table is read once, and what is stored a moment later is never seen.
    const time = { ahead: 0, now: () => Date.now() + time.ahead };
    const [one, two] = [outbox({ owner: 'one', clock: time }), outbox({ owner: 'two', clock: time })];
    await desk().take([finding('a')]);
    await until(() => receiver.received.length >= 1);
    await until(() => [one, two].filter((box) => box.status()[0]?.elsewhere === false).length === 1);
    const [holder, other] = one.status()[0]?.elsewhere ? [two, one] : [one, two];
    await holder.stop();
    time.ahead += 60_000;
    await desk().take([cleared('a')]);
    await until(() => other.status()[0]?.elsewhere === false && receiver.received.length >= 2);
    expect(steps('a')).toEqual(['1 opened', '2 resolved']);
  });

  it('retries, gives up loudly, and never lets one endpoint or incident hold up another', async () => {
    const lines: string[] = [];
    const loud = pino({ level: 'error' }, { write: (line) => lines.push(line) });
    const stuck = await startReceiver();
    stuck.answer = () => undefined;
    receiver.answer = ({ body }, response) =>
      response.writeHead(body.includes('"incident_key":"poison"') ? 400 : body.includes('"incident_key":"tired"') ? 503 : 204).end();
    outbox({ log: loud, endpoints: [endpoint(), endpoint({ name: 'stuck', url: stuck.url, timeoutSeconds: 1 })] });
    await desk().take([finding('poison'), finding('tired'), finding('well')]);
    await until(async () => (await recorded('dead')).length >= 1 && (await recorded('retry')).length >= 4);
    expect((await recorded('dead')).map((row) => row.endpoint)).toEqual(['tickets']);
    expect((await recorded('delivered')).length).toBe(1);
    expect(steps('well')).toEqual(['1 opened']);
    expect(lines.map((line) => (JSON.parse(line) as { msg: string; http_status: number }).msg)).toEqual(['delivery given up']);
    await stuck.stop();
  });

  it('sends nothing more to an endpoint that is gone, also after a restart, until its address changes', async () => {
    receiver.answer = (_, response) => response.writeHead(410).end();
    const first = outbox();
    await desk().take([finding('a')]);
    await until(() => first.status()[0]?.disabled === true);
    await first.stop();
    await desk().take([finding('b')]);
    const second = outbox();
    await until(() => second.status()[0]?.disabled === true);
    await second.stop();
    expect(receiver.received).toHaveLength(1);
    receiver.answer = (_, response) => response.writeHead(204).end();
    outbox({ endpoints: [endpoint({ url: `${receiver.url}/new` })] });
    await until(() => receiver.received.length >= 2);
    expect(receiver.received[1]?.path).toBe('/hook/new');
    expect(steps('b')).toEqual(['1 opened']);
  });

  it('goes on with a retry where the process before stopped', async () => {
    const time = { instant: Date.now(), now: () => time.instant };
    receiver.answer = (_, response) => response.writeHead(503).end();
    // Stored first: with a clock that stands the table is read once.
    await desk().take([finding('a')]);
    const first = outbox({ clock: time });
    await until(async () => (await recorded('retry')).length === 1);
    await first.stop();
    const [pending] = await readPending(clickhouse.store, tenant, endpoint(), 0, 10);
    expect(pending).toMatchObject({ sequence: 1, attempts: 1 });
    expect(pending!.due).toBeGreaterThanOrEqual(time.instant + 5_000);
    receiver.answer = (_, response) => response.writeHead(204).end();
    time.instant = pending!.due;
    outbox({ clock: time });
    await until(async () => (await recorded('delivered')).length === 1);
    expect(await recorded('delivered')).toMatchObject([{ attempt: 2 }]);
    expect(await readPending(clickhouse.store, tenant, endpoint(), 0, 10)).toEqual([]);
  });

  it('does not send the history of years to a new endpoint, nor forget what came while Weir did not run', async () => {
    const { store } = clickhouse;
    const hour = 3_600_000;
    const now = Date.now();
    expect(await readSince(store, tenant, 'new', now, hour)).toBe(now - hour);
    expect(await readSince(store, tenant, 'new', now + 50 * hour, hour)).toBe(now - hour);
    expect(await readSince(store, tenant, 'new', now + 500 * hour, hour)).toBe(now - hour);
    expect(await readSince(store, tenant, 'newer', now + 500 * hour, hour)).toBe(now + 499 * hour);
  });

  it('sends an incident from when it was severe enough to its end', async () => {
    outbox({ endpoints: [endpoint({ minimumSeverity: 2 })] });
    const one = desk();
    await one.take([finding('a'), finding('b')]);
    await one.take([worse('a')]);
    await one.take([cleared('a'), cleared('b')]);
    await until(async () => (await recorded('delivered')).length === 2);
    expect([steps('a'), steps('b')]).toEqual([['2 updated', '3 resolved'], []]);
  });

  it('finishes an attempt that is under way when it stops', async () => {
    let begun = false;
    const box = outbox({
      send: async (...args) => {
        begun = true;
        await new Promise((resolve) => setTimeout(resolve, 100));
        return await sendWebhook(...args);
      },
    });
    await desk().take([finding('a')]);
    await until(() => begun);
    await box.stop();
    expect((await recorded('delivered')).length).toBe(1);
  });
});

describe('the incident desk', () => {
  it('folds after a start what was found just before a crash', async () => {
    const lost = finding('a');
    const row = {
      tenant,
      finding_key: lost.finding_key,
      detector: lost.detector,
      kind: lost.kind,
      state: lost.state,
      title: lost.title,
      summary: lost.summary,
      window_from: writeInstant(Date.parse(lost.window.from)),
      window_to: writeInstant(Date.parse(lost.window.to)),
      detected_at: writeInstant(Date.parse(lost.detected_at)),
      began_at: writeInstant(Date.parse(lost.began_at)),
      observed: lost.observed,
      expected: lost.expected,
      lower: lost.lower,
      upper: lost.upper,
      score: lost.score,
      effect: lost.effect,
      money: null,
      currency: '',
      money_class: '',
      customers: 0,
      body: JSON.stringify(lost),
    };
    await clickhouse.store.insert('findings', [row], createHash('sha256').update(row.body).digest('hex'));
    expect((await desk().recover()).map((incident) => incident.transition)).toEqual(['opened']);
    expect(await desk().recover()).toEqual([]);
  });

  it('keeps findings while ClickHouse does not answer', async () => {
    let away = true;
    const store = {
      ...clickhouse.store,
      rows: <T>(...args: Parameters<typeof clickhouse.store.rows>) =>
        away ? Promise.reject(new Error('away')) : clickhouse.store.rows<T>(...args),
    };
    const one = createIncidentDesk({ store, clock, tenant, settings: defaultIncidentSettings, log });
    await expect(one.take([finding('a')])).rejects.toThrow('away');
    away = false;
    expect((await one.take([])).map((incident) => incident.transition)).toEqual(['opened']);
  });

  it('answers what a person asked for', async () => {
    const one = desk();
    const [incident] = await one.take([finding('a')]);
    const id = incident!.incident_id;
    const [first, second] = await Promise.all([
      one.act(id, { type: 'acknowledge', actor: 'ana' }),
      desk().act(id, { type: 'acknowledge', actor: 'bo' }),
    ]);
    expect([first.outcome, second.outcome].sort()).toEqual(['changed', 'unchanged']);
    expect(await one.act('inc_none', { type: 'close', actor: 'ana' })).toEqual({ outcome: 'not_found' });
    await one.act(id, { type: 'close', actor: 'ana' });
    expect((await one.act(id, { type: 'resolve', actor: 'ana' })).outcome).toBe('refused');
  });

  it('shows the transitions of every process in the feed, once and in order', async () => {
    const feed = createIncidentFeed({ store: clickhouse.store, tenant, log, from: Date.now() - 1_000, intervalMs: 20 });
    const seen: string[] = [];
    feed.subscribe((incident) => seen.push(`${incident.incident_key} ${incident.sequence}`));
    await desk().take([finding('a')]);
    await desk().take([cleared('a'), finding('b')]);
    await until(() => seen.length >= 3);
    await feed.poll();
    await feed.poll();
    feed.stop();
    expect(seen.filter((name) => name.startsWith('a'))).toEqual(['a 1', 'a 2']);
    expect(seen).toHaveLength(3);
  });
});
