/** Incidents and the people outside, over a real ClickHouse: complaints, customers, reports, reviews, actions, updates. */
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Incident } from '../../core/incident.ts';
import { writeInstant } from '../../core/row.ts';
import { defaultIncidentSettings } from '../../incidents/settings.ts';
import { findingOf } from '../../incidents/testing/finding.ts';
import { startMailServer } from '../../incidents/testing/mail-server.ts';
import { startReceiver } from '../../incidents/testing/receiver.ts';
import { withClickHouse } from '../../test/clickhouse.ts';
import { createAudit } from '../api/audit.ts';
import { bearer, type TestApi, testApi } from '../api/context.fixture.ts';
import { deliveringTargets } from '../outbox/delivering.ts';
import { parseSettings } from '../settings/load.ts';
import { createAfterBook } from './after.ts';
import { complaintWatch } from './complaints.ts';
import { createIncidentDesk, type IncidentDesk } from './desk.ts';
import { type MailedList, statusMailer } from './status-mailer.ts';

const clickhouse = withClickHouse();
const log = pino({ level: 'silent' });
const tenant = 'people';
const start = Date.UTC(2026, 0, 5, 12);
const clock = { instant: start, now: () => clock.instant };
const iso = (minutes: number): string => new Date(start + minutes * 60_000).toISOString();

let test: TestApi;
let desk: IncidentDesk;
beforeAll(async () => {
  const { store } = clickhouse;
  desk = createIncidentDesk({ store, clock, tenant, settings: defaultIncidentSettings, log });
  test = await testApi({ store, desk, settings: `tenant: ${tenant}\nstatus: { public: true }` });
  test.clock.instant = start;
});
afterAll(() => test.api.close());

async function ask<T = Record<string, unknown>>(
  method: 'GET' | 'POST',
  url: string,
  payload?: object,
  role: 'reader' | 'operator' = 'operator',
): Promise<{ status: number; body: T; text: string }> {
  const answer = await test.api.inject({
    method,
    url: url.startsWith('/status') ? url : `/api/v1${url}`,
    headers: bearer(role),
    ...(payload ? { payload } : {}),
  });
  const json = String(answer.headers['content-type']).includes('json');
  return { status: answer.statusCode, body: (json ? answer.json() : undefined) as T, text: answer.body };
}

const batch = (position: number) => ({
  ...{ tenant, source: 's', partition: 'p', position, file: '', ingest_time: writeInstant(start) },
  record_id: `00000000-0000-0000-0000-0000000000${String(position).padStart(2, '0')}`,
});

const complain = (position: number, minutes: number, row: object) =>
  clickhouse.store.insert(
    'complaints',
    [{ ...batch(position), event_time: writeInstant(start + minutes * 60_000), ...row }],
    `complaint/${position}`,
  );

