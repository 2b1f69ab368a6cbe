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
