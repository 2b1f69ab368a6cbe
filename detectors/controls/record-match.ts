/** S08: record-level match of two legs. */
import { define } from '../../core/definition.ts';
import { judgeReconciled, type Meaning, reconciledColumns, reconciledLimits, reconciledLookbackMs, reconciledQuery } from './reconciled.ts';

const needs = 'records of two legs on one day, both complete: switch and rating, rating and billing, or as reconciliation.comparisons says';

const meaning: Meaning = {
  control: 'S08',
  needs,
  moreA: { class: 'leakage', words: 'usage that A states and B does not' },
  moreB: { class: 'over_charge', words: 'usage that B states and A does not' },
};

/**
 * S08: each record of one leg against its partner in the next, from the runs of `npx weir reconcile`.
 * @example recordMatch.identity // 'S08'
 */
export const recordMatch = define({
  identity: 'S08',
  title: 'Record-level match',
  kind: 'revenue',
  rater: 'assurance',
  metric: 'breaks',
  trigger: 'minute',
  windowMs: 0,
  needs: { legs: [], tables: ['usage', 'reconciliations', 'reconciliation_causes'], data: needs },
  query: reconciledQuery,
  columns: reconciledColumns,
  lookbackMs: reconciledLookbackMs,
  limits: reconciledLimits,
  scope: ['comparison', 'cause'],
  holdMs: 0,
  store: 'all',
  evaluate: (rows, evaluation) => judgeReconciled(rows, meaning, evaluation),
  documentation: {
    meaning:
      'Every record of a leg has a partner in the next one, and both say the same. A record without partner is usage that was lost on the way, or that nobody made; a pair that differs is a rounding, a unit, a clock or a price. Breaks of one cause are one finding.',
    formula:
      'Pairs one to one: first by an identifier of both legs that is unique, then by subscriber, other party, direction and start within the tolerance, smallest cost first. Classes: exact; within tolerance (start 60 s, duration 2 s, volume the larger of 1 KiB and 1 %, charge the larger of 0.01 and 0.5 %); mismatch; A only; B only. What is left is added up per subscriber, service and day before it is called missing. Told where breaks of a cause reach the limits. Amount: A only, and what A states more, is leakage; B only, and what B states more, is over-charging.',
    proof:
      'Run the SQL of the finding: the records beside each other. `npx weir reconcile --control S08 --from DAY --to DAY` does it again; the table reconciliation_pairs holds every pair.',
    recovery:
      'Have what is missing sent again or billed from the pairs; correct rounding, unit, clock or price where the cause names it, rate again, and reconcile the days anew: the finding clears itself.',
  },
});