describe('complaints and customers', () => {
  it('are found by the labels of an incident, and say who saw it first', async () => {
    const usage = [
      { subscriber: '11', partner: 'acme', start_time: writeInstant(start - 600_000) },
      { subscriber: '12', partner: 'acme', start_time: writeInstant(start - 7_200_000) },
      { subscriber: '13', partner: 'other', start_time: writeInstant(start - 600_000) },
    ].map((row, position) => ({ ...batch(position + 1), service: 'voice', leg: 'switch', plan: 'flat', ...row }));
    await clickhouse.store.insert('usage', usage, 'usage/people');
    const scope = { service: 'voice', partner: 'acme' };
    const [incident] = await desk.take([findingOf({ tenant, scope, began_at: iso(-30), detected_at: iso(0), explanation: [] })]);
    const id = incident!.incident_id;
    const watch = complaintWatch({ store: clickhouse.store, desk, clock, tenant });
    expect(await watch()).toBe(0);
    // One by the usage of who complained, one by its service, one of a subscriber that has nothing to do with it, one too early.
    await complain(21, -20, { subscription: '11', topic: 'no_service', service: '' });
    await complain(22, 5, { subscription: '99', topic: 'no_service', service: 'Voice' });
    await complain(23, 6, { subscription: '13', topic: 'slow', service: 'data' });
    await complain(24, -200, { subscription: '11', topic: 'no_service', service: 'voice' });
    clock.instant += 10 * 60_000;
    test.clock.instant = clock.instant;
    expect(await watch()).toBe(1);
    expect(await watch()).toBe(0);
    const counted = { count: 2, customers: 2, first_at: iso(-20), last_at: iso(5) };
    expect((await ask<{ incident: Incident }>('GET', `/incidents/${id}`)).body.incident).toMatchObject({
      complaints: counted,
      first_seen_by: 'customer',
      reported_at: iso(-20),
    });
    expect((await ask('GET', `/incidents/${id}/complaints`)).body).toEqual(counted);

    const page = await ask('GET', `/incidents/${id}/customers?limit=1`);
    expect(page.body).toMatchObject({
      labels: scope,
      unknown: [],
      items: [{ subscriber: '11', plan: 'flat', records_during: 1, records_before: 0 }],
      next: '11',
    });
    expect((await ask('GET', `/incidents/${id}/customers?after=11`)).body).toMatchObject({
      items: [{ subscriber: '12', records_before: 1 }],
      next: null,
    });
    const csv = await ask('GET', `/incidents/${id}/customers?format=csv`);
    expect(csv.text.split('\n')[0]).toBe('"subscriber","segment","plan","records_during","records_before","last_at"');
    expect(csv.text.trim().split('\n')).toHaveLength(3);

    // The contact centre is told of them too, signed, and the audit knows.
    const centre = await startReceiver();
    const secret = `whsec_${Buffer.from('s'.repeat(32)).toString('base64')}`;
    const settings = parseSettings(
      `tenant: ${tenant}\ntargets: { centre: { type: customers-webhook, url: '${centre.url}', secretEnv: S, perPage: 1 } }`,
      'weir.yaml',
    );
    const audit = createAudit({ store: clickhouse.store, clock, tenant });
    const [told] = deliveringTargets({ settings, environment: { S: secret }, store: clickhouse.store, clock, publisher: undefined, audit });
    expect(await told!.deliver(incident!, clock.now())).toEqual({ outcome: 'delivered', status: 204, note: '2 customers in 2 pages' });
    const lists = centre.received.map(({ body }) => (JSON.parse(body) as { data: { customers: { subscriber: string }[] } }).data);
    expect(lists.flatMap(({ customers }) => customers.map(({ subscriber }) => subscriber))).toEqual(['11', '12']);
    await centre.stop();
    const looks = await clickhouse.store.select<{ actor: string; detail: object }>(
      "SELECT actor, origin FROM audit WHERE tenant = {tenant:String} AND action = 'incident.customers' AND detail['to'] = 'centre'",
      { tenant },
    );
    expect(looks).toEqual([{ actor: 'weir', origin: 'weir' }]);
  });

  it('cannot be named where usage does not have the labels', async () => {
    const [incident] = await desk.take([
      findingOf({ tenant, finding_key: 'olt', scope: { olt: 'o1' }, explanation: [], detected_at: iso(11), began_at: iso(10) }),
    ]);
    expect((await ask('GET', `/incidents/${incident!.incident_id}/customers`)).body).toMatchObject({ unknown: ['olt'], items: [] });
  });

  it('are those behind the element where a label names one of the topology', async () => {
    const edge = (at: number, parent_type: string, parent: string, child_type: string, child: string) => ({
      ...{ ...batch(at), parent_type, parent, child_type, child, valid_from: writeInstant(0), valid_to: writeInstant(0) },
    });
    const edges = [
      edge(41, 'olt', 'o2', 'ont', 'o2t1'),
      edge(42, 'olt', 'o2', 'ont', 'o2t2'),
      edge(43, 'ont', 'o2t1', 'customer', '9000000000000000001'),
      edge(44, 'ont', 'o2t2', 'customer', '31'),
    ];
    await clickhouse.store.insert('topology_edges', edges, 'edges/people');
    const scope = { olt: 'o2' };
    const [incident] = await desk.take([
      findingOf({ tenant, finding_key: 'olt2', scope, explanation: [], detected_at: iso(11.5), began_at: iso(10) }),
    ]);
    const id = incident!.incident_id;
    expect((await ask('GET', `/incidents/${id}/customers?limit=1`)).body).toMatchObject({
      ...{ labels: scope, unknown: [], next: '31' },
      items: [{ subscriber: '31', last_at: null }],
    });
    expect((await ask('GET', `/incidents/${id}/customers?after=31`)).body).toMatchObject({
      items: [{ subscriber: '9000000000000000001' }],
    });
    expect((await ask('GET', `/incidents/${id}/customers?format=csv`)).text.trim().split('\n')).toHaveLength(3);
  });
});

