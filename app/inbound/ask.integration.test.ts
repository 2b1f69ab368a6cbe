/** Lost deliveries over a real ClickHouse: four ticket systems, played by one recording server, are asked how tickets stand. */

import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultIncidentSettings } from '../../incidents/settings.ts';
import { findingOf } from '../../incidents/testing/finding.ts';
import { type Receiver, startReceiver } from '../../incidents/testing/receiver.ts';
import { withClickHouse } from '../../test/clickhouse.ts';
import { createIncidentDesk } from '../incidents/desk.ts';
import { parseSettings } from '../settings/load.ts';
import { createAsker } from './ask.ts';
import { askingOf } from './asking.ts';
import { connectorsOf } from './connectors.ts';
import { createInbox } from './inbox.ts';

const clickhouse = withClickHouse();
const log = pino({ level: 'silent' });
const tenant = 'asking';
const day = new Date().toISOString().slice(0, 10);
const clock = { instant: Date.parse(`${day}T12:00:01Z`), now: () => clock.instant };
const said = `${day}T12:45:00.000Z`;
let receiver: Receiver;
beforeAll(async () => {
  receiver = await startReceiver();
});
afterAll(() => receiver.stop());

describe('a ticket whose words were lost', () => {
  it('is asked about; what differs is applied once, and nothing is asked again before its time', async () => {
    const { store } = clickhouse;
    const base = receiver.url.replace('/hook', '');
    const login = 'user: weir, passwordEnv: P';
    const settings = parseSettings(
      `
tenant: ${tenant}
targets:
  now: { type: servicenow-incident, url: '${base}', ${login} }
  issues: { type: jira, url: '${base}', ${login}, project: OPS }
  tickets: { type: tmf621, url: '${base}', ${login} }
  pager: { type: pagerduty, routingKeyEnv: K }
inbound:
  now: { type: servicenow, secretEnv: S, target: now }
  issues: { type: jira, secretEnv: S, target: issues }
  tickets: { type: tmf621, secretEnv: S, target: tickets }
  pager: { type: pagerduty, secretEnv: S, target: pager, askUrl: '${base}', tokenEnv: T }
`,
      'weir.yaml',
    );
    const environment = { S: 's'.repeat(32), P: 'password', K: 'k'.repeat(32), T: 'token' };
    const desk = createIncidentDesk({ store, clock, tenant, settings: defaultIncidentSettings, log });
    const names = ['now', 'issues', 'tickets', 'pager'] as const;
    const opened = await desk.take(
      names.map((name) =>
        findingOf({
          ...{ tenant, finding_key: name, scope: { source: name }, explanation: [] },
          ...{ detected_at: `${day}T12:00:00.000Z`, began_at: `${day}T11:30:00.000Z` },
        }),
      ),
    );
    const idOf = (name: string): string => opened.find(({ incident_key }) => incident_key === name)!.incident_id;
    clock.instant = Date.parse(`${day}T13:00:00Z`);
    const made = `${day} 12:01:00.000`;
    const externals = { now: '0'.repeat(32), issues: '10002', tickets: 'TT-5' };
    await store.insert(
      'correlations',
      Object.entries(externals).map(([target, external_id]) => ({
        ...{ tenant, target, incident_id: idOf(target), external_id, reference: external_id, at: made },
      })),
      'test/correlations',
    );
    const delivery = {
      attempt: 1,
      at: made,
      state: 'delivered',
      http_status: 202,
      error: '',
      next_attempt_at: '1970-01-01 00:00:00.000',
      duration_ms: 1,
    };
    await store.insert(
      'deliveries',
      [{ tenant, incident_id: idOf('pager'), sequence: 1, endpoint: 'pager', ...delivery }],
      'test/deliveries',
    );

    receiver.answer = ({ path }, response) => {
      const answers: readonly (readonly [string, object])[] = [
        [
          '/api/now/',
          {
            result: [
              {
                ...{
                  sys_id: externals.now,
                  number: 'INC1',
                  correlation_id: idOf('now'),
                  state: '3',
                  hold_reason: { display_value: 'Awaiting Vendor' },
                },
                ...{ assigned_to: { value: 'b', display_value: 'Bo' }, sys_updated_on: `${day} 12:45:00`, sys_updated_by: 'ana' },
              },
            ],
          },
        ],
        [
          '/rest/api/2/issue/10002',
          {
            ...{ id: '10002', key: 'OPS-7', fields: { status: { name: 'Done' }, labels: [idOf('issues')] } },
            changelog: { histories: [{ author: { displayName: 'Ana' }, created: said, items: [{ field: 'status' }] }] },
          },
        ],
        ['/troubleTicket/TT-5', { id: 'TT-5', status: 'rejected', statusChangeDate: said, statusChangeReason: 'a test call' }],
        [
          '/incidents?',
          {
            incidents: [
              {
                ...{ id: 'P1', incident_number: 1, incident_key: idOf('pager'), created_at: made, status: 'acknowledged' },
                ...{ last_status_change_at: said, last_status_change_by: { type: 'user_reference', summary: 'Ana' } },
              },
            ],
          },
        ],
      ];
      const [, answer] = answers.find(([part]) => path.includes(part)) ?? ['', {}];
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    };

    const connectors = connectorsOf(settings, environment);
    const audited: { action: string; target: string; address: string }[] = [];
    const audit = async (entry: (typeof audited)[number]): Promise<void> => void audited.push(entry);
    const inbox = createInbox({ store, desk, clock, tenant, connectors, log, graceMs: 0, audit });
    const asking = askingOf(settings, connectors, environment);
    const ask = createAsker({ store, clock, tenant, inbox, asking, log });
    // Four states and one assignee.
    expect(await ask()).toBe(5);
    const stands = async (name: string) => {
      const [row] = await store.rows<{ body: string }>('incident-latest-by-id', { tenant, incident_id: idOf(name) });
      return JSON.parse(row!.body) as Record<string, unknown>;
    };
    expect(await stands('now')).toMatchObject({ state: 'in_progress', hold_reason: 'Awaiting Vendor', assignee: 'Bo' });
    expect(await stands('issues')).toMatchObject({
      state: 'closed',
      timeline: expect.arrayContaining([expect.objectContaining({ actor: 'Ana (via issues)' })]),
    });
    expect(await stands('tickets')).toMatchObject({ state: 'closed' });
    expect(await stands('pager')).toMatchObject({ state: 'acknowledged', acknowledged_at: said });
    expect(audited).toContainEqual(
      expect.objectContaining({ action: 'incident.acknowledged', target: idOf('pager'), address: `asked:${new URL(base).host}` }),
    );

    const requests = receiver.received.length;
    expect(await ask()).toBe(0);
    expect(receiver.received).toHaveLength(requests);
    clock.instant += 6 * 60_000;
    const sequence = (await stands('now'))['sequence'];
    expect(await ask()).toBe(0);
    expect(receiver.received).toHaveLength(2 * requests);
    // A process that remembers nothing asks again and hears nothing new.
    expect(await createAsker({ store, clock, tenant, inbox, asking, log })()).toBe(0);
    expect((await stands('now'))['sequence']).toBe(sequence);

    // A system that does not answer keeps the others from nothing.
    clock.instant += 6 * 60_000;
    const before = receiver.received.length;
    const usual = receiver.answer;
    receiver.answer = (request, response) =>
      request.path.includes('/api/now/') ? response.writeHead(503).end() : usual(request, response);
    expect(await ask()).toBe(0);
    expect(receiver.received.length - before).toBe(4);
    expect(() =>
      askingOf(
        parseSettings('inbound: { x: { type: jira, secretEnv: S, target: nobody } }', 'weir.yaml'),
        connectorsOf(parseSettings('inbound: { x: { type: jira, secretEnv: S, target: nobody } }', 'weir.yaml'), environment),
        environment,
      ),
    ).toThrow('there is no target nobody of type jira');
  });
});
