import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CellRow, type Cells, cellsOf } from './cells.ts';
import { explain } from './explain.ts';

/** Every combination of the sizes with an expectation, and an effect where `hit` says so. No noise: the answer is known. */
function grid(sizes: Readonly<Record<string, number>>, expected: number, hit: (values: Record<string, string>) => number): CellRow[] {
  let rows: Record<string, string>[] = [{}];
  for (const [name, size] of Object.entries(sizes)) {
    rows = rows.flatMap((row) => Array.from({ length: size }, (_, i) => ({ ...row, [name]: `${name}${i}` })));
  }
  return rows.map((values) => ({ values, expected, observed: expected * hit(values) }));
}

const sizes = { partner: 6, service: 4, cell: 5 };
const names = Object.keys(sizes);
const top = (rows: readonly CellRow[], order = names) => explain(cellsOf(order, rows)).sets[0]?.values.map(({ dimensions }) => dimensions);

describe('explain', () => {
  it('names the one value that fell, its share and what remains', () => {
    const rows = ['A', 'B', 'C', 'D'].map((partner) => ({ values: { partner }, observed: partner === 'B' ? 40 : 100, expected: 100 }));
    const found = explain(cellsOf(['partner'], rows));
    expect(found.explanations).toEqual([{ dimensions: { partner: 'B' }, share: 1, remaining: 0 }]);
    expect(found.verdict).toBe('explained');
    expect(found.sets[0]).toMatchObject({ observed: 40, expected: 100, effect: -0.6, rest: 1 });
  });

  it('scores a hand-computed case', () => {
    // ln odds = LLR + Occam + rest term - ln(shapes x choices) - ln C(4, 1); LLR = 40 ln 0.4 + 60; total gap 60 of 400, tolerance 0.02.
    const rows = ['A', 'B', 'C', 'D'].map((partner) => ({ values: { partner }, observed: partner === 'B' ? 40 : 100, expected: 100 }));
    const ratio = 40 * Math.log(0.4) + 60;
    const occam = 0.5 * Math.log((2 * Math.PI) / 40) - Math.log(2);
    const rest = -(60 ** 2) / 2 / (400 + 2500);
    const prior = -Math.log(3) - Math.log(1) - Math.log(4);
    expect(explain(cellsOf(['partner'], rows)).sets[0]?.logOdds).toBeCloseTo(ratio + occam + rest + prior, 9);
  });

  it('finds one, two and three dimensions, drops and surges', () => {
    const one = (v: Record<string, string>) => v['partner'] === 'partner2';
    const two = (v: Record<string, string>) => one(v) && v['cell'] === 'cell3';
    const three = (v: Record<string, string>) => two(v) && v['service'] === 'service1';
    for (const factor of [0.4, 1.8]) {
      const by = (hit: (v: Record<string, string>) => boolean) => top(grid(sizes, 200, (v) => (hit(v) ? factor : 1)));
      expect(by(one)).toEqual([{ partner: 'partner2' }]);
      expect(by(two)).toEqual([{ partner: 'partner2', cell: 'cell3' }]);
      expect(by(three)).toEqual([{ partner: 'partner2', cell: 'cell3', service: 'service1' }]);
    }
  });

  it('finds two and three values of one dimension and counts remaining down', () => {
    const rows = grid(sizes, 100, (v) => (['partner1', 'partner4', 'partner5'].includes(v['partner'] ?? '') ? 0.5 : 1));
    const found = explain(cellsOf(names, rows), { direction: 'down' });
    expect(found.explanations.map(({ dimensions }) => dimensions['partner'])).toEqual(['partner1', 'partner4', 'partner5']);
    expect(found.explanations.map(({ remaining }) => Number(remaining.toFixed(9)))).toEqual([0.666666667, 0.333333333, 0]);
  });

  it('prefers the parent where parent and child hold the same cells', () => {
    const rows = Array.from({ length: 60 }, (_, i) => ({
      values: { cell: `c${i}`, site: `s${Math.floor(i / 3)}` },
      expected: 100,
      observed: Math.floor(i / 3) === 4 ? 30 : 100,
    }));
    expect(top(rows, ['cell', 'site'])).toEqual([{ site: 's4' }]);
    expect(top(rows, ['site', 'cell'])).toEqual([{ site: 's4' }]);
  });

  it('drops mirrored descriptions of the same cells from the alternatives', () => {
    const rows = Array.from({ length: 20 }, (_, i) => ({
      values: { a: `a${i}`, mirror: `m${i}` },
      expected: 100,
      observed: i === 7 ? 20 : 100,
    }));
    const { sets } = explain(cellsOf(['mirror', 'a'], rows));
    expect(sets[0]?.values[0]?.dimensions).toEqual({ a: 'a7' });
    expect(sets.filter(({ values, observed }) => values.length === 1 && observed === 20)).toHaveLength(1);
  });

  it('says everywhere when all moved alike and unexplained when nothing moved', () => {
    expect(
      explain(
        cellsOf(
          names,
          grid(sizes, 100, () => 0.5),
        ),
      ),
    ).toMatchObject({ verdict: 'everywhere', explanations: [] });
    expect(
      explain(
        cellsOf(
          names,
          grid(sizes, 100, () => 1),
        ),
      ),
    ).toMatchObject({ verdict: 'unexplained', explanations: [], sets: [] });
  });

  it('explains a value never seen before and a complete stop', () => {
    const rows = grid({ plan: 8 }, 100, () => 1);
    const fresh = [...rows, { values: { plan: 'new' }, expected: 0, observed: 80 }];
    expect(explain(cellsOf(['plan'], fresh)).sets[0]).toMatchObject({
      effect: Number.POSITIVE_INFINITY,
      values: [{ dimensions: { plan: 'new' } }],
    });
    expect(
      top(
        grid({ plan: 8 }, 100, (v) => (v['plan'] === 'plan3' ? 0 : 1)),
        ['plan'],
      ),
    ).toEqual([{ plan: 'plan3' }]);
  });

  it('explains a ratio by its own attempts, so that more traffic is no reason', () => {
    const rows = Array.from({ length: 40 }, (_, i) => {
      const trials = i === 5 ? 3_000 : 300;
      const rate = i === 9 ? 0.25 : 0.05;
      return { values: { trunk: `t${i}` }, trials, expected: trials * 0.05, observed: Math.round(trials * rate) };
    });
    expect(explain(cellsOf(['trunk'], rows), { direction: 'up' }).explanations[0]?.dimensions).toEqual({ trunk: 't9' });
  });

  it('takes scatter of the size of the effect for chance when told of it', () => {
    const rows = grid({ plan: 20 }, 100, (v) => (v['plan'] === 'plan3' ? 0.6 : 1));
    expect(explain(cellsOf(['plan'], rows), { dispersion: 1 }).verdict).toBe('explained');
    expect(explain(cellsOf(['plan'], rows), { dispersion: 30 }).verdict).toBe('unexplained');
    const scattered = rows.map((row) => ({ ...row, dispersion: 30 }));
    expect(explain(cellsOf(['plan'], scattered)).verdict).toBe('unexplained');
    expect(explain(cellsOf(['plan'], scattered)).sets[0]).toMatchObject({ observed: 60, expected: 100 });
  });

  it('survives no cells, no dimensions, zeros and numbers that are none', () => {
    expect(explain(cellsOf(names, []))).toMatchObject({ verdict: 'unexplained', sets: [], cells: 0 });
    expect(
      explain(
        cellsOf(
          [],
          grid(sizes, 1, () => 2),
        ),
      ),
    ).toMatchObject({ verdict: 'unexplained', sets: [] });
    expect(
      explain(
        cellsOf(
          names,
          grid(sizes, 0, () => 1),
        ),
      ),
    ).toMatchObject({ verdict: 'unexplained', cells: 0, skipped: 120 });
    const bad = [Number.NaN, Number.POSITIVE_INFINITY, -1, 1e300].map((observed) => ({ values: { plan: 'bad' }, observed, expected: 100 }));
    const found = explain(cellsOf(['plan'], [...bad, ...grid({ plan: 8 }, 100, (v) => (v['plan'] === 'plan3' ? 0.3 : 1))]));
    expect(found.skipped).toBe(4);
    expect(found.explanations[0]?.dimensions).toEqual({ plan: 'plan3' });
  });

  it('leaves a missing value out of explanations over its dimension', () => {
    const rows: CellRow[] = grid({ plan: 8 }, 100, () => 1);
    const found = explain(cellsOf(['plan'], [...rows, { values: {}, observed: 0, expected: 500 }]));
    expect(found.sets.every(({ values }) => values.every(({ dimensions }) => dimensions['plan'] !== undefined))).toBe(true);
  });

  it('refuses columns that do not fit', () => {
    const cells = cellsOf(
      ['plan'],
      grid({ plan: 3 }, 100, () => 1),
    );
    expect(() => explain({ ...cells, expected: new Float64Array(2) })).toThrow('Column expected has 2 rows, observed has 3.');
    const foreign = [{ name: 'plan', values: ['x'], codes: Int32Array.of(0, 0, 1) }];
    expect(() => explain({ ...cells, dimensions: foreign })).toThrow('Dimension plan has code 1, its dictionary 1 values.');
  });
});

