import { expect, it } from 'vitest';
import type { UsageEvent } from '../../event.ts';
import { hour } from '../../instant.ts';
import { createWorld } from '../../world.ts';
import { leakTypes } from './index.ts';
import type { Site } from './leak.ts';
import { spanKey } from './onset.ts';

const world = createWorld({ seed: 11, subscribers: 50, eventsPerDay: 100, pons: 1, ontsPerPon: 1 });
const from = Date.UTC(2026, 10, 17);

it('cells that nobody loaded cost what their usage costs while they are new, though another leak builds at the same site later', () => {
  const site: Site = { world, key: spanKey(3, 1, 0), from, to: from + 10 * hour, onset: 'step', share: 0 };
  const { inject, truth } = leakTypes.find(({ leak }) => leak === 'cell-not-loaded')!.plant(site);
  const used = (start: number): UsageEvent[] => world.cellList.map((cell) => ({ cell, start, charge: 5 }) as UsageEvent);
  const altered = used(from + hour).map((event) => inject.alter!(event, world));
  const fresh = altered.filter(({ cell }, at) => cell!.cell !== world.cellList[at]!.cell);
  // Three cells a site.
  expect(fresh).toHaveLength(3);
  const record = (event: UsageEvent): void => inject.record!({ event } as never, { name: 'mediation' } as never, world);
  for (const event of altered) record(event);
  for (const event of fresh) record({ ...event, start: from + 20 * hour });
  expect(truth()).toMatchObject({ records: 3, money: 15 });
});
