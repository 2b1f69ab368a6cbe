/**
 * The AIOps 2018 KPI challenge's measure: a labelled run counts as found, with all its rows, when one of its first k + 1 rows is flagged; other rows count
 * one by one, pooled over series. Beside it the figures a team feels: runs found, and episodes of false alarms for each day of a series.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readText } from './read.ts';

export interface KpiSeries {
  readonly id: string;
  readonly step: number;
  readonly times: Float64Array;
  readonly values: Float64Array;
  readonly labels: Uint8Array;
}

/** Reads `meta.json` and `<id>.csv[.gz]` with the columns value and label on a regular grid. */
export function readKpi(directory: string): KpiSeries[] {
  const meta = JSON.parse(readFileSync(join(directory, 'meta.json'), 'utf8')) as Record<
    string,
    { start: number; step: number; rows: number }
  >;
  return Object.entries(meta).map(([id, { start, step, rows }]) => {
    const lines = readText(join(directory, `${id}.csv`)).split('\n');
    const values = new Float64Array(rows);
    const labels = new Uint8Array(rows);
    for (let row = 0; row < rows; row++) {
      const [value, label] = lines[row + 1]!.split(',');
      values[row] = Number(value);
      labels[row] = Number(label);
    }
    return { id, step, values, labels, times: Float64Array.from({ length: rows }, (_, row) => start + row * step) };
  });
}

export interface KpiResult {
  readonly f1: number;
  readonly precision: number;
  readonly recall: number;
  readonly eventRecall: number;
  readonly alarmsPerSeriesDay: number;
}

/** Counts at one threshold for all series. */
export function scoreKpi(series: readonly KpiSeries[], scores: readonly Float64Array[], threshold: number, delay = 7): KpiResult {
  let hits = 0;
  let falseRows = 0;
  let missed = 0;
  let runs = 0;
  let found = 0;
  let episodes = 0;
  let days = 0;
  series.forEach(({ labels, step }, number) => {
    const score = scores[number]!;
    days += (labels.length * step) / 86_400;
    let lastFalse = Number.NEGATIVE_INFINITY;
    for (let row = 0; row < labels.length; row++) {
      if (labels[row] === 0) {
        if (score[row]! < threshold) continue;
        falseRows++;
        if (row - lastFalse > delay) episodes++;
        lastFalse = row;
        continue;
      }
      let end = row;
      while (labels[end + 1] === 1) end++;
      let seen = false;
      for (let at = row; at <= Math.min(end, row + delay); at++) seen ||= score[at]! >= threshold;
      runs++;
      if (seen) {
        found++;
        hits += end - row + 1;
      } else {
        missed += end - row + 1;
      }
      row = end;
    }
  });
  return {
    f1: (2 * hits) / Math.max(1, 2 * hits + falseRows + missed),
    precision: hits / Math.max(1, hits + falseRows),
    recall: hits / Math.max(1, hits + missed),
    eventRecall: found / Math.max(1, runs),
    alarmsPerSeriesDay: episodes / Math.max(1e-9, days),
  };
}

/** The result at the lowest threshold that keeps false alarms within a budget. */
export function scoreKpiAtBudget(
  series: readonly KpiSeries[],
  scores: readonly Float64Array[],
  perSeriesDay: number,
): KpiResult & { threshold: number } {
  let low = 0;
  let high = 60;
  for (let round = 0; round < 22; round++) {
    const middle = (low + high) / 2;
    if (scoreKpi(series, scores, middle).alarmsPerSeriesDay > perSeriesDay) low = middle;
    else high = middle;
  }
  return { ...scoreKpi(series, scores, high), threshold: high };
}
