/** How far one measure of two neighbouring legs has departed from its usual ratio, since when, and what that is worth. */
import type { Evaluation } from '../../core/definition.ts';
import { type Departure, departure, type Usual, usualRatio } from './conversion.ts';
import { type Cell, type Hour, type Measure, rate } from './stage-chain.ts';

const hourMs = 3_600_000;
/** Hours up to the window's end that are judged together. */
export const judgedHours = 3;
/** An hour that has less of the departure of all than this share does not confirm it. */
const sharedPart = 0.25;

/** A measure of a cell, judged but not yet weighed against the others. */
export interface Verdict {
  readonly cell: Cell;
  readonly measure: Measure;
  readonly usual: Usual;
  readonly all: Departure;
  readonly beyond: boolean;
  /** Hours of the departure, oldest first. */
  readonly run: readonly Hour[];
  readonly observed: number;
  readonly expected: number;
  /** Observed, and expected less observed, in the judged hours alone, so that parts can be compared. */
  readonly seen: number;
  readonly gap: number;
  /** Micro-units that the departure is worth, with its sign; 0 where the downstream leg charges nothing. */
  readonly worth: number;
}

/** Judges a measure; words where it cannot, beginning with `waiting` where it may later. */
export function verdictOf(cell: Cell, measure: Measure, evaluation: Evaluation): Verdict | string {
  const { window, limit } = evaluation;
  const from = window.to - judgedHours * hourMs;
  const history = cell.hours.filter(({ at, a, b }) => at < from && a.n >= limit('records') && b.n > 0).map(measure.hour);
  const usual = usualRatio(history);
  if (!usual || usual.hours < limit('hours')) return `not applicable, needs ${limit('hours')} hours of both legs, has ${usual?.hours ?? 0}`;
  const recent = cell.hours.filter(({ at }) => at >= from);
  const judged = recent.filter(({ explained, a }) => !explained && a.n >= limit('records'));
  if (judged.length < 2) return recent.some(({ explained }) => explained) ? 'waiting: explained by another control' : 'waiting: too thin';
  const each = (hour: Hour) => departure([measure.hour(hour)], usual, measure.least);
  const all = departure(judged.map(measure.hour), usual, measure.least);
  const sign = Math.sign(all.effect);
  // What persists, not one wild hour and its neighbour: each of two hours is beyond chance and has its part of the whole.
  const part = Math.max(limit('effect'), Math.abs(all.effect) * sharedPart);
  const agree = judged
    .map(each)
    .filter(({ effect, z }) => sign * effect >= part && Math.abs(z) >= limit('z') / Math.sqrt(judgedHours)).length;
  const beyond = agree >= 2 && Math.abs(all.effect) >= limit('effect') && Math.abs(all.z) >= limit('z');
  const past = cell.hours.filter(({ at }) => at < from).reverse();
  const began = past.findIndex((hour) => sign * each(hour).effect < Math.max(limit('effect') / 2, part / 2));
  const run = [...past.slice(0, began === -1 ? past.length : began).reverse(), ...recent];
  const observed = run.reduce((sum, hour) => sum + measure.observed(hour), 0);
  const effect = departure(run.map(measure.hour), usual, measure.least).effect;
  const expected = effect > -1 ? observed / (1 + effect) : run.reduce((sum, hour) => sum + usual.ratio * measure.hour(hour).below, 0);
  const seen = judged.reduce((sum, hour) => sum + measure.observed(hour), 0);
  const gap =
    all.effect > -1 ? seen / (1 + all.effect) - seen : judged.reduce((sum, hour) => sum + usual.ratio * measure.hour(hour).below, 0);
  const charge = (hours: readonly Hour[]) => hours.reduce((sum, hour) => sum + hour.b.charge, 0);
  const priced = observed > 0 ? run : cell.hours;
  const units =
    measure.name === 'charge'
      ? 1
      : rate(
          charge(priced),
          priced.reduce((sum, hour) => sum + measure.observed(hour), 0),
        );
  return { cell, measure, usual, all, beyond, run, observed, expected, seen, gap, worth: (observed - expected) * units };
}
