/**
 * The Numenta Anomaly Benchmark's score (Lavin, Ahmad, 2015; rules as in its v1.1). A labelled window is worth more the earlier it is found, every flagged
 * row outside one costs, less shortly after a window. One threshold for the whole corpus, the best on it, as its protocol says.
 */
import { join } from 'node:path';
import { timestampSeconds } from '../../detectors/score/timestamp.ts';
import { readText } from './read.ts';

export interface NabFile {
  readonly name: string;
  readonly times: Float64Array;
  readonly values: Float64Array;
  /** First and last row of each labelled window. */
  readonly windows: readonly (readonly [number, number])[];
}

/** Weights of a missed window and of a false row; a found window is worth 1. */
export const NAB_PROFILES = { standard: { miss: 1, false: 0.11 }, lowFalse: { miss: 1, false: 0.22 } } as const;

/** Reads `data/**.csv[.gz]` as named by `labels/combined_windows.json`. */
export function readNab(directory: string): NabFile[] {
  const labels = JSON.parse(readText(join(directory, 'labels', 'combined_windows.json'))) as Record<string, [string, string][]>;
  return Object.keys(labels)
    .sort()
    .map((name) => {
      const lines = readText(join(directory, 'data', name))
        .trim()
        .split(/\r?\n/)
        .slice(1);
      const cells = lines.map((line) => line.split(','));
      const times = Float64Array.from(cells, ([time]) => timestampSeconds(time!));
      const rowAt = new Map<number, number>();
      times.forEach((time, row) => {
        if (!rowAt.has(time)) rowAt.set(time, row);
      });
      const row = (time: string): number => rowAt.get(timestampSeconds(time.slice(0, 19)))!;
      return {
        name,
        times,
        values: Float64Array.from(cells, ([, value]) => Number(value)),
        windows: labels[name]!.map(([from, to]) => [row(from), row(to)] as const),
      };
    });
}

const decay = (y: number): number => (y > 3 ? -1 : 2 / (1 + Math.exp(5 * y)) - 1);

/** Worth of flagging each row, and the window it lies in (-1 outside). */
function worth(file: NabFile): { value: Float64Array; window: Int32Array } {
  const rows = file.values.length;
  const value = new Float64Array(rows).fill(-1);
  const window = new Int32Array(rows).fill(-1);
  file.windows.forEach(([first, last], number) => {
    const length = last - first + 1;
    const next = file.windows[number + 1]?.[0] ?? rows;
    for (let row = first; row <= last; row++) {
      value[row] = decay(-(last - row + 1) / length) / decay(-1);
      window[row] = number;
    }
    for (let row = last + 1; row < next; row++) value[row] = decay((row - last) / (length - 1));
  });
  return { value, window };
}

export interface NabResult {
  readonly score: number;
  readonly threshold: number;
  readonly falseRows: number;
  readonly found: number;
  readonly windows: number;
}

/** Score of a corpus, 0 for silence and 100 for perfection. `scores` holds one array per file. */
export function scoreNab(corpus: readonly NabFile[], scores: readonly Float64Array[], profile: keyof typeof NAB_PROFILES): NabResult {
  const { miss, false: cost } = NAB_PROFILES[profile];
  const rows: { score: number; value: number; window: number }[] = [];
  let windows = 0;
  corpus.forEach((file, number) => {
    const { value, window } = worth(file);
    for (let row = Math.min(Math.floor(0.15 * value.length), 750); row < value.length; row++)
      rows.push({ score: scores[number]![row]!, value: value[row]!, window: window[row]! < 0 ? -1 : windows + window[row]! });
    windows += file.windows.length;
  });
  rows.sort((a, b) => b.score - a.score);
  const best = new Map<number, number>();
  for (const { window } of rows) if (window >= 0) best.set(window, -miss);
  const silence = -miss * best.size;
  let total = silence;
  let falseRows = 0;
  let found = 0;
  let top = { raw: silence, threshold: Number.POSITIVE_INFINITY, falseRows: 0, found: 0 };
  rows.forEach(({ score, value, window }, i) => {
    if (window < 0) {
      total += cost * value;
      falseRows++;
    } else {
      const before = best.get(window)!;
      if (before === -miss) found++;
      if (value > before) {
        total += value - before;
        best.set(window, value);
      }
    }
    if (rows[i + 1]?.score !== score && total > top.raw) top = { raw: total, threshold: score, falseRows, found };
  });
  return {
    score: (100 * (top.raw - silence)) / (windows - silence),
    threshold: top.threshold,
    falseRows: top.falseRows,
    found: top.found,
    windows,
  };
}
