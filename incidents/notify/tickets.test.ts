/** Systems that name their tickets themselves, each against a server that keeps tickets as they do. */
import type { ServerResponse } from 'node:http';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Incident } from '../../core/incident.ts';
import { incidentOf } from '../testing/finding.ts';
import { type Received, type Receiver, startReceiver } from '../testing/receiver.ts';
import { lifeOf, tell, testMemory, testTools } from '../testing/targets.ts';
import { anyText } from '../testing/texts.ts';
import { type JiraSettings, jiraIssue, jiraLimits, jiraTarget, unformatted } from './jira.ts';
import { type ServiceNowIncidentSettings, serviceNowChange, serviceNowIncidentTarget, serviceNowRecord } from './servicenow-incident.ts';
import type { Remembered } from './target.ts';
import { defaultTexts as texts } from './template.ts';
import { type Tmf621Settings, tmf621Target, troubleTicket, troubleTicketPatch } from './tmf621.ts';

let receiver: Receiver;
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver.stop());

// biome-ignore lint/suspicious/noExplicitAny: bodies of other systems
type Body = Record<string, any>;
const life = lifeOf();
const all = Object.values(life);
const methods = (): string[] => receiver.received.map(({ method, path }) => `${method} ${path.replace('/hook', '').replace(/\?.*/, '')}`);
const bodies = (method: string): Body[] =>
  receiver.received.filter((one) => one.method === method).map(({ body }) => JSON.parse(body) as Body);
const answer = (response: ServerResponse, status: number, value: unknown): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
};

const strange: fc.Arbitrary<Incident> = fc
  .record({ title: anyText, summary: anyText, actor: anyText, note: anyText })
  .map(({ title, summary, actor, note }) => ({
    ...incidentOf(),
    title,
    summary,
    sequence: 2,
    transition: 'updated',
    timeline: [{ at: life.opened.opened_at, type: 'updated', actor, text: note }],
  }));

/** A table of ServiceNow with its filter on correlation_id. */
function serviceNow() {
  const records: Body[] = [];
  receiver.answer = ({ method, path, body }: Received, response) => {
    if (method === 'POST') {
      const record = {
        ...(JSON.parse(body) as Body),
        sys_id: `${'0'.repeat(31)}${records.length + 1}`,
        number: `INC000${records.length + 1}`,
      };
      records.push(record);
      answer(response, 201, { result: record });
    } else if (method === 'GET') {
      const one = records.find(({ sys_id }) => path.includes(`/${sys_id}?`));
      // Journals are shown whole, the newest entry first.
      if (one) return answer(response, 200, { result: { work_notes: [...(one['notes'] ?? [])].reverse().join('\n\n') } });
      const wanted = /correlation_id=([^^]*)/.exec(decodeURIComponent(path))?.[1];
      answer(response, 200, { result: records.filter((record) => record['correlation_id'] === wanted) });
    } else {
      const record = records.find(({ sys_id }) => path.includes(sys_id));
      const change = JSON.parse(body) as Body;
      if (record) Object.assign(record, change, { notes: [...(record['notes'] ?? []), change['work_notes']] });
      answer(response, record ? 200 : 404, { result: record ?? null });
    }
  };
  return records;
}

const serviceNowSettings = (changes: Partial<ServiceNowIncidentSettings> = {}): ServiceNowIncidentSettings => ({
  name: 'snow',
  url: receiver.url,
  login: { kind: 'basic', user: 'weir', password: 'secret' },
  onRecovery: 'comment',
  closeCode: 'Solved',
  fields: { assignment_group: 'RA' },
  texts,
  ...changes,
});

