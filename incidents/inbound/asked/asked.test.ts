/** What ticket systems are asked and answer: after their public documentation. */
import { describe, expect, it } from 'vitest';
import { testIncidentId as id } from '../testing/bodies.ts';
import { askedJira } from './jira.ts';
import { askedPagerDuty } from './pagerduty.ts';
import { askedServiceNow } from './servicenow.ts';
import type { AskedSystem } from './system.ts';
import { askedTmf621 } from './tmf621.ts';

const login = { kind: 'basic', user: 'weir', password: 'secret' } as const;
const context = { statuses: {}, own: new Set(['weir']) };
const at = Date.UTC(2026, 0, 5, 12, 30);
const ticket = (external_id: string) => ({ incident_id: id, external_id });

describe('ServiceNow', () => {
  const system = askedServiceNow('https://now.example', login);
  const record = {
    sys_id: { value: 'a1', display_value: 'a1' },
    number: { value: 'INC1', display_value: 'INC1' },
    correlation_id: { value: id, display_value: id },
    state: { value: '3', display_value: 'On Hold' },
    hold_reason: { value: '4', display_value: 'Awaiting Vendor' },
    priority: { value: '2', display_value: '2 - High' },
    assigned_to: { value: 'b1', display_value: 'Bo' },
    sys_updated_on: { value: '2026-01-05 12:30:00', display_value: '05/01/2026 13:30' },
    sys_updated_by: { value: 'ana', display_value: 'ana' },
  };

  it('is asked for fifty records at once, and no id can widen the query', () => {
    const requests = system.ask(Array.from({ length: 51 }, (_, number) => ticket(`a${number}^ORnumber=1`)));
    expect(requests).toHaveLength(2);
    expect(decodeURIComponent(requests[1]!.url)).toContain('sysparm_query=sys_idINa50ORnumber1&');
    expect(requests[0]).toMatchObject({ method: 'GET', body: '' });
  });

  it('says by whom it was changed last, and when, unless that was Weir', () => {
    const said = { at, actor: 'ana', own: false };
    expect(system.states(JSON.stringify({ result: [record, 'nonsense', {}] }), context)).toEqual([
      {
        external_id: 'a1',
        reference: 'INC1',
        incident_id: id,
        status: { value: 'held', reason: 'Awaiting Vendor', ...said },
        assignee: { value: 'Bo', ...said },
        priority: { value: 2, ...said },
      },
    ]);
    const own = { ...record, state: { value: '6' }, resolved_at: { value: '2026-01-05 12:30:00' }, sys_updated_by: { value: 'weir' } };
    const [state] = system.states(JSON.stringify({ result: [own] }), context);
    expect(state).toMatchObject({ status: { value: 'resolved', at, own: false } });
    expect(state!.assignee).not.toHaveProperty('at');
  });
});

describe('Jira', () => {
  const system = askedJira('https://jira.example', login);
  it('names who changed what and when in its history', () => {
    expect(system.ask([ticket('10002')])[0]!.url).toBe(
      'https://jira.example/rest/api/2/issue/10002?fields=status,assignee,priority,labels&expand=changelog',
    );
    const change = (field: string, author: string, created: string) => ({
      author: { accountId: author, displayName: author },
      created,
      items: [{ field }],
    });
    const issue = {
      id: '10002',
      key: 'OPS-7',
      fields: {
        status: { name: 'Waiting for parts', statusCategory: { key: 'indeterminate' } },
        assignee: { displayName: 'Bo' },
        priority: { name: 'P2' },
        labels: ['weir', id],
      },
      changelog: {
        histories: [
          change('status', 'weir', '2026-01-05T12:10:00.000+0000'),
          change('status', 'ana', '2026-01-05T13:30:00.000+0100'),
          change('assignee', 'weir', '2026-01-05T12:20:00.000+0000'),
        ],
      },
    };
    expect(system.states(JSON.stringify(issue), { ...context, statuses: { 'waiting for parts': 'held' } })).toEqual([
      {
        external_id: '10002',
        reference: 'OPS-7',
        incident_id: id,
        status: { value: 'held', at, actor: 'ana', own: false, reason: 'Waiting for parts' },
        assignee: { value: 'Bo', at: Date.UTC(2026, 0, 5, 12, 20), actor: 'weir', own: true },
      },
    ]);
  });
});

