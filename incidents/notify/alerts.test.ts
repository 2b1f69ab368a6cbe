/** Systems that know alerts: PagerDuty, Alertmanager, Jira Service Management alerts, ServiceNow events. The field rules of each, and what its answers mean. */
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Incident } from '../../core/incident.ts';
import { incidentOf, testEpoch } from '../testing/finding.ts';
import { type Receiver, startReceiver } from '../testing/receiver.ts';
import { lifeOf, tell, testMemory, testTools } from '../testing/targets.ts';
import { anyText } from '../testing/texts.ts';
import { alertLimits, labelName } from './alert.ts';
import { alertmanagerTarget, postedAlert } from './alertmanager.ts';
import { alertmanagerWebhookRequest, alertmanagerWebhookTarget } from './alertmanager-webhook.ts';
import { jsmAlertRequests, jsmAlertTarget, jsmLimits } from './jsm-alert.ts';
import { pagerDutyLimits, pagerDutyRequest, pagerDutyTarget } from './pagerduty.ts';
import { type HttpRequest, loginHeader } from './request.ts';
import { serviceNowEventLimits, serviceNowEventRequest, serviceNowEventTarget } from './servicenow-event.ts';
import type { Target } from './target.ts';
import { defaultTexts as texts } from './template.ts';

let receiver: Receiver;
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver.stop());

// biome-ignore lint/suspicious/noExplicitAny: bodies of other systems
type Body = Record<string, any>;
const bodyOf = (request: HttpRequest | undefined): Body => JSON.parse(request?.body ?? '{}') as Body;
const sent = (): Body[] => receiver.received.map(({ body }) => JSON.parse(body) as Body);
const life = lifeOf();
const all = Object.values(life);

/** An incident of which everything that a person or a feed may write is a strange text. */
const strange: fc.Arbitrary<Incident> = fc
  .record({ title: anyText, summary: anyText, team: anyText, label: anyText, value: anyText, note: anyText, key: anyText })
  .map(({ title, summary, team, label, value, note, key }) => ({
    ...incidentOf({ scope: { [label]: value, node: value }, detector: team, metric: value }),
    title,
    summary,
    team,
    incident_key: key,
    tenant: team,
    timeline: [{ at: life.opened.opened_at, type: 'updated', actor: team, text: note }],
    explanation: [{ dimensions: { [label]: value }, share: 0.5, remaining: 0.5 }],
  }));