describe('incidents that people open', () => {
  it('are acted on like others, and audited', async () => {
    const opened = await ask<Incident>('POST', '/incidents', {
      title: 'No SMS',
      scope: { service: 'sms' },
      seen_by: 'customer',
      reported_at: iso(1),
    });
    expect(opened).toMatchObject({ status: 201, body: { state: 'open', first_seen_by: 'customer', reported_at: iso(1) } });
    const id = opened.body.incident_id;
    expect((await ask('POST', `/incidents/${id}/reported`, { by: 'partner', at: iso(-5) })).body).toMatchObject({
      incident: { first_seen_by: 'partner' },
    });
    // By rank: severity first, then what is at stake; page by page, each once.
    const minor = await ask<Incident>('POST', '/incidents', { title: 'Slow', scope: { service: 'data' }, severity: 5, customers: 1 });
    const critical = await ask<Incident>('POST', '/incidents', { title: 'All down', scope: { service: 'all' }, severity: 1, customers: 9 });
    const seen: { incident_id: string; rank: number }[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: { items: typeof seen; next: string | null } = (
        await ask<{ items: typeof seen; next: string | null }>('GET', `/incidents?order=rank&limit=2${cursor && `&cursor=${cursor}`}`)
      ).body;
      seen.push(...page.items);
      cursor = page.next;
    }
    expect(seen.map(({ rank }) => rank)).toEqual([...seen.map(({ rank }) => rank)].sort((a, b) => b - a));
    expect([seen[0]!.incident_id, seen.at(-1)!.incident_id]).toEqual([critical.body.incident_id, minor.body.incident_id]);
    expect(new Set(seen.map(({ incident_id }) => incident_id)).size).toBe(seen.length);
    const byTime = (await ask<{ next: string }>('GET', '/incidents?limit=1')).body.next;
    expect((await ask('GET', `/incidents?order=rank&cursor=${byTime}`)).status).toBe(400);
    // Closing asks what is to be known of it, and takes it.
    expect((await ask('POST', `/incidents/${minor.body.incident_id}/close`)).body).toMatchObject({
      outcome: 'changed',
      asked: expect.arrayContaining(['the cause', 'whether it was useful or noise', 'satisfaction, 1 to 5']),
    });
    const said = { cause: 'capacity', useful: 'noise', satisfaction: 3 };
    expect((await ask('POST', `/incidents/${critical.body.incident_id}/close`, said)).body).toMatchObject({ asked: [] });
    expect((await ask('GET', `/incidents/${critical.body.incident_id}/review`)).body).toMatchObject({ review: said });
    expect((await ask('POST', `/incidents/${id}/acknowledge`, { cause: 'power' })).status).toBe(400);
    expect((await ask('POST', '/incidents', { title: '' })).status).toBe(400);
    expect((await ask('POST', '/incidents', { title: 'x' }, 'reader')).status).toBe(403);
    expect((await desk.act(id, { type: 'resolve', actor: 'ana' })).outcome).toBe('changed');
    expect(await desk.recover()).toEqual([]);
    expect((await ask('GET', `/reports/first-seen?from=${iso(-60)}&to=${iso(600)}`)).body).toMatchObject({
      incidents: 6,
      customer_share: 1 / 6,
      by: expect.arrayContaining([expect.objectContaining({ seen_by: 'partner', incidents: 1 })]),
    });
    const audit = await clickhouse.store.select(
      'SELECT action, actor FROM audit WHERE tenant = {tenant:String} AND target = {id:String} ORDER BY at, action',
      { tenant, id },
    );
    expect(audit).toEqual([
      { action: 'incident.open', actor: 'operator-token' },
      { action: 'incident.reported', actor: 'operator-token' },
    ]);
  });
});

