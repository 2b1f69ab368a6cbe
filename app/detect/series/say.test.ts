import { expect, it } from 'vitest';
import type { Finding } from '../../../core/finding.ts';
import { cellDimensions, createPart, seriesDefinitions, standingOf } from '../../../detectors/series/index.ts';
import { parseSettings } from '../../settings/load.ts';
import type { SeriesStore } from './port.ts';
import { createVoice } from './say.ts';

const quarter = 900_000;
const day = 86_400_000;
const monday = Date.UTC(2026, 5, 1);
const end = monday + 6 * day;
const iso = (at: number): string => new Date(at).toISOString();

/** Cells of the leg by partner and route: [partner, route, answered, attempts]; two thirds are answered as a rule. */
function storeOf(cells: readonly (readonly [string, string, number, number])[]): SeriesStore {
  const labels = cellDimensions.map((name) =>
    cells.map(([partner, route]) => (name === 'partner' ? partner : name === 'route' ? route : '')),
  );
  const figures = [
    cells.map((cell) => cell[2]),
    cells.map((cell) => cell[3]),
    cells.map((cell) => 0.66 * cell[3]),
    cells.map((cell) => cell[3]),
  ];
  return { rows: async () => [], columns: async () => [...labels, ...figures] } as unknown as SeriesStore;
}

/** A leg of which 66 % are answered for six days, then 50 % for three quarters of an hour. */
function fallen() {
  const { definitions } = seriesDefinitions({
    mine: { metric: 'answer_ratio', dimensions: ['leg'], historyDays: 3, direction: 'down', effect: { absolute: 0.05 } },
  });
  const part = createPart(definitions.find(({ identity }) => identity === 'mine')!, 'switch');
  for (let time = monday; time < end + 3 * quarter; time += quarter) {
    const share = time < end ? 0.66 : 0.5;
    const answered = Math.round(share * 2000 + (((time / quarter) * 7919) % 23) - 11);
    part.tick({ time, labels: [['switch']], numerator: [answered], denominator: [2000] });
  }
  return part;
}

const told = {
  ...{ detector: 'call_failures', kind: 'service', state: 'cleared', scope: { leg: 'switch', route: 'A1' } },
  ...{ began_at: iso(end), detected_at: iso(end + 3 * quarter) },
} as unknown as Finding;

it('is silent about a whole leg that lacks what a route lacked of which another told, and tells the rest', async () => {
  const said = async (cells: Parameters<typeof storeOf>[0], over: readonly Finding[]): Promise<readonly string[]> => {
    const part = fallen();
    expect(standingOf(part)).toHaveLength(1);
    const all = await createVoice(storeOf(cells), parseSettings('', 'test')).judge(part, [], end + 3 * quarter, over);
    return all.flatMap(({ judgements }) => judgements.map(({ state }) => state));
  };
  // The partner explains it best, and most of it is its route.
  const route = [
    ['acme', 'A1', 60, 1000],
    ['acme', '', 600, 1500],
    ['host', '', 2340, 3500],
  ] as const;
  expect(await said(route, [])).toEqual(['violation']);
  expect(await said(route, [told])).toEqual([]);
  // All fail alike.
  expect(
    await said(
      [
        ['acme', 'A1', 500, 1000],
        ['host', '', 2500, 5000],
      ] as const,
      [told],
    ),
  ).toEqual(['violation']);
});
