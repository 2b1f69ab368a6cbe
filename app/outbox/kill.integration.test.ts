/** The delivering process is killed at random moments: every transition arrives at least once, in order. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import pino from 'pino';
import { describe, expect, it } from 'vitest';
import type { Incident } from '../../core/incident.ts';
import { defaultIncidentSettings } from '../../incidents/settings.ts';
import { findingOf } from '../../incidents/testing/finding.ts';
import { startReceiver } from '../../incidents/testing/receiver.ts';
import { withClickHouse } from '../../test/clickhouse.ts';
import { createIncidentDesk } from '../incidents/desk.ts';

const clickhouse = withClickHouse();
/** How often it is killed; more with WEIR_OUTBOX_KILLS. */
const kills = Number(process.env['WEIR_OUTBOX_KILLS'] ?? 8);
const keys = ['a', 'b', 'c', 'd', 'e', 'f'];
const transitionsPerKey = kills * 4;

/** Every change is told: what comes and goes so often would be one incident that flaps. */
const pipeline = { ...defaultIncidentSettings.pipeline, flapping: { changes: 1_000, release: 2, withinMs: 3_600_000 } };

describe('a delivering process that is killed', () => {
  it('loses nothing and keeps the order of each incident', async () => {
    const receiver = await startReceiver();
    const endpoint = { name: 'tickets', url: receiver.url, secrets: ['whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz'] };
    const { url } = clickhouse.server;
    const store = { url, user: 'weir', password: clickhouse.server.credentials.weir };
    const file = fileURLToPath(new URL('./testing/delivering-process.ts', import.meta.url));
    const start = (): ChildProcess =>
      spawn(process.execPath, ['--import', 'tsx', file, JSON.stringify({ store, tenant: 'k', endpoint })], { stdio: 'inherit' });
    const { clock, tick } = steps();
    const desk = createIncidentDesk({
      store: clickhouse.store,
      clock,
      tenant: 'k',
      settings: { ...defaultIncidentSettings, pipeline },
      log: pino({ level: 'silent' }),
    });
    for (let kill = 0; kill < kills; kill += 1) {
      const child = start();
      for (let round = 0; round < 4; round += 1) await desk.take(tick());
      // Killed after a number of arrivals, so that it happens in the midst of delivering and not of starting.
      const enough = receiver.received.length + 1 + Math.floor(Math.random() * 20);
      while (receiver.received.length < enough) await new Promise((resolve) => setImmediate(resolve));
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    const last = start();
    const total = keys.length * transitionsPerKey;
    while (distinct(receiver.received).size < total) await new Promise((resolve) => setTimeout(resolve, 20));
    last.kill('SIGKILL');
    await once(last, 'exit');
    await receiver.stop();

    for (const key of keys) {
      let highest = 0;
      for (const { body } of receiver.received) {
        const { data } = JSON.parse(body) as { data: Incident };
        if (data.incident_key !== key) continue;
        // Either the next one or a repetition of the last one.
        expect([highest, highest + 1]).toContain(data.sequence);
        highest = data.sequence;
      }
      expect(highest).toBe(transitionsPerKey);
    }
  });
});

function distinct(received: readonly { readonly headers: Readonly<Record<string, unknown>> }[]): Set<unknown> {
  return new Set(received.map(({ headers }) => headers['webhook-id']));
}

/** Each tick is a minute later and changes every incident: opened, resolved, reopened, resolved, … */
function steps() {
  let instant = Date.now() - 3_000_000;
  let firing = false;
  const tick = () => {
    instant += 60_000;
    firing = !firing;
    const at = new Date(instant).toISOString();
    return keys.map((key) =>
      findingOf({
        finding_key: key,
        scope: { source: key },
        explanation: [],
        tenant: 'k',
        state: firing ? 'firing' : 'cleared',
        detected_at: at,
        began_at: at,
        window: { from: at, to: at },
      }),
    );
  };
  return { clock: { now: () => instant }, tick };
}
