/** A process that applies words of tickets is killed between any two of its writes: each word counts once, with its verdict and its audit. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import pino from 'pino';
import { describe, expect, it } from 'vitest';
import type { Incident } from '../../core/incident.ts';
import { writeInstant } from '../../core/row.ts';
import { defaultIncidentSettings } from '../../incidents/settings.ts';
import { findingOf } from '../../incidents/testing/finding.ts';
import { withClickHouse } from '../../test/clickhouse.ts';
import { createIncidentDesk } from '../incidents/desk.ts';

const clickhouse = withClickHouse();
const file = fileURLToPath(new URL('./testing/applying-process.ts', import.meta.url));

async function apply(tenant: string, table: string, when: 'before' | 'after'): Promise<NodeJS.Signals | null> {
  const { url, credentials } = clickhouse.server;
  const options = { store: { url, user: 'weir', password: credentials.weir }, tenant, table, when };
  const child = spawn(process.execPath, ['--import', 'tsx', file, JSON.stringify(options)], { stdio: 'inherit' });
  const [, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  return signal;
}

describe('a process killed while it applies a word', () => {
  it.each([
    ['incidents', 'before'],
    ['incidents', 'after'],
    ['verdicts', 'after'],
    ['audit', 'after'],
    ['inbound_events', 'after'],
  ] as const)('dies at its write to %s (%s), and the next one leaves everything as if it had lived', async (table, when) => {
    const { store } = clickhouse;
    const tenant = `kill-${table.replace('_', '-')}-${when}`;
    const now = Date.now();
    const clock = { now: () => now };
    const desk = createIncidentDesk({ store, clock, tenant, settings: defaultIncidentSettings, log: pino({ level: 'silent' }) });
    const at = new Date(now - 60_000).toISOString();
    const [incident] = await desk.take([findingOf({ tenant, detected_at: at, began_at: at })]);
    const { incident_id } = incident!;
    const body = JSON.stringify({
      data: {
        incident_id,
        ticket_id: '4711',
        at: new Date(now).toISOString(),
        actor: 'ana',
        status: 'cancelled',
        reason: 'a test call',
        note: 'seen',
      },
    });
    const row = { tenant, connector: 'script', receipt: 'a'.repeat(64), received_at: writeInstant(now), address: '10.0.0.1', body };
    await store.insert('inbound', [row], `test/${tenant}`);

    expect(await apply(tenant, table, when)).toBe('SIGKILL');
    expect(await apply(tenant, '', 'before')).toBeNull();
    expect(await apply(tenant, '', 'before')).toBeNull();

    const [latest] = await store.rows<{ body: string }>('incident-latest-by-id', { tenant, incident_id });
    const stands = JSON.parse(latest!.body) as Incident;
    expect(stands).toMatchObject({ state: 'closed', sequence: 2 });
    expect(stands.timeline.filter(({ actor }) => actor === 'ana (via script)')).toHaveLength(1);
    const all = <T>(sql: string) => store.select<T>(sql, { tenant });
    expect(await all('SELECT verdict, note FROM verdicts WHERE tenant = {tenant:String}')).toEqual([
      { verdict: 'false', note: 'a test call' },
    ]);
    expect(await all("SELECT actor, action, detail['address'] AS address FROM audit WHERE tenant = {tenant:String}")).toEqual([
      { actor: 'ana', action: 'incident.closed', address: '10.0.0.1' },
    ]);
    expect(await all('SELECT receipt FROM inbound_events WHERE tenant = {tenant:String}')).toHaveLength(1);
  });
});
