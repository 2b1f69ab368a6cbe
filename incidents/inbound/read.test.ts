/** Contract: bodies as the public field rules of each system have them. */
import { describe, expect, it } from 'vitest';
import type { ReadContext } from './event.ts';
import { readBody } from './read.ts';
import { jiraBody, pagerDutyBody, serviceNowBody, testIncidentId, tmf621Body } from './testing/bodies.ts';
import type { ConnectorType } from './verify.ts';

const receivedAt = Date.UTC(2026, 0, 5, 13);
const context: ReadContext = { statuses: {}, own: new Set(['weir.integration', 'acc-weir']), receivedAt, fallbackId: 'sha256:f' };

const eventOf = (type: ConnectorType, body: object, more: Partial<ReadContext> = {}) => {
  const read = readBody(type, JSON.stringify(body), { ...context, ...more });
  return 'event' in read ? read.event : read;
};

describe('PagerDuty', () => {
  it('gives who acknowledged, when, of which incident of ours', () => {
    expect(eventOf('pagerduty', pagerDutyBody('incident.acknowledged'))).toEqual({
      delivery_id: '01DEFGH',
      external_id: 'PGR0VU2',
      reference: '1234',
      incident_id: testIncidentId,
      at: Date.UTC(2026, 0, 5, 12, 30),
      revision: 0,
      actor: 'Ana Example',
      actorIds: ['PTUXL6G', 'Ana Example'],
      echo: false,
      explicit: true,
      status: 'acknowledged',
    });
  });

  it('knows its own changes by their agent, and takes assignees, priorities and notes', () => {
    const own = { id: 'PINT', type: 'events_api_v2_inbound_integration_reference', summary: 'Weir' };
    expect(eventOf('pagerduty', pagerDutyBody('incident.resolved', { agent: own }))).toMatchObject({ echo: true, status: 'resolved' });
    expect(eventOf('pagerduty', pagerDutyBody('incident.reassigned'))).toMatchObject({ assignee: 'Bo Example' });
    expect(eventOf('pagerduty', pagerDutyBody('incident.priority_updated'))).toMatchObject({ priority: 2 });
    const note = { data: { incident: { id: 'PGR0VU2' }, content: 'looking', type: 'incident_note' } };
    expect(eventOf('pagerduty', pagerDutyBody('incident.annotated', note))).toMatchObject({ note: 'looking', incident_id: '' });
    expect(eventOf('pagerduty', pagerDutyBody('pagey.ping'))).toMatchObject({ ignored: expect.any(String) });
  });
});

describe('ServiceNow', () => {
  it('gives the record as it stands', () => {
    expect(eventOf('servicenow', serviceNowBody())).toEqual({
      delivery_id: `9d385017c611228701d22104cc95c371/4/${Date.UTC(2026, 0, 5, 12, 30)}`,
      external_id: '9d385017c611228701d22104cc95c371',
      reference: 'INC0010023',
      incident_id: testIncidentId,
      at: Date.UTC(2026, 0, 5, 12, 30),
      revision: 4,
      actor: 'ana.example',
      actorIds: ['ana.example'],
      echo: false,
      explicit: false,
      status: 'held',
      reason: 'Awaiting Vendor',
      assignee: 'Bo Example',
      priority: 2,
    });
    expect(eventOf('servicenow', serviceNowBody({ sys_updated_by: 'weir.integration' }))).toMatchObject({ echo: true });
    expect(eventOf('servicenow', serviceNowBody({ state: '8', close_notes: 'duplicate' }))).toMatchObject({
      status: 'cancelled',
      reason: 'duplicate',
    });
    expect(eventOf('servicenow', serviceNowBody({ work_notes: `done\n[weir ${testIncidentId}_3]` }))).toMatchObject({ echo: true });
  });
});

describe('Jira', () => {
  it('gives what changed, by name and else by category', () => {
    expect(eventOf('jira', jiraBody('In Progress', 'indeterminate'))).toMatchObject({
      delivery_id: `jira:issue_updated/10002/${Date.UTC(2026, 0, 5, 12, 30)}/10124`,
      external_id: '10002',
      reference: 'OPS-7',
      incident_id: testIncidentId,
      actor: 'Ana Example',
      status: 'in_progress',
      explicit: true,
    });
    expect(eventOf('jira', jiraBody('Fixed in the field', 'done'))).toMatchObject({ status: 'closed' });
    const statuses = { 'fixed in the field': 'resolved' } as const;
    expect(eventOf('jira', jiraBody('Fixed in the field', 'done'), { statuses })).toMatchObject({ status: 'resolved' });
    expect(eventOf('jira', { ...jiraBody('Done', 'done'), user: { accountId: 'acc-weir', displayName: 'Weir' } })).toMatchObject({
      echo: true,
    });
    expect(eventOf('jira', { ...jiraBody('Done', 'done'), changelog: { id: '1', items: [{ field: 'description' }] } })).toMatchObject({
      ignored: expect.any(String),
    });
  });
});

describe('TMF621', () => {
  it.each([
    ['acknowledged', 'acknowledged'],
    ['inProgress', 'in_progress'],
    ['pending', 'held'],
    ['held', 'held'],
    ['resolved', 'resolved'],
    ['closed', 'closed'],
    ['rejected', 'cancelled'],
    ['cancelled', 'cancelled'],
  ])('takes %s as %s', (status, ours) => {
    expect(eventOf('tmf621', tmf621Body(status))).toMatchObject({
      delivery_id: 'ev-1',
      external_id: 'TT-5',
      incident_id: testIncidentId,
      at: Date.UTC(2026, 0, 5, 12, 30),
      actor: 'Ana Example',
      status: ours,
      echo: false,
    });
  });

  it('knows its own changes by the mark in the reason', () => {
    expect(eventOf('tmf621', tmf621Body('resolved', `It has recovered. [weir ${testIncidentId}_2]`))).toMatchObject({ echo: true });
  });
});

describe('the body of our own', () => {
  it('is taken with or without an envelope, and refused with a status that nobody knows', () => {
    const data = { incident_id: testIncidentId, status: 'held', reason: 'a part', actor: 'ana', assignee: 'bo', priority: 'P1', note: 'n' };
    const wanted = {
      incident_id: testIncidentId,
      status: 'held',
      reason: 'a part',
      actor: 'ana',
      assignee: 'bo',
      priority: 1,
      note: 'n',
      delivery_id: 'sha256:f',
    };
    expect(eventOf('generic', data)).toMatchObject(wanted);
    expect(eventOf('generic', { type: 'ticket.updated', timestamp: '2026-01-05T12:30:00Z', data })).toMatchObject({
      ...wanted,
      at: Date.UTC(2026, 0, 5, 12, 30),
    });
    expect(eventOf('generic', { ...data, status: 'constructor' })).toMatchObject({ unreadable: expect.stringContaining('constructor') });
  });

  it('says nothing of the future', () => {
    expect(eventOf('generic', { incident_id: testIncidentId, status: 'closed', at: '2031-01-01T00:00:00Z' })).toMatchObject({
      at: receivedAt,
    });
  });
});
