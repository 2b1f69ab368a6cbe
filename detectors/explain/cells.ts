/** Leaf cells: every combination of dimension values that was seen or expected, in columns, so that 100,000 of them fit in the cache. */

/** One dimension, dictionary-coded. */
export interface Dimension {
  /** Column name: partner, cell, device. */
  readonly name: string;
  /** The dictionary. */
  readonly values: readonly string[];
  /** Per cell the index into `values`; -1 where the cell has no value of this dimension (it then never belongs to an explanation over it). */
  readonly codes: Int32Array;
}

/** Columns of equal length, one entry per leaf cell. The same combination may occur more than once. */
export interface Cells {
  readonly dimensions: readonly Dimension[];
  /** Counts or volumes in the window of the finding; for a ratio, the k of k-of-n (failed calls, answered calls). */
  readonly observed: Float64Array;
  /** What the baseline expects, in the unit of `observed`; for a ratio the baseline's rate times `trials`. */
  readonly expected: Float64Array;
  /** For a ratio, the n of k-of-n. Absent for counts. */
  readonly trials?: Float64Array;
  /** Variance divided by expectation, per cell, at least 1. Absent: one value for all is estimated from the cells. */
  readonly dispersion?: Float64Array;
}

/** One leaf cell as a row, for callers that have few of them. */
export interface CellRow {
  readonly values: Readonly<Record<string, string>>;
  readonly observed: number;
  readonly expected: number;
  readonly trials?: number;
  readonly dispersion?: number;
}

/**
 * Codes rows into columns. A row that lacks a dimension gets -1 there. `trials` and `dispersion` are kept only if every row has them.
 * @example cellsOf(['partner'], [{ values: { partner: 'A' }, observed: 3, expected: 9 }]).dimensions[0].values // ['A']
 */
export function cellsOf(names: readonly string[], rows: readonly CellRow[]): Cells {
  const column = (read: (row: CellRow) => number | undefined) => Float64Array.from(rows, (row) => read(row) ?? Number.NaN);
  const has = (read: (row: CellRow) => number | undefined) => rows.length > 0 && rows.every((row) => read(row) !== undefined);
  return {
    dimensions: names.map((name) => dimensionOf(name, rows)),
    observed: column((row) => row.observed),
    expected: column((row) => row.expected),
    ...(has((row) => row.trials) ? { trials: column((row) => row.trials) } : {}),
    ...(has((row) => row.dispersion) ? { dispersion: column((row) => row.dispersion) } : {}),
  };
}

function dimensionOf(name: string, rows: readonly CellRow[]): Dimension {
  const values: string[] = [];
  const index = new Map<string, number>();
  const codes = Int32Array.from(rows, (row) => {
    const value = row.values[name];
    if (value === undefined) return -1;
    let code = index.get(value);
    if (code === undefined) {
      code = values.push(value) - 1;
      index.set(value, code);
    }
    return code;
  });
  return { name, values, codes };
}

/** The cells that can be judged, scaled by their dispersion. */
export interface Leaves {
  /** Index of each kept cell in the input. */
  readonly origin: Int32Array;
  /** Codes per dimension, kept cells only. */
  readonly codes: readonly Int32Array[];
  readonly observed: Float64Array;
  readonly expected: Float64Array;
  readonly trials: Float64Array | undefined;
  /** Cells left out because a number was not finite, negative, or k exceeded n. */
  readonly skipped: number;
}

/**
 * Checks the columns and keeps what can be judged. Dividing a cell's counts by its dispersion makes an over-dispersed Poisson
 * likelihood out of a plain one (quasi-likelihood; McCullagh and Nelder, Generalized Linear Models, 1989, chapter 9).
 * Columns of unequal length and codes outside the dictionary are a caller's bug: RangeError.
 */
export function leavesOf(cells: Cells): Leaves {
  checkLengths(cells);
  const rows = cells.observed.length;
  const origin = new Int32Array(rows);
  let kept = 0;
  for (let row = 0; row < rows; row++) if (isSound(cells, row)) origin[kept++] = row;
  const trials = cells.trials;
  return {
    origin: origin.subarray(0, kept),
    codes: cells.dimensions.map((dimension) => pick(dimension, origin, kept)),
    observed: scaled(cells.observed, cells.dispersion, origin, kept),
    expected: scaled(cells.expected, cells.dispersion, origin, kept),
    trials: trials && scaled(trials, cells.dispersion, origin, kept),
    skipped: rows - kept,
  };
}

function checkLengths(cells: Cells): void {
  const rows = cells.observed.length;
  const lengths: [string, number | undefined][] = [
    ['expected', cells.expected.length],
    ['trials', cells.trials?.length],
    ['dispersion', cells.dispersion?.length],
    ...cells.dimensions.map(({ name, codes }): [string, number] => [name, codes.length]),
  ];
  for (const [name, length] of lengths) {
    if (length !== undefined && length !== rows) throw new RangeError(`Column ${name} has ${length} rows, observed has ${rows}.`);
  }
}

function isSound(cells: Cells, row: number): boolean {
  const observed = cells.observed[row]!;
  const expected = cells.expected[row]!;
  if (!(observed >= 0 && observed < 1e15 && expected >= 0 && expected < 1e15)) return false;
  if (observed === 0 && expected === 0 && !cells.trials) return false;
  if (cells.dispersion && !(cells.dispersion[row]! > 0 && cells.dispersion[row]! < 1e15)) return false;
  if (!cells.trials) return true;
  const trials = cells.trials[row]!;
  return trials > 0 && trials < 1e15 && observed <= trials && expected <= trials;
}

function pick({ name, values, codes }: Dimension, origin: Int32Array, kept: number): Int32Array {
  const out = new Int32Array(kept);
  for (let i = 0; i < kept; i++) {
    const code = codes[origin[i]!]!;
    if (code < -1 || code >= values.length)
      throw new RangeError(`Dimension ${name} has code ${code}, its dictionary ${values.length} values.`);
    out[i] = code;
  }
  return out;
}

function scaled(column: Float64Array, dispersion: Float64Array | undefined, origin: Int32Array, kept: number): Float64Array {
  const out = new Float64Array(kept);
  if (dispersion) for (let i = 0; i < kept; i++) out[i] = column[origin[i]!]! / Math.max(1, dispersion[origin[i]!]!);
  else for (let i = 0; i < kept; i++) out[i] = column[origin[i]!]!;
  return out;
}
