import { expect, it } from 'vitest';
import { calm, type Judgement } from '../../core/definition.ts';
import { enriched } from './run.ts';

const began = Date.UTC(2026, 10, 21, 12);
const judgement: Judgement = {
  ...calm({ leg: 'switch', partner: 'acme' }, { from: began, to: began + 60_000 }),
  state: 'violation',
  beganAt: began,
  affected: { query: 'service-failures-customers', params: { tenant: 'main', began: new Date(began).toISOString() }, share: 1 },
};

async function askedFrom(standing: number | undefined): Promise<unknown> {
  let asked: unknown;
  const store = {
    rows: async <T>(_query: string, params?: Readonly<Record<string, unknown>>): Promise<T[]> => {
      asked = params?.['began'];
      return [{ segment: 'consumer', customers: '7' }] as T[];
    },
    insert: async () => undefined,
  };
  const [found] = await enriched([judgement], store, 'EUR', began, { tenant: 'main', vipSegments: [], beganAt: () => standing });
  expect(found?.customers).toEqual({ count: 7, segments: { consumer: 7 } });
  return asked;
}

it('counts customers from when what stands began, not from the latest stretch that the detector sees', async () => {
  expect(await askedFrom(began - 3_600_000)).toBe('2026-11-21T11:00:00.000Z');
  expect(await askedFrom(began + 60_000)).toBe('2026-11-21T12:00:00.000Z');
  expect(await askedFrom(undefined)).toBe('2026-11-21T12:00:00.000Z');
});

it('asks for the customers behind an element once, and for those that were too many in the next look', async () => {
  let questions = 0;
  const store = {
    rows: async <T>(): Promise<T[]> => {
      questions++;
      return [];
    },
    insert: async () => undefined,
  };
  const fading = Array.from(
    { length: 24 },
    (_, n): Judgement => ({
      ...calm({ ont: `o1/1/${n}` }, { from: began, to: began + 60_000 }),
      ...{ state: 'violation', beganAt: began, behind: { type: 'ont', elements: [`o1/1/${n}`], at: began } },
    }),
  );
  const look = async (at: number): Promise<number> => {
    await enriched(fading, store, 'EUR', at, { tenant: 'main', vipSegments: [] });
    return questions;
  };
  const first = await look(began);
  expect(first).toBeGreaterThanOrEqual(20);
  expect(await look(began + 60_000)).toBe((first / 20) * 24);
  expect(await look(began + 120_000)).toBe((first / 20) * 24);
  // Those of the first look are old by now, as many as are asked at once.
  expect(await look(began + 600_000)).toBe((first / 20) * 44);
});
