/** Words of tickets over a real ClickHouse: posted signed, stored, applied once, in any order. */
import { createHmac } from 'node:crypto';
import pino from 'pino';
import { describe, expect, it } from 'vitest';
import { jiraBody, pagerDutyBody, serviceNowBody, tmf621Body } from '../../incidents/inbound/testing/bodies.ts';
import { signatureHeader } from '../../incidents/notify/signature.ts';
import { defaultIncidentSettings } from '../../incidents/settings.ts';
import { findingOf } from '../../incidents/testing/finding.ts';
import { withClickHouse } from '../../test/clickhouse.ts';
import { bearer, testApi } from '../api/context.fixture.ts';
import { createIncidentDesk } from '../incidents/desk.ts';
import { connectorsOf } from './connectors.ts';
import { createInbox } from './inbox.ts';

const clickhouse = withClickHouse();
const log = pino({ level: 'silent' });
const secret = `whsec_${Buffer.from('s'.repeat(32)).toString('base64')}`;
const tenant = 'inbound';
// Of today: what came months ago is gone.
const day = new Date().toISOString().slice(0, 10);
const clock = { instant: Date.parse(`${day}T13:00:00Z`), now: () => clock.instant };
const mac = (body: string): string => createHmac('sha256', secret).update(body).digest('hex');

describe('words of tickets', () => {
  it('reach the incident, each once, and everything is accounted for', async () => {
    const { store } = clickhouse;
    const desk = createIncidentDesk({ store, clock, tenant, settings: defaultIncidentSettings, log });
    const [incident] = await desk.take([findingOf({ tenant, detected_at: `${day}T12:00:00.000Z`, began_at: `${day}T11:30:00.000Z` })]);
    const id = incident!.incident_id;
    const connector = (type: string) => ({
      type,
      secretEnv: 'S',
      target: '',
      ownUsers: ['weir.integration'],
      statuses: {},
      perMinute: 600,
    });
    const names = ['pagerduty', 'servicenow', 'jira', 'tmf621', 'generic'];
    const inbound = Object.fromEntries(names.map((name) => [name, connector(name)])) as never;
    const connectors = connectorsOf({ inbound }, { S: secret });
    const audited: object[] = [];
    const inbox = createInbox({
      store,
      desk,
      clock,
      tenant,
      connectors,
      log,
      graceMs: 0,
      audit: async (entry) => void audited.push(entry),
    });
    const { api } = await testApi({ store, settings: `tenant: ${tenant}`, inbox, connectors });
    const post = async (to: string, body: string, headers: Record<string, string>): Promise<number> => {
      const answer = await api.inject({
        method: 'POST',
        url: `/api/v1/inbound/${to}`,
        headers: { host: '127.0.0.1:8080', 'content-type': 'application/json', ...headers },
        payload: body,
      });
      return answer.statusCode;
    };
    const echoed = (body: object): string =>
      JSON.stringify(body).replaceAll('inc_0123456789abcdef01234567', id).replaceAll('2026-01-05', day);

    const later = echoed(serviceNowBody({ state: '2', sys_mod_count: '5', sys_updated_on: '2026-01-05 12:40:00' }));
    const earlier = echoed(serviceNowBody());
    expect(await post('servicenow', later, { 'x-weir-token': secret })).toBe(202);
    expect(await post('servicenow', earlier, { 'x-hub-signature': `sha256=${mac(earlier)}` })).toBe(202);
    expect(await post('servicenow', later, { 'x-weir-token': secret })).toBe(202);
    expect(
      await post('servicenow', echoed(serviceNowBody({ state: '7', sys_mod_count: '9', sys_updated_by: 'weir.integration' })), {
        'x-weir-token': secret,
      }),
    ).toBe(202);
    expect(await post('servicenow', later, { 'x-weir-token': 'another' })).toBe(401);
    expect(await post('nobody', later, { 'x-weir-token': secret })).toBe(401);
    expect(await post('servicenow', 'x'.repeat(300_000), { 'x-weir-token': secret })).toBe(413);
    await inbox.apply();
    const stands = async () => {
      const answer = await api.inject({ url: `/api/v1/incidents/${id}`, headers: bearer('reader') });
      return (answer.json() as { incident: Record<string, unknown> }).incident;
    };
    expect(await stands()).toMatchObject({
      state: 'in_progress',
      assignee: 'Bo Example',
      priority: 2,
      acknowledged_at: expect.any(String),
    });

    const resolved = echoed(pagerDutyBody('incident.resolved', { occurred_at: '2026-01-05T12:45:00Z' }));
    expect(await post('pagerduty', resolved, { 'x-pagerduty-signature': `v1=${mac(resolved)}` })).toBe(202);
    await inbox.apply();
    expect(await stands()).toMatchObject({ state: 'in_progress', ticket_resolved_at: expect.stringMatching(/:00\.\d{3}Z$/) });
    await inbox.remind();
    await inbox.remind();
    expect((await stands())['timeline']).toEqual(
      expect.arrayContaining([expect.objectContaining({ text: 'The ticket is resolved, and what is wrong still stands.' })]),
    );

    const jira = echoed({ ...jiraBody('Pending', 'indeterminate'), timestamp: Date.parse(`${day}T12:50:00Z`) });
    expect(await post('jira', jira, { 'x-hub-signature': `sha256=${mac(jira)}` })).toBe(202);
    const seconds = clock.instant / 1000;
    const generic = JSON.stringify({ data: { incident_id: id, note: 'the van is on its way', actor: 'cy', at: `${day}T12:51:00Z` } });
    const signed = {
      'webhook-id': 'm1',
      'webhook-timestamp': String(seconds),
      'webhook-signature': signatureHeader('m1', seconds, generic, [secret]),
    };
    expect(await post('generic', generic, signed)).toBe(202);
    await inbox.apply();
    expect(await stands()).toMatchObject({ state: 'in_progress', hold_reason: 'Pending' });
    const rejected = echoed(tmf621Body('rejected')).replace('12:30:00.000Z","eventType', '12:55:00.000Z","eventType');
    expect(await post('tmf621', rejected, { 'x-weir-token': secret })).toBe(202);
    await inbox.apply();
    expect(await stands()).toMatchObject({ state: 'closed', closed_at: expect.any(String) });

    // Another process finds nothing left to apply.
    const { sequence } = await stands();
    const again = createInbox({
      store: { rows: store.rows, insert: store.insert },
      desk,
      clock,
      tenant,
      connectors,
      log,
      graceMs: 0,
      audit: async () => undefined,
    });
    expect(await again.apply()).toBe(0);
    expect((await stands())['sequence']).toBe(sequence);

    const listed = (await api.inject({ url: `/api/v1/inbound?incident_id=${id}`, headers: bearer('reader') })).json() as {
      items: { outcome: string }[];
    };
    expect(listed.items.map(({ outcome }) => outcome).sort()).toEqual([
      'applied',
      'applied',
      'applied',
      'applied',
      'applied',
      'echo',
      'stale',
    ]);
    expect(await store.select('SELECT verdict, origin FROM verdicts WHERE tenant = {tenant:String}', { tenant })).toEqual([
      { verdict: 'false', origin: 'ticket' },
    ]);
    expect(audited).toContainEqual({
      actor: 'Ana Example',
      action: 'incident.closed',
      target: id,
      address: '127.0.0.1',
      connector: 'tmf621',
      key: expect.stringMatching(/^inc_/),
    });
    await api.close();
  });
});
