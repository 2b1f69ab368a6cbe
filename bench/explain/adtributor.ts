/**
 * The baseline to compare with: ranking of single dimensions by surprise (Bhagwan et al., Adtributor, NSDI 2014), written from the paper's
 * formulas. Explanatory power EP = (A_j - F_j) / (A - F); surprise = half p ln(2p/(p+q)) + q ln(2q/(p+q)), p = F_j/F, q = A_j/A. In each
 * dimension the values with EP above 10 % are taken by surprise until they explain 67 %; the dimension with the largest surprise wins.
 */
import type { Cells } from '../../detectors/explain/cells.ts';

const smallestPower = 0.1;
const enoughPower = 0.67;

/** The values named first, or none. */
export function adtributor({ dimensions, observed, expected }: Cells): Record<string, string>[] {
  const sum = (column: Float64Array) => column.reduce((a, b) => a + b, 0);
  const actual = sum(observed);
  const forecast = sum(expected);
  let best: { surprise: number; picks: Record<string, string>[] } = { surprise: 0, picks: [] };
  for (const { name, values, codes } of dimensions) {
    const a = new Float64Array(values.length);
    const f = new Float64Array(values.length);
    codes.forEach((code, leaf) => {
      a[code]! += observed[leaf]!;
      f[code]! += expected[leaf]!;
    });
    const ranked = values.map((value, code) => ({
      value,
      power: (a[code]! - f[code]!) / (actual - forecast),
      surprise: surprise(f[code]! / forecast, a[code]! / actual),
    }));
    ranked.sort((x, y) => y.surprise - x.surprise);
    const picks: Record<string, string>[] = [];
    let power = 0;
    let total = 0;
    for (const each of ranked) {
      if (power > enoughPower) break;
      if (!(each.power > smallestPower)) continue;
      picks.push({ [name]: each.value });
      power += each.power;
      total += each.surprise;
    }
    if (power > enoughPower && total > best.surprise) best = { surprise: total, picks };
  }
  return best.picks;
}

function surprise(p: number, q: number): number {
  const part = (x: number) => (x > 0 ? x * Math.log((2 * x) / (p + q)) : 0);
  return (part(p) + part(q)) / 2;
}