describe('explain, whatever the order', () => {
  const cause = fc.record({
    rows: fc.array(
      fc.record({ a: fc.integer({ min: 0, max: 5 }), b: fc.integer({ min: 0, max: 3 }), observed: fc.integer({ min: 0, max: 300 }) }),
      {
        minLength: 1,
        maxLength: 40,
      },
    ),
    seed: fc.integer(),
  });
  const rowsOf = (rows: readonly { a: number; b: number; observed: number }[]): CellRow[] =>
    rows.map(({ a, b, observed }) => ({ values: { a: `a${a}`, b: `b${b}` }, observed, expected: 100 }));
  const first = (cells: Cells) => explain(cells, { dispersion: 2 }).sets[0];

  it('gives the same first set for any order of rows and dimensions, with finite figures', () => {
    fc.assert(
      fc.property(cause, ({ rows }) => {
        const plain = first(cellsOf(['a', 'b'], rowsOf(rows)));
        const turned = first(cellsOf(['b', 'a'], rowsOf([...rows].reverse())));
        expect(turned?.values.map(({ dimensions }) => dimensions)).toEqual(plain?.values.map(({ dimensions }) => dimensions));
        if (plain)
          for (const figure of [plain.share, plain.remaining, plain.rest, plain.logOdds, plain.weight])
            expect(figure).toSatisfy(Number.isFinite);
      }),
      { numRuns: 200 },
    );
  });

  it('names the same set when all counts and their dispersion grow by one factor', () => {
    fc.assert(
      fc.property(cause, fc.integer({ min: 2, max: 50 }), ({ rows }, factor) => {
        const plain = rowsOf(rows);
        const grown = plain.map((row) => ({
          ...row,
          observed: row.observed * factor,
          expected: row.expected * factor,
          dispersion: factor,
        }));
        const one = plain.map((row) => ({ ...row, dispersion: 1 }));
        const left = explain(cellsOf(['a', 'b'], one)).sets[0];
        const right = explain(cellsOf(['a', 'b'], grown)).sets[0];
        expect(right?.values.map(({ dimensions }) => dimensions)).toEqual(left?.values.map(({ dimensions }) => dimensions));
        expect(right?.logOdds ?? 0).toBeCloseTo(left?.logOdds ?? 0, 6);
      }),
      { numRuns: 100 },
    );
  });
});
