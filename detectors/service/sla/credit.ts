/** Figures become credits: exact decimals, rounded once by target, capped. Pure. */
import { fromMicro } from '../../../core/money.ts';
import { compare, fractionOf, rounded, times } from '../../../rating/decimal.ts';
import type { Agreement, CreditBand, SlaTarget } from './agreement.ts';
import type { Figure } from './figure.ts';
import { isShort } from './read.ts';

export type TargetState = 'kept' | 'missed' | 'no_data';

export interface TargetCredit {
  readonly state: TargetState;
  readonly band: CreditBand | undefined;
  /** Percent of the monthly charge; decimal. */
  readonly percent: string;
  /** Decimal amount before the cap. */
  readonly amount: string;
}

/** A percentage of good of all is compared exactly: 997 of 1000 are 99.7 %, whatever floats say. */
function short({ value, good, total }: Figure, op: SlaTarget['op'], limit: string, isShare: boolean): boolean {
  if (value === undefined) return false;
  if (!isShare || !Number.isSafeInteger(good) || !Number.isSafeInteger(total)) return isShort(value, op, Number(limit));
  // good / total x 100 against the limit, as fractions.
  const sign = compare({ n: BigInt(good) * 100_000_000n, d: BigInt(total) }, fractionOf(limit));
  return isShort(sign, op, 0);
}

const isShare = (target: SlaTarget): boolean =>
  target.measure === 'slices' || target.measure === 'repair' || (target.measure === 'average' && target.ratio);

/** So many percent of a charge, in micro-units, rounded half up to the decimals of the agreement. */
function shareOf(charge: string, percent: string, decimals: number): bigint {
  const amount = fractionOf(charge);
  const part = fractionOf(percent);
  return rounded(times(amount, part.n, part.d * 100_000_000n), decimals, 'half_up');
}

/**
 * What a target credits: the hardest band that the figure is beyond. Missing data credits nothing, and is not kept either.
 * @example creditOf({ name: 'a', measure: 'average', kpi: 'ner', where: {}, sliceMs: 1, ratio: true, op: 'gte', target: '99.7', credits: [{ beyond: '99.7', percent: '10' }] }, { value: 99.6, good: 996, total: 1000 }, { monthlyCharge: '1234.56', decimals: 2 }).amount // '123.46'
 */
export function creditOf(
  target: SlaTarget,
  figure: Figure,
  { monthlyCharge, decimals }: Pick<Agreement, 'monthlyCharge' | 'decimals'>,
): TargetCredit {
  if (figure.value === undefined) return { state: 'no_data', band: undefined, percent: '0', amount: '0' };
  const state = short(figure, target.op, target.target, isShare(target)) ? 'missed' : 'kept';
  const band = [...target.credits].reverse().find(({ beyond }) => short(figure, target.op, beyond, isShare(target)));
  const percent = band?.percent ?? '0';
  return { state, band, percent, amount: fromMicro(Number(shareOf(monthlyCharge, percent, decimals))) };
}

export interface AgreementCredit {
  /** Of all targets, before the cap; decimal. */
  readonly uncapped: string;
  readonly cap: string;
  /** What is credited; decimal. */
  readonly amount: string;
  readonly isCapped: boolean;
}

const micro = (amount: string): bigint => fractionOf(amount).n / 1_000_000_000_000n;

/** Credits of an agreement for a month. */
export function totalCredit(
  credits: readonly TargetCredit[],
  { monthlyCharge, capPercent, decimals, combine }: Pick<Agreement, 'monthlyCharge' | 'capPercent' | 'decimals' | 'combine'>,
): AgreementCredit {
  const amounts = credits.map(({ amount }) => micro(amount));
  const uncapped =
    combine === 'sum' ? amounts.reduce((sum, each) => sum + each, 0n) : amounts.reduce((most, each) => (each > most ? each : most), 0n);
  const cap = shareOf(monthlyCharge, capPercent, decimals);
  const amount = uncapped > cap ? cap : uncapped;
  const text = (value: bigint): string => fromMicro(Number(value));
  return { uncapped: text(uncapped), cap: text(cap), amount: text(amount), isCapped: uncapped > cap };
}
