/** What tests of the outbox share: a real ClickHouse, a real receiver, and for each test a tenant of its own. */
import pino from 'pino';
import { afterEach, beforeEach } from 'vitest';
import type { Finding } from '../../../core/finding.ts';
import { defaultIncidentSettings } from '../../../incidents/settings.ts';
import { findingOf } from '../../../incidents/testing/finding.ts';
import { type Receiver, startReceiver } from '../../../incidents/testing/receiver.ts';
import { withClickHouse } from '../../../test/clickhouse.ts';
import { createClaim } from '../../claim.ts';
import { createIncidentDesk } from '../../incidents/desk.ts';
import { type Outbox, type OutboxOptions, startOutbox } from '../outbox.ts';

/** To be called once at the top of a test file; `tenant` and `receiver` may be read within tests. @param name beginning of the tenants */
export function outboxWorld(name: string) {
  const clickhouse = withClickHouse();
  const log = pino({ level: 'silent' });
  const clock = { now: () => Date.now() };
  let running: Outbox[] = [];
  let moment = 0;
  let tests = 0;
  const world = {
    ...{ clickhouse, log, clock, secret: 'whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz' },
    tenant: '',
    receiver: undefined as unknown as Receiver,
    desk: () => createIncidentDesk({ store: clickhouse.store, clock, tenant: world.tenant, settings: defaultIncidentSettings, log }),
    /** An outbox that ends with its test. */
    outbox(changes: Partial<OutboxOptions> = {}): Outbox {
      const { store } = clickhouse;
      const { tenant } = world;
      const claim = createClaim({ store, clock, tenant });
      const started = startOutbox({ ...{ store, clock, tenant, log, claim }, endpoints: [], owner: 'one', pollMs: 50, ...changes });
      running.push(started);
      return started;
    },
    /** A finding of now; each call is later than the one before. */
    finding(key: string, changes: Partial<Finding> = {}): Finding {
      moment = Math.max(moment + 1, Date.now());
      const at = new Date(moment).toISOString();
      const from = new Date(moment - 3_600_000).toISOString();
      const cause = { scope: { source: key }, explanation: [] };
      const times = { detected_at: at, began_at: from, window: { from, to: at } };
      return findingOf({ finding_key: key, tenant: world.tenant, ...cause, ...times, ...changes });
    },
    async until(condition: () => boolean | Promise<boolean>): Promise<void> {
      for (let tries = 0; !(await condition()); tries += 1) {
        if (tries > 1_200) throw new Error('it did not happen');
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
    },
  };
  beforeEach(async () => {
    tests += 1;
    world.tenant = `${name}${tests}`;
    world.receiver = await startReceiver();
    running = [];
  });
  afterEach(async () => {
    await Promise.all(running.map((outbox) => outbox.stop()));
    await world.receiver.stop();
  });
  return world;
}