describe('TMF621', () => {
  const system = askedTmf621('https://tt.example/troubleTicket/v5', login);
  it('has a history of statuses; a reason with our mark is ours', () => {
    expect(system.ask([ticket('TT/5')])[0]!.url).toBe('https://tt.example/troubleTicket/v5/troubleTicket/TT%2F5');
    const body = {
      id: 'TT-5',
      status: 'pending',
      priority: '2',
      externalIdentifier: [{ id }],
      statusChangeHistory: [
        { status: 'pending', changeDate: '2026-01-05T12:30:00Z', changeReason: 'a part' },
        { status: 'acknowledged', changeDate: '2026-01-05T12:00:00Z', changeReason: '' },
      ],
      relatedParty: [{ role: 'handler', partyOrPartyRole: { name: 'Ana' } }],
    };
    expect(system.states(JSON.stringify(body), context)).toMatchObject([
      { external_id: 'TT-5', incident_id: id, status: { value: 'held', at, own: false, reason: 'a part' }, assignee: { value: 'Ana' } },
    ]);
    const own = { id: 'TT-5', status: 'resolved', statusChangeReason: `done [weir ${id}_3]`, statusChangeDate: '2026-01-05T12:30:00Z' };
    expect(system.states(JSON.stringify(own), context)).toMatchObject([{ status: { value: 'resolved', at, own: true } }]);
  });
});

describe('PagerDuty', () => {
  const system = askedPagerDuty('https://api.pagerduty.com', 'token');
  it('finds an incident by its key, the latest one of several', () => {
    expect(system.ask([ticket('')])[0]).toMatchObject({
      url: `https://api.pagerduty.com/incidents?date_range=all&incident_key=${id}&limit=5`,
      headers: { authorization: 'Token token=token' },
    });
    const incident = (created_at: string, status: string, type: string) => ({
      ...{ id: `P${status}`, incident_number: 7, incident_key: id, created_at, status },
      last_status_change_at: '2026-01-05T12:30:00Z',
      last_status_change_by: { id: 'U1', type, summary: 'Ana' },
      assignments: [{ at: '2026-01-05T12:20:00Z', assignee: { summary: 'Bo' } }],
    });
    const incidents = [
      incident('2026-01-05T11:00:00Z', 'resolved', 'user_reference'),
      incident('2026-01-05T12:00:00Z', 'acknowledged', 'user_reference'),
    ];
    expect(system.states(JSON.stringify({ incidents }), context)).toMatchObject([
      {
        external_id: 'Packnowledged',
        incident_id: id,
        status: { value: 'acknowledged', at, actor: 'Ana', own: false },
        assignee: { value: 'Bo' },
      },
    ]);
    const [own] = system.states(
      JSON.stringify({ incidents: [incident('2026-01-05T12:00:00Z', 'resolved', 'integration_reference')] }),
      context,
    );
    expect(own).toMatchObject({ status: { own: true } });
  });
});

describe('answers that are none', () => {
  it('say nothing', () => {
    const systems: AskedSystem[] = [
      askedServiceNow('https://a.example', login),
      askedJira('https://a.example', login),
      askedTmf621('https://a.example', login),
      askedPagerDuty('https://a.example', 't'),
    ];
    const bodies = [
      '',
      'null',
      '[]',
      '{}',
      '{"result":7,"incidents":{},"fields":[],"id":{}}',
      '['.repeat(5_000),
      '{"result":[null,1,{"sys_id":{}}]}',
    ];
    for (const system of systems) for (const body of bodies) expect(system.states(body, context)).toEqual([]);
  });
});