describe('after an incident', () => {
  it('what was learned, what is to be done and what is published is kept, reported and reminded of', async () => {
    const scope = { source: 'x' };
    const [before] = await desk.take([findingOf({ tenant, finding_key: 'x1', scope, detected_at: iso(12), began_at: iso(11) })]);
    await desk.take([findingOf({ tenant, finding_key: 'x1', scope, detected_at: iso(12.5), began_at: iso(11), state: 'cleared' })]);
    clock.instant += 60_000;
    const [incident] = await desk.take([findingOf({ tenant, finding_key: 'x2', scope, detected_at: iso(13), began_at: iso(12) })]);
    test.clock.instant = clock.instant;
    const id = incident!.incident_id;
    await ask('POST', `/incidents/${before!.incident_id}/review`, { cause: 'change', whys: ['a', 'b', 'c'], root_cause: 'no roll-back' });
    expect((await ask('GET', `/incidents/${id}/similar`)).body).toMatchObject({
      items: [{ score: 1, incident: { incident_id: before!.incident_id, root_cause: 'no roll-back' } }],
    });
    expect((await ask('POST', `/incidents/${id}/review`, { useful: 'noise', satisfaction: 2 })).body).toMatchObject({
      review: { version: 1 },
      asked: ['the cause'],
    });
    expect((await ask('POST', `/incidents/${id}/review`, { root_cause: 'x', whys: ['a'] })).status).toBe(400);
    expect((await ask('POST', `/incidents/${id}/review`, { cause: 'software' }, 'reader')).status).toBe(403);
    const verdicts = await clickhouse.store.select(
      'SELECT verdict FROM verdicts WHERE tenant = {tenant:String} AND incident_id = {id:String}',
      { tenant, id },
    );
    expect(verdicts).toEqual([{ verdict: 'false' }]);

    const due = (days: number): string => new Date(clock.instant + days * 86_400_000).toISOString().slice(0, 10);
    const added = await ask<{ action_id: string }>('POST', `/incidents/${id}/actions`, {
      kind: 'preventive',
      text: 'Test it',
      owner: 'bo',
      due_on: due(2),
    });
    expect(added.status).toBe(201);
    expect(
      (await ask('POST', `/incidents/${id}/actions`, { kind: 'preventive', text: 'x', owner: 'bo', due_on: '2026-02-30' })).status,
    ).toBe(400);
    const book = createAfterBook({ store: clickhouse.store, clock, tenant });
    expect(await book.remind(desk)).toBe(1);
    expect(await book.remind(desk)).toBe(0);
    expect((await ask<{ incident: Incident }>('GET', `/incidents/${id}`)).body.incident.timeline.at(-1)).toMatchObject({
      type: 'action_due',
      text: `bo: "Test it" is due on ${due(2)}.`,
    });
    test.clock.instant += 5 * 86_400_000;
    expect((await ask('GET', '/actions?state=overdue')).body).toMatchObject({ items: [{ action_id: added.body.action_id, owner: 'bo' }] });
    expect((await ask('GET', `/incidents/${id}/report`)).text).toContain('| preventive | Test it | bo |');
    expect((await ask('GET', `/incidents/${id}/report?format=html`)).text).toContain('<td>overdue</td>');
    expect((await ask('POST', `/actions/${added.body.action_id}`, { state: 'done' })).body).toMatchObject({ state: 'done', version: 3 });
    expect((await ask('GET', '/actions?state=overdue')).body).toEqual({ items: [] });

    const say = (body: object) => ask<{ update_id: string }>('POST', `/incidents/${id}/updates`, { title: 'Calls fail', ...body });
    const everybody = await say({ text: 'We are on it.', services: ['voice'] });
    await say({ text: 'For acme alone.', partners: ['acme'] });
    expect(everybody.status).toBe(201);
    const mail = await startMailServer();
    const list = (name: string, services: string[], partners: string[], to: string[]): MailedList => ({
      ...{ name, services, partners, to, mail: mail.settings },
    });
    const lists = [list('all', [], [], ['a@b.example', 'c@d.example']), list('acme', ['data'], ['acme'], ['noc@acme.example'])];
    const later = { now: () => test.clock.instant };
    const send = () => statusMailer({ store: clickhouse.store, clock: later, tenant, title: 'Service status', lists, log })();
    const sent = () => mail.mails.map(({ to, raw }) => `${to.join(' ')}: ${/We are on it|For acme alone/.exec(raw)?.[0]}`).sort();
    expect(await send()).toBe(2);
    // What is about voice is nothing for a list of data; nobody sees the others of a list, nor the id of an incident.
    expect(sent()).toEqual(['a@b.example c@d.example: We are on it', 'noc@acme.example: For acme alone']);
    for (const { raw } of mail.mails) expect(raw).not.toMatch(/c@d\.example|inc_/);
    expect(await send()).toBe(0);
    // A process that died between sending and writing that down sends again under the same id.
    expect(mail.mails.map(({ raw }) => /^Message-ID: <(.*)@/m.exec(raw)?.[1])).toContain(`${everybody.body.update_id}.all`);
    await mail.stop();
    const unsent = await say({ text: 'Nobody is there.' });
    expect(await send()).toBe(0);
    expect(
      await clickhouse.store.select(
        "SELECT endpoint, state FROM deliveries WHERE tenant = {tenant:String} AND startsWith(endpoint, 'status:') ORDER BY state, endpoint",
        { tenant },
      ),
    ).toEqual([
      { endpoint: 'status:acme', state: 'delivered' },
      { endpoint: 'status:all', state: 'delivered' },
      { endpoint: 'status:acme', state: 'retry' },
      { endpoint: 'status:all', state: 'retry' },
    ]);
    await ask('POST', `/updates/${unsent.body.update_id}/withdraw`);
    const feed = async (url: string, headers: object = { host: '127.0.0.1:8080' }) => test.api.inject({ url, headers: { ...headers } });
    const texts = (answer: { body: string }): string[] =>
      (JSON.parse(answer.body) as { items: { content_text: string }[] }).items.map((item) => item.content_text);
    expect(texts(await feed('/status.json'))).toEqual(['We are on it.']);
    expect((await feed('/status.json')).body).not.toContain(id);
    expect(texts(await feed('/status.json?service=sms'))).toEqual([]);
    expect((await feed('/status.json?partner=acme')).statusCode).toBe(401);
    expect(texts(await feed('/status.json?partner=acme', bearer('reader'))).sort()).toEqual(['For acme alone.', 'We are on it.']);
    expect((await feed('/status.rss')).body).toContain('<description>We are on it.</description>');
    expect((await ask('POST', `/updates/${everybody.body.update_id}/withdraw`)).body).toMatchObject({ state: 'withdrawn' });
    test.clock.instant += 10_000;
    expect(texts(await feed('/status.json'))).toEqual([]);
    const audit = await clickhouse.store.select<{ action: string }>(
      'SELECT DISTINCT action FROM audit WHERE tenant = {tenant:String} ORDER BY action',
      { tenant },
    );
    expect(audit.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['action.change', 'incident.action', 'incident.review', 'status.publish', 'status.withdraw']),
    );
  });
});
