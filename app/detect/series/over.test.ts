import { expect, it } from 'vitest';
import type { Finding } from '../../../core/finding.ts';
import { wasTold } from './over.ts';

const minute = 60_000;
const noon = Date.UTC(2026, 10, 21, 12);
const iso = (after: number): string => new Date(noon + after * minute).toISOString();
const told = (scope: Record<string, string>, more: Partial<Finding> = {}): Finding =>
  ({ detector: 'call_failures', kind: 'service', state: 'cleared', scope, began_at: iso(1), detected_at: iso(57), ...more }) as Finding;
const past = (scope: Record<string, string>, more: object = {}) => ({
  ...{ detector: 'answer_ratio', scope, explanation: [], from: noon, to: noon + 60 * minute, bucketMs: 15 * minute },
  ...more,
});
const route = { leg: 'switch', partner: 'a', route: 'A1' };

it('knows what another told at the same place while it lasted', () => {
  expect(wasTold([told(route)], past({ leg: 'switch', partner: 'a', direction: 'down' }))).toBe(true);
  // Calls of the partner that came in.
  expect(wasTold([told(route)], past({ leg: 'switch', partner: 'a', route: '', direction: 'down' }))).toBe(true);
  expect(wasTold([told(route)], past({ leg: 'switch', direction: 'down' }, { explanation: [{ dimensions: { route: 'A1' } }] }))).toBe(true);
});

it('tells what is elsewhere, of the whole leg, its own, of another kind, or lasts longer', () => {
  const where = past({ leg: 'switch', partner: 'a' });
  expect(wasTold([told({ leg: 'switch', partner: 'b' })], where)).toBe(false);
  expect(wasTold([told(route)], past({ leg: 'switch', partner: 'a', route: 'A2' }))).toBe(false);
  expect(wasTold([told(route)], past({ leg: 'switch' }))).toBe(false);
  expect(wasTold([told(route, { detector: 'answer_ratio' })], where)).toBe(false);
  expect(wasTold([told(route, { kind: 'revenue' })], where)).toBe(false);
  expect(wasTold([told(route)], past({ leg: 'switch', partner: 'a' }, { to: noon + 75 * minute }))).toBe(false);
  expect(wasTold([told(route)], past({ leg: 'switch', partner: 'a' }, { from: noon - 30 * minute }))).toBe(false);
});
