import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WeirError } from '../../core/errors.ts';
import { writeInstant } from '../../core/row.ts';
import { answerOf } from './answer.ts';
import { shared } from './cache.ts';
import { eventIdOf } from './events.ts';
import { exposition } from './exposition.ts';
import { afterOf, cursorOf, isoOf, listOf, pageOfRows, sinceOf } from './page.ts';

describe('pages', () => {
  it('write and read cursors of any key', () => {
    expect(cursorOf('2026-11-21 10:00:00.000', 'inc_a')).toBe('MjAyNi0xMS0yMSAxMDowMDowMC4wMDB8aW5jX2E');
    fc.assert(
      fc.property(
        fc.date({ min: new Date(1), max: new Date('2200-01-01'), noInvalidDate: true }),
        fc.string({ unit: 'grapheme' }),
        (date, id) => {
          const at = writeInstant(date.getTime());
          expect(afterOf(cursorOf(at, id))).toEqual({ after_at: at, after_id: id });
        },
      ),
    );
  });

  it('refuse what is not a cursor', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          expect(afterOf(text).after_at).toMatch(/^\d{4}-/);
        } catch (error) {
          expect(error).toMatchObject({ code: 'usage' });
        }
      }),
    );
    expect(() => afterOf('x')).toThrow(WeirError);
  });

  it('hand on only when there is more', () => {
    const rows = [3, 2, 1].map((n) => ({ n, at: `2026-11-21 10:00:0${n}.000` }));
    const page = (limit: number) =>
      pageOfRows(
        rows,
        limit,
        ({ at, n }) => [at, String(n)],
        ({ n }) => n,
      );
    expect(page(3)).toEqual({ items: [3, 2, 1], next: null });
    expect(page(2)).toEqual({ items: [3, 2], next: cursorOf('2026-11-21 10:00:02.000', '2') });
  });

  it('write instants both ways', () => {
    expect(isoOf('2026-11-21 10:00:00.250')).toBe('2026-11-21T10:00:00.250Z');
    expect(isoOf('1970-01-01 00:00:00.000')).toBeNull();
    expect(sinceOf('2026-11-21T12:00:00+02:00')).toBe('2026-11-21 10:00:00.000');
    expect(sinceOf(undefined)).toBe('1970-01-01 00:00:00.000');
    expect(listOf('open,resolved')).toEqual(['open', 'resolved']);
    expect(eventIdOf({ incident_id: 'inc_a', sequence: 2, updated_at: '1970-01-01T00:00:01.000Z' })).toBe('1000-inc_a_2');
  });
});

describe('answers to errors', () => {
  it('have the status of their code', () => {
    expect(answerOf(new WeirError('not_found', 'no such incident')).status).toBe(404);
    expect(answerOf(new Error('secret')).body).toEqual({
      error: 'internal',
      message: expect.not.stringContaining('secret'),
      hint: expect.any(String),
    });
    expect(answerOf({}).status).toBe(500);
  });
});

describe('shared answers', () => {
  it('are loaded once at a time and once per while; a failure is not kept', async () => {
    let now = 0;
    let loads = 0;
    let fails = false;
    const ask = shared({ now: () => now }, 1000, async () => {
      loads++;
      if (fails) throw new Error('away');
      return loads;
    });
    expect(await Promise.all([ask(), ask()])).toEqual([1, 1]);
    now = 999;
    expect(await ask()).toBe(1);
    now = 1000;
    fails = true;
    await expect(ask()).rejects.toThrow('away');
    fails = false;
    expect(await ask()).toBe(3);
  });
});

describe('the exposition of metrics', () => {
  it('gathers what has one name and escapes what is not plain', () => {
    expect(exposition([{ name: 'up', help: 'Up', type: 'gauge', values: [{ value: 1, labels: { role: 'api' } }] }])).toBe(
      '# HELP up Up\n# TYPE up gauge\nup{role="api"} 1\n',
    );
    const text = exposition([
      { name: 'a', help: 'x\ny', type: 'counter', values: [{ value: 1, labels: { l: 'q"\\\n' } }] },
      { name: 'b', help: '', type: 'histogram', values: [{ value: Number.POSITIVE_INFINITY, metricName: 'b_sum' }] },
      { name: 'a', help: 'x', type: 'counter', values: [{ value: Number.NaN }] },
      { name: 'not a name', help: '', type: 'gauge', values: [{ value: 1 }] },
    ]);
    expect(text).toBe('# HELP a x\\ny\n# TYPE a counter\na{l="q\\"\\\\\\n"} 1\na NaN\n# HELP b \n# TYPE b histogram\nb_sum +Inf\n');
  });
});