describe('PagerDuty', () => {
  const settings = (url = 'https://events.pagerduty.example/v2/enqueue') => ({ name: 'pd', url, routingKey: 'R'.repeat(32), texts });

  it('triggers, acknowledges and resolves under one key', async () => {
    receiver.answer = (_, response) => response.writeHead(202).end('{"status":"success"}');
    expect(await tell(pagerDutyTarget(settings(receiver.url)), all)).toEqual(all.map(() => 'delivered'));
    expect(sent().map((body) => body['event_action'])).toEqual(['trigger', 'acknowledge', 'trigger', 'resolve', 'trigger', 'resolve']);
    expect(new Set(sent().map((body) => body['dedup_key']))).toEqual(new Set([life.opened.incident_id]));
    expect(sent()[0]).toMatchObject({
      routing_key: 'R'.repeat(32),
      payload: {
        summary: '[minor] opened: Files are missing from msc1',
        source: 'demo',
        severity: 'warning',
        class: 'S01',
        group: 'revenue',
      },
      client: 'Weir',
    });
    expect(sent()[2]?.['payload']['severity']).toBe('critical');
  });

  it('keeps the field rules whatever stands in an incident', () => {
    fc.assert(
      fc.property(strange, (incident) => {
        const request = pagerDutyRequest(settings(), incident);
        const { payload, dedup_key } = bodyOf(request);
        expect(payload.summary.length).toBeGreaterThan(0);
        expect(payload.summary.length).toBeLessThanOrEqual(1_024);
        expect(payload.source.length).toBeGreaterThan(0);
        expect(['critical', 'error', 'warning', 'info']).toContain(payload.severity);
        expect(dedup_key.length).toBeLessThanOrEqual(255);
        expect(Buffer.byteLength(request?.body ?? '')).toBeLessThanOrEqual(pagerDutyLimits.body);
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    [202, 'delivered'],
    [400, 'refused'],
    [404, 'refused'],
    [410, 'refused'],
    [429, 'retry'],
    [500, 'retry'],
    [503, 'retry'],
  ])('takes %i for %s', async (status, outcome) => {
    receiver.answer = (_, response) => response.writeHead(status).end();
    expect(await tell(pagerDutyTarget(settings(receiver.url)), [life.opened])).toEqual([outcome]);
  });

  it('keeps what a refusal says, without the key', async () => {
    receiver.answer = (_, response) => response.writeHead(400).end(`{"errors":["routing key ${'R'.repeat(32)} is invalid\\u0000"]}`);
    const answer = await pagerDutyTarget(settings(receiver.url)).deliver(life.opened, testTools());
    expect(answer).toMatchObject({ outcome: 'refused', status: 400 });
    expect(JSON.stringify(answer)).toContain('is invalid');
    expect(JSON.stringify(answer)).not.toContain('RRRR');
  });
});

describe('the webhook body of Alertmanager', () => {
  const settings = (url = 'https://a.example/') => ({
    name: 'am',
    url,
    login: { kind: 'none' } as const,
    labels: { env: 'prod' },
    publicUrl: 'https://weir.example',
    texts,
  });

  it('fires and resolves under one fingerprint and group key, whatever the severity', async () => {
    expect(await tell(alertmanagerWebhookTarget(settings(receiver.url), []), all)).toEqual(all.map(() => 'delivered'));
    const bodies = sent();
    expect(bodies.map((body) => body['status'])).toEqual(['firing', 'firing', 'firing', 'resolved', 'firing', 'resolved']);
    for (const body of bodies) {
      expect(body).toMatchObject({ version: '4', truncatedAlerts: 0, receiver: 'am', externalURL: 'https://weir.example' });
      expect(body['groupKey']).toBe(bodies[0]?.['groupKey']);
      expect(body['alerts']).toHaveLength(1);
      expect(body['alerts'][0]).toMatchObject({ fingerprint: bodies[0]?.['alerts'][0].fingerprint, status: body['status'] });
      expect(body['alerts'][0].fingerprint).toMatch(/^[0-9a-f]{16}$/);
    }
    expect(bodies[0]?.['commonLabels']).toMatchObject({
      alertname: 'S01',
      severity: 'minor',
      source: 'msc1',
      env: 'prod',
      category: 'revenue',
    });
    expect(bodies[0]?.['alerts'][0].endsAt).toBe('0001-01-01T00:00:00Z');
    expect(bodies[3]?.['alerts'][0].endsAt).toBe(life.resolved.resolved_at);
  });

  it('has labels that Prometheus takes, whatever stands in an incident', () => {
    fc.assert(
      fc.property(strange, (incident) => {
        const { commonLabels } = bodyOf(alertmanagerWebhookRequest(settings(), incident));
        for (const [name, value] of Object.entries(commonLabels as Record<string, string>)) {
          expect(name).toMatch(/^[a-zA-Z_][a-zA-Z0-9_]*$/);
          expect(name.startsWith('__')).toBe(false);
          expect(value.length).toBeGreaterThan(0);
          expect(value.length).toBeLessThanOrEqual(alertLimits.label);
        }
        expect(commonLabels['alertname']).toBeDefined();
      }),
      { numRuns: 60 },
    );
    expect([labelName('trunk-group'), labelName('5g'), labelName('__name__'), labelName('')]).toEqual([
      'trunk_group',
      '_5g',
      '_name__',
      '_',
    ]);
  });

  it('asks again after 5xx alone', async () => {
    for (const [status, outcome] of [
      [500, 'retry'],
      [429, 'retry'],
      [400, 'refused'],
      [401, 'refused'],
      [410, 'gone'],
    ] as const) {
      receiver.answer = (_, response) => response.writeHead(status).end();
      expect(await tell(alertmanagerWebhookTarget(settings(receiver.url), []), [life.opened])).toEqual([outcome]);
    }
  });
});

describe('the API of Alertmanager', () => {
  const settings = (...urls: string[]) => ({ name: 'am', urls, login: { kind: 'none' } as const, labels: {}, keepMinutes: 240, texts });

  it('ends the old label set when the severity changes, in the same request', async () => {
    const memory = testMemory();
    const target = alertmanagerTarget(settings(receiver.url), []);
    expect(await tell(target, all, testTools(memory))).toEqual(all.map(() => 'delivered'));
    const posts = sent() as unknown as readonly Body[][];
    expect(receiver.received.every(({ path }) => path === '/hook/api/v2/alerts')).toBe(true);
    expect(posts.map((alerts) => alerts.map((alert) => alert['labels'].severity))).toEqual([
      ['minor'],
      ['minor'],
      ['minor', 'critical'],
      ['critical'],
      ['critical'],
      ['critical'],
    ]);
    const now = testEpoch + 600_000;
    expect(posts[2]?.map((alert) => Date.parse(alert['endsAt']) > now)).toEqual([false, true]);
    expect(posts.map((alerts) => Date.parse(alerts.at(-1)!['endsAt']) > now)).toEqual([true, true, true, false, true, false]);
  });

  it('tells every peer, and one that takes it is enough', async () => {
    const other = await startReceiver();
    other.answer = (_, response) => response.writeHead(503).end();
    const target = alertmanagerTarget(settings(other.url, receiver.url), []);
    const answer = await target.deliver(life.opened, testTools());
    expect(answer).toMatchObject({ outcome: 'delivered', note: '1 of 2 peers did not take it; they are told again' });
    receiver.answer = (_, response) => response.writeHead(500).end();
    expect(await tell(target, [life.resolved])).toEqual(['retry']);
    expect(other.received).toHaveLength(2);
    await other.stop();
  });

  it('never ends an alert before it began', () => {
    const alert = postedAlert(settings('http://a'), { ...life.resolved, opened_at: '2030-01-01T00:00:00.000Z' }, testEpoch);
    expect(Date.parse(alert.endsAt)).toBeGreaterThanOrEqual(Date.parse(alert.startsAt));
  });
});

describe('alerts of Jira Service Management', () => {
  const settings = (url = 'https://api.example/alerts') => ({ name: 'jsm', url, key: 'secret-key', teams: ['t1'], texts });

  it('creates, acknowledges, notes and closes by the alias', async () => {
    receiver.answer = (_, response) => response.writeHead(202).end('{"result":"Request will be processed"}');
    expect(await tell(jsmAlertTarget(settings(receiver.url)), all)).toEqual(all.map(() => 'delivered'));
    const id = life.opened.incident_id;
    expect(receiver.received.map(({ path }) => path)).toEqual([
      '/hook',
      `/hook/${id}/acknowledge?identifierType=alias`,
      '/hook',
      `/hook/${id}/notes?identifierType=alias`,
      `/hook/${id}/close?identifierType=alias`,
      '/hook',
      `/hook/${id}/close?identifierType=alias`,
    ]);
    expect(receiver.received[0]?.headers.authorization).toBe('GenieKey secret-key');
    expect(sent()[0]).toMatchObject({ alias: id, priority: 'P3', responders: [{ type: 'team', id: 't1' }], source: 'Weir' });
    expect(sent()[2]).toMatchObject({ alias: id, priority: 'P1' });
  });

  it('keeps the limits whatever stands in an incident', () => {
    fc.assert(
      fc.property(strange, (incident) => {
        const body = bodyOf(jsmAlertRequests(settings(), incident)[0]);
        expect(body['message'].length).toBeGreaterThan(0);
        expect(body['message'].length).toBeLessThanOrEqual(jsmLimits.message);
        expect(body['description'].length).toBeLessThanOrEqual(jsmLimits.description);
        expect(body['entity'].length).toBeLessThanOrEqual(jsmLimits.entity);
        for (const tag of body['tags']) expect(tag.length).toBeLessThanOrEqual(jsmLimits.tag);
      }),
      { numRuns: 60 },
    );
  });
});

describe('events of ServiceNow', () => {
  const settings = (url = 'https://dev.example') => ({
    name: 'snow',
    url,
    login: { kind: 'basic', user: 'weir', password: 'p:ä' } as const,
    source: 'Weir',
    nodeLabels: ['node', 'source'],
    texts,
  });

  it('opens, repeats and ends under one message key', async () => {
    expect(await tell(serviceNowEventTarget(settings(receiver.url), []), all)).toEqual(all.map(() => 'delivered'));
    const records = sent().map((body) => body['records'][0] as Body);
    expect(receiver.received.every(({ path }) => path === '/hook/api/global/em/jsonv2')).toBe(true);
    expect(records.map((record) => `${record['severity']} ${record['resolution_state']}`)).toEqual([
      '3 New',
      '1 New',
      '0 Closing',
      '1 New',
      '0 Closing',
    ]);
    expect(new Set(records.map((record) => record['message_key']))).toEqual(new Set(['demo/gap-msc1']));
    expect(records[0]).toMatchObject({
      source: 'Weir',
      node: 'msc1',
      type: 'S01',
      metric_name: 'file_sequence',
      time_of_event: '2026-01-05 12:00:00',
    });
    expect(JSON.parse(records[0]?.['additional_info'])).toMatchObject({ money: '1200 EUR leakage', incident_id: life.opened.incident_id });
    expect(receiver.received[0]?.headers.authorization).toBe(`Basic ${Buffer.from('weir:p:ä').toString('base64')}`);
    expect(loginHeader({ kind: 'none' })).toEqual({});
  });

  it('keeps the lengths of its columns whatever stands in an incident', () => {
    fc.assert(
      fc.property(strange, (incident) => {
        const [record] = bodyOf(serviceNowEventRequest(settings(), incident))['records'];
        for (const name of ['source', 'event_class', 'node', 'resource', 'metric_name', 'type'])
          expect(record[name].length).toBeLessThanOrEqual(serviceNowEventLimits.name);
        expect(record.message_key.length).toBeLessThanOrEqual(1_024);
        expect(record.description.length).toBeLessThanOrEqual(4_000);
        expect(typeof record.additional_info).toBe('string');
        expect(() => JSON.parse(record.additional_info) as unknown).not.toThrow();
        expect(record.time_of_event).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    [401, 'retry'],
    [403, 'retry'],
    [400, 'refused'],
    [410, 'refused'],
    [503, 'retry'],
  ])('takes %i for %s: a login that fails is mended by a person', async (status, outcome) => {
    receiver.answer = (_, response) => response.writeHead(status).end();
    expect(await tell(serviceNowEventTarget(settings(receiver.url), []) as Target, [life.opened])).toEqual([outcome]);
  });
});