describe('incidents of ServiceNow', () => {
  it('are one record for the life of an incident; by default its state is left to people', async () => {
    const records = serviceNow();
    const memory = testMemory();
    expect(await tell(serviceNowIncidentTarget(serviceNowSettings(), []), all, testTools(memory))).toEqual(all.map(() => 'delivered'));
    expect(records).toHaveLength(1);
    expect(memory.kept.get(life.opened.incident_id)).toEqual({ external_id: `${'0'.repeat(31)}1`, reference: 'INC0001' });
    expect(bodies('POST')[0]).toMatchObject({
      short_description: '[minor] opened: Files are missing from msc1',
      correlation_id: life.opened.incident_id,
      correlation_display: 'Weir',
      assignment_group: 'RA',
      urgency: '2',
      impact: '2',
    });
    const changes = bodies('PATCH');
    expect(changes).toHaveLength(6);
    expect(changes.every((change) => change['state'] === undefined)).toBe(true);
    expect(changes[0]?.['work_notes']).toBe(
      `acknowledged by ana: acknowledge by hand\nState: acknowledged\nSeverity: minor\nMoney: 1200 EUR leakage\nCustomers: 340\nExplained by: node=msc1 (90 %)\n[weir ${life.opened.incident_id}_2]`,
    );
    expect(changes[2]).toMatchObject({ urgency: '1', impact: '1' });
  });

  it('are resolved and opened again where the settings say so', async () => {
    serviceNow();
    await tell(serviceNowIncidentTarget(serviceNowSettings({ onRecovery: 'resolve' }), []), all);
    expect(bodies('PATCH').map((change) => change['state'])).toEqual([undefined, undefined, undefined, '6', '2', '7']);
    expect(bodies('PATCH')[3]).toMatchObject({ close_code: 'Solved' });
  });

  it('are found by their key when Weir died between making and remembering', async () => {
    const records = serviceNow();
    const target = serviceNowIncidentTarget(serviceNowSettings(), []);
    const dying = { ...testMemory(), keep: () => Promise.reject(new Error('away')) };
    expect(await tell(target, [life.opened], testTools(dying))).toEqual(['retry']);
    const memory = testMemory();
    expect(await tell(target, [life.opened, life.acknowledged], testTools(memory))).toEqual(['delivered', 'delivered']);
    expect(records).toHaveLength(1);
    expect(memory.kept.size).toBe(1);
    expect(methods()).toEqual([
      'GET /api/now/v1/table/incident',
      'POST /api/now/v1/table/incident',
      'GET /api/now/v1/table/incident',
      `GET /api/now/v1/table/incident/${'0'.repeat(31)}1`,
      `PATCH /api/now/v1/table/incident/${'0'.repeat(31)}1`,
    ]);
  });

  it('have each note once, however often Weir dies before it has written down that it was told', async () => {
    const records = serviceNow();
    const target = serviceNowIncidentTarget(serviceNowSettings({ onRecovery: 'resolve' }), []);
    const memory = testMemory();
    for (const incident of all) await tell(target, [incident, incident, incident], testTools(memory));
    expect(records[0]!['notes']).toHaveLength(6);
    expect(records[0]).toMatchObject({ state: '7' });
  });

  it('are made anew when the record was deleted, and not at all when the incident has ended', async () => {
    const records = serviceNow();
    const target = serviceNowIncidentTarget(serviceNowSettings(), []);
    const memory = testMemory();
    await tell(target, [life.opened], testTools(memory));
    records.length = 0;
    expect(await tell(target, [life.updated], testTools(memory))).toEqual(['delivered']);
    expect(records).toHaveLength(1);
    records.length = 0;
    expect(await tell(target, [life.resolved], testTools(testMemory()))).toEqual(['delivered']);
    expect(records).toHaveLength(0);
  });

  it('are named by Location where the body does not', async () => {
    const id = 'a'.repeat(32);
    receiver.answer = ({ method }, response) =>
      method === 'GET'
        ? answer(response, 200, { result: [] })
        : response.writeHead(201, { location: `https://x/api/now/v1/table/incident/${id}` }).end();
    const memory = testMemory();
    expect(await tell(serviceNowIncidentTarget(serviceNowSettings(), []), [life.opened], testTools(memory))).toEqual(['delivered']);
    expect(memory.kept.get(life.opened.incident_id)?.external_id).toBe(id);
  });

  it('take no identity from another incident, and none that is none', async () => {
    const memory = testMemory();
    receiver.answer = ({ method }, response) =>
      method === 'GET'
        ? answer(response, 200, { result: [{ sys_id: 'x', number: 'INC9', correlation_id: 'inc_other' }] })
        : answer(response, 201, { result: { sys_id: 'y'.repeat(5_000) } });
    expect(await tell(serviceNowIncidentTarget(serviceNowSettings(), []), [life.opened], testTools(memory))).toEqual(['refused']);
    expect(memory.kept.size).toBe(0);
  });

  it('keep the lengths of their columns whatever stands in an incident', () => {
    fc.assert(
      fc.property(strange, (incident) => {
        const record = serviceNowRecord(serviceNowSettings({ url: 'https://x' }), incident);
        expect(record['short_description']?.length).toBeLessThanOrEqual(160);
        expect(record['short_description']).not.toMatch(/^$|\n/);
        expect(record['description']?.length).toBeLessThanOrEqual(4_000);
        const { work_notes } = serviceNowChange(serviceNowSettings({ url: 'https://x' }), incident);
        expect(work_notes?.length).toBeLessThanOrEqual(4_000);
        expect(work_notes?.endsWith(`[weir ${incident.incident_id}_2]`)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});

/** A TMF621 server: merge patch, filter by externalIdentifier.id where it knows it. */
function tmf621(options: { filters: boolean } = { filters: true }) {
  const tickets: Body[] = [{ id: 'other', status: 'pending', externalIdentifier: [{ id: 'someone else' }, null], note: [] }];
  receiver.answer = ({ method, path, body }, response) => {
    const url = new URL(path, 'http://x');
    const id = url.pathname.split('/').at(-1);
    const ticket = tickets.find((one) => one['id'] === id);
    if (method === 'POST') {
      const value = { ...(JSON.parse(body) as Body), id: `T${tickets.length}`, status: 'acknowledged' };
      tickets.push(value);
      answer(response, 201, value);
    } else if (method === 'PATCH') answer(response, ticket ? 200 : 404, ticket ? Object.assign(ticket, JSON.parse(body)) : {});
    else if (ticket) answer(response, 200, ticket);
    else if (id !== 'troubleTicket') answer(response, 404, {});
    else {
      const wanted = url.searchParams.get('externalIdentifier.id');
      answer(response, 200, options.filters ? tickets.filter((one) => one['externalIdentifier'][0].id === wanted) : tickets);
    }
  };
  return tickets;
}

const tmfSettings = (changes: Partial<Tmf621Settings> = {}): Tmf621Settings => ({
  name: 'tmf',
  url: receiver.url,
  login: { kind: 'token', scheme: 'Bearer', token: 't0ken' },
  onRecovery: 'comment',
  ticketType: 'Incident',
  texts,
  ...changes,
});

describe('trouble tickets of TMF621', () => {
  it('are one ticket with a note for each change, and the notes of people stay', async () => {
    const tickets = tmf621();
    const target = tmf621Target(tmfSettings(), []);
    const tools = testTools();
    await tell(target, [life.opened], tools);
    const ticket = tickets[1]!;
    for (const field of ['description', 'severity', 'ticketType']) expect(ticket[field]).not.toBe('');
    expect(ticket).toMatchObject({ '@type': 'TroubleTicket', severity: 'minor', priority: '3', ticketType: 'Incident' });
    expect(ticket['externalIdentifier']).toEqual([
      { '@type': 'ExternalIdentifier', owner: 'Weir', externalIdentifierType: 'incident', id: life.opened.incident_id },
    ]);
    ticket['note'].push({ author: 'bo', text: 'called the partner' });
    expect(await tell(target, all.slice(1), tools)).toEqual(all.slice(1).map(() => 'delivered'));
    expect(tickets).toHaveLength(2);
    expect(ticket['note'].map((note: Body) => note['author'])).toEqual(['weir', 'bo', 'ana', 'ana', 'weir', 'weir', 'weir', 'ana']);
    expect(ticket['severity']).toBe('critical');
    // People close it.
    expect(ticket['status']).toBe('acknowledged');
    const patch = receiver.received.find(({ method }) => method === 'PATCH');
    expect(patch?.headers['content-type']).toBe('application/merge-patch+json');
    expect(patch?.headers.authorization).toBe('Bearer t0ken');
  });

  it('follow the states where the settings say so, with the reason', async () => {
    const tickets = tmf621();
    await tell(tmf621Target(tmfSettings({ onRecovery: 'resolve' }), []), all);
    expect(bodies('PATCH').map((patch) => patch['status'])).toEqual([undefined, undefined, undefined, 'resolved', 'inProgress', 'closed']);
    expect(bodies('PATCH')[3]).toMatchObject({ resolutionDate: life.resolved.resolved_at });
    expect(tickets[1]?.['statusChangeReason']).toContain('close by hand');
  });

  it('are told nothing twice when a delivery is repeated', async () => {
    const tickets = tmf621();
    const target = tmf621Target(tmfSettings(), []);
    const tools = testTools();
    await tell(target, [life.opened, life.acknowledged, life.acknowledged, life.acknowledged], tools);
    expect(tickets[1]?.['note']).toHaveLength(2);
    expect(bodies('PATCH')).toHaveLength(1);
  });

  it('are found again on a server that knows no filter, and never another ticket', async () => {
    for (const server of [{ filters: true }, { filters: false }]) {
      const tickets = tmf621(server);
      const target = tmf621Target(tmfSettings(), []);
      await tell(target, [life.opened], testTools());
      expect(await tell(target, [life.opened, life.acknowledged], testTools())).toEqual(['delivered', 'delivered']);
      expect(tickets).toHaveLength(2);
      expect(tickets[0]).toMatchObject({ note: [] });
    }
  });

  it('are made on a server that refuses the search', async () => {
    receiver.answer = ({ method }, response) =>
      method === 'GET' ? answer(response, 400, { reason: 'no filter' }) : answer(response, 201, { id: 7 });
    const memory = testMemory();
    expect(await tell(tmf621Target(tmfSettings(), []), [life.opened], testTools(memory))).toEqual(['delivered']);
    expect(memory.kept.get(life.opened.incident_id)).toEqual({ external_id: '7', reference: '7' });
  });

  it('end the same whatever fails on the way: before or after the server did it, or before Weir remembered', async () => {
    const fault = fc.constantFrom('none', 'none', 'before', 'after', 'forgotten' as const);
    await fc.assert(
      fc.asyncProperty(fc.array(fault, { maxLength: 25 }), fc.array(fc.nat(2), { minLength: 7, maxLength: 7 }), async (faults, repeats) => {
        const tickets = tmf621();
        const works = receiver.answer;
        const left = [...faults];
        const memory = testMemory();
        receiver.answer = (request, response) => {
          const next = left.shift();
          if (next === 'before') answer(response, 503, {});
          else if (next === 'after') {
            // It was done, and nobody heard of it.
            works(request, { writeHead: () => ({ end: () => undefined }) } as unknown as ServerResponse);
            response.destroy();
          } else works(request, response);
        };
        const failing = {
          ...memory,
          keep: (id: string, ticket: Remembered) =>
            left.shift() === 'forgotten' ? Promise.reject(new Error('away')) : memory.keep(id, ticket),
        };
        const target = tmf621Target(tmfSettings({ onRecovery: 'resolve' }), []);
        for (const [index, incident] of all.entries())
          for (let times = 0; times <= (repeats[index] ?? 0); times += 1) {
            // As the outbox does: again and again until it is taken.
            for (let tries = 0; (await target.deliver(incident, testTools(failing))).outcome !== 'delivered'; tries += 1)
              expect(tries).toBeLessThan(60);
          }
        expect(tickets).toHaveLength(2);
        expect(tickets[1]).toMatchObject({ severity: 'critical', status: 'closed' });
        const marks = (tickets[1]!['note'] as Body[]).map((note) => /\[weir .*_(\d+)\]$/.exec(note['text'])?.[1]);
        expect(marks).toEqual(['1', '2', '3', '4', '5', '6', '7']);
      }),
      { numRuns: 25 },
    );
  });

  it('keep their limits, and cannot grow without end', () => {
    fc.assert(
      fc.property(strange, (incident) => {
        const ticket = troubleTicket(tmfSettings({ url: 'https://x' }), incident) as Body;
        expect(ticket['name'].length).toBeLessThanOrEqual(255);
        expect(ticket['description'].length).toBeGreaterThan(0);
        expect(ticket['description'].length).toBeLessThanOrEqual(8_000);
        const patch = troubleTicketPatch(tmfSettings({ url: 'https://x' }), incident, {
          note: Array.from({ length: 500 }, () => ({ text: 'x' })),
        }) as Body;
        expect(patch['note']).toHaveLength(200);
        expect(patch['note'].at(-1).text.length).toBeLessThanOrEqual(4_000);
      }),
      { numRuns: 60 },
    );
  });
});

/** A project of Jira with a workflow. */
function jira() {
  const issues: Body[] = [];
  const moves: string[] = [];
  receiver.answer = ({ method, path, body }, response) => {
    const url = new URL(path, 'http://x');
    const [, issue, what] = /\/issue\/(\d+)(?:\/(\w+))?/.exec(url.pathname) ?? [];
    const value = body === '' ? {} : (JSON.parse(body) as Body);
    const known = issues.find(({ id }) => id === issue);
    if (url.pathname.includes('/search')) {
      const label = /labels = "([^"]*)"/.exec(url.searchParams.get('jql') ?? '')?.[1];
      answer(response, 200, { issues: issues.filter(({ fields }) => fields.labels.includes(label)), isLast: true });
    } else if (issue !== undefined && !known) answer(response, 404, {});
    else if (what === 'comment' && method === 'GET') {
      const comments = [...(known?.['comments'] ?? [])].reverse().map((body: string) => ({ body }));
      answer(response, 200, { comments });
    } else if (what === 'comment') {
      known?.['comments'].push(value['body']);
      answer(response, 201, {});
    } else if (what === 'transitions') {
      moves.push(value['transition'].id);
      response.writeHead(204).end();
    } else if (method === 'GET')
      answer(response, 200, {
        id: issue,
        transitions: [
          { id: '31', name: 'Resolve this issue', to: { name: 'Resolved' } },
          { id: '41', name: 'Back', to: { name: 'REOPENED' } },
          null,
        ],
      });
    else {
      issues.push({ id: String(10_000 + issues.length), key: `NOC-${issues.length + 1}`, comments: [], ...value });
      const { id, key } = issues.at(-1)!;
      answer(response, 201, { id, key, self: '' });
    }
  };
  return { issues, moves };
}

const jiraSettings = (changes: Partial<JiraSettings> = {}): JiraSettings => ({
  name: 'jira',
  url: receiver.url,
  login: { kind: 'basic', user: 'weir@operator.example', password: 'token' },
  edition: 'cloud',
  project: 'NOC',
  issueType: '[System] Incident',
  priorities: ['Highest', 'High', 'Medium', 'Low', 'Lowest'],
  onRecovery: 'comment',
  transitions: { begin: '', resolve: 'resolved', reopen: 'Reopened' },
  fields: { customfield_10010: { value: 'RA' } },
  texts,
  ...changes,
});

describe('issues of Jira', () => {
  it('are one issue with comments; by default its status is left to people', async () => {
    const { issues, moves } = jira();
    const memory = testMemory();
    expect(await tell(jiraTarget(jiraSettings(), []), all, testTools(memory))).toEqual(all.map(() => 'delivered'));
    expect(issues).toHaveLength(1);
    expect(issues[0]?.['fields']).toMatchObject({
      project: { key: 'NOC' },
      issuetype: { name: '[System] Incident' },
      summary: '[minor] opened: Files are missing from msc1',
      labels: ['weir', life.opened.incident_id],
      priority: { name: 'Medium' },
      customfield_10010: { value: 'RA' },
    });
    expect(issues[0]?.['comments']).toHaveLength(6);
    expect(moves).toEqual([]);
    expect(memory.kept.get(life.opened.incident_id)).toEqual({ external_id: '10000', reference: 'NOC-1' });
  });

  it('move by the names of transitions or of statuses where the settings say so, and stay where the workflow offers none', async () => {
    const { moves } = jira();
    await tell(jiraTarget(jiraSettings({ onRecovery: 'resolve' }), []), all);
    expect(moves).toEqual(['31', '41', '31']);
    moves.length = 0;
    await tell(jiraTarget(jiraSettings({ onRecovery: 'resolve', transitions: { begin: '', resolve: 'Nowhere', reopen: '' } }), []), all);
    expect(moves).toEqual([]);
  });

  it('have each comment once, however often Weir dies before it has written down that it was told', async () => {
    const { issues } = jira();
    const target = jiraTarget(jiraSettings(), []);
    const memory = testMemory();
    for (const incident of all) await tell(target, [incident, incident, incident], testTools(memory));
    expect(issues[0]?.['comments']).toHaveLength(6);
  });

  it.each([
    ['cloud', '/hook/rest/api/2/search/jql'],
    ['data-center', '/hook/rest/api/2/search'],
  ] as const)('are found again by their label in %s', async (edition, search) => {
    const { issues } = jira();
    const target = jiraTarget(jiraSettings({ edition }), []);
    await tell(target, [life.opened]);
    await tell(target, [life.opened, life.updated]);
    expect(issues).toHaveLength(1);
    expect(receiver.received[0]?.path.replace(/\?.*/, '')).toBe(search);
  });

  it('show text as it is: no markup of Jira takes effect', () => {
    expect(unformatted('a {noformat} b')).toBe('{noformat}\na { noformat} b\n{noformat}');
    fc.assert(
      fc.property(strange, (incident) => {
        const { fields } = jiraIssue(jiraSettings({ url: 'https://x' }), incident) as Body;
        expect(fields.summary.length).toBeGreaterThan(0);
        expect(fields.summary.length).toBeLessThan(255);
        expect(fields.summary).not.toContain('\n');
        expect(fields.description.length).toBeLessThanOrEqual(jiraLimits.text);
        expect(fields.description.match(/\{noformat/gi)).toHaveLength(2);
      }),
      { numRuns: 60 },
    );
  });
});
