import { expect, it } from 'vitest';
import type { Finding } from '../../../core/finding.ts';
import { cellDimensions, type UsageCells } from '../../../detectors/series/index.ts';
import { isOfPlaces, placesTold, wasTold } from './over.ts';

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

it('names the places below of which others told, while they lasted', () => {
  const leg = past({ leg: 'switch', direction: 'down' });
  expect(placesTold([told(route), told({ leg: 'switch', node: 'n1' })], leg)).toEqual([{ partner: 'a', route: 'A1' }, { node: 'n1' }]);
  expect(placesTold([told(route)], past({ leg: 'switch', partner: 'b' }))).toEqual([]);
  // Usage is not cut by site, the whole leg is no place below it, and what lasts on is news.
  expect(placesTold([told({ leg: 'switch', site: 's1' }), told({ leg: 'switch' })], leg)).toEqual([]);
  expect(placesTold([told(route)], { ...leg, to: noon + 75 * minute })).toEqual([]);
});

it('a whole leg that lacks what a route lacked was told, and one that lacks more was not', () => {
  const cells = (rows: readonly (readonly [string, string, number, number])[]): UsageCells => ({
    labels: Object.fromEntries(
      cellDimensions.map((name) => [name, rows.map(([partner, of]) => (name === 'partner' ? partner : name === 'route' ? of : ''))]),
    ) as unknown as UsageCells['labels'],
    ...{ nowUp: rows.map((row) => row[2]), nowDown: rows.map((row) => row[3]) },
    ...{ usualUp: rows.map((row) => 0.66 * row[3]), usualDown: rows.map((row) => row[3]) },
  });
  const onset = (observed: number) => ({
    onset: {
      ...{ from: noon, to: noon + 60 * minute, direction: 'down' as const, score: 9, lower: 0, upper: 0 },
      observed,
      expected: 1320,
      carriers: 2000,
    },
  });
  const places = [{ partner: 'a', route: 'A1' }];
  const fault = ['a', 'A1', 60, 500] as const;
  expect(isOfPlaces(places, cells([fault, ['host', '', 990, 1500]]), { leg: 'switch' }, 'ratio', onset(1050))).toBe(true);
  expect(isOfPlaces(places, cells([fault, ['host', '', 590, 1500]]), { leg: 'switch' }, 'ratio', onset(650))).toBe(false);
});
