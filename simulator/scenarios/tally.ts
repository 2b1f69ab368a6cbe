/** Counts what a scenario does, so that its truth is what was done and not what was meant. */
import type { LineFigures } from '../file.ts';
import { worthOf } from '../file.ts';
import { currency } from '../plans.ts';
import type { Truth } from '../scenario.ts';

type Known = 'scenario' | 'nature' | 'control' | 'scope' | 'from' | 'to';

/** What is known before anything happens. */
export type Plan = Pick<Truth, Known> & Partial<Omit<Truth, Known | 'records' | 'money' | 'currency'>>;

export interface Tally {
  /** One record worth so many micro-units. */
  readonly record: (value: number) => void;
  /** Money of something that is no record of its own, or that has been counted. */
  readonly money: (micro: number) => void;
  readonly lines: (figures: readonly LineFigures[]) => void;
  readonly truth: () => Truth;
}

export function tally(plan: Plan): Tally {
  let records = 0;
  let money = 0;
  return {
    record(value) {
      records++;
      money += value;
    },
    money(micro) {
      money += micro;
    },
    lines(figures) {
      records += figures.length;
      money += worthOf(figures);
    },
    truth: () => {
      const { also = [], onset = 'once', share = 0, class: kind = 'leakage', ...rest } = plan;
      return { ...rest, also, onset, share, records, money, class: kind, currency };
    },
  };
}
