/** S09: an MVNO's own usage against what its host network says. */
import { define } from '../../core/definition.ts';
import { judgeReconciled, type Meaning, reconciledColumns, reconciledLimits, reconciledLookbackMs, reconciledQuery } from './reconciled.ts';

const needs = 'own rated records (leg rating) and the wholesale file of the host (leg mno_wholesale) of one day, both complete';

const meaning: Meaning = {
  control: 'S09',
  needs,
  moreA: { class: 'risk', words: 'usage of ours that the host has not charged and may still charge' },
  moreB: { class: 'leakage', words: 'wholesale charges for usage that we did not see, or for more of it than we saw' },
};

/**
 * S09: retail usage against the host's wholesale file, record by record, from the runs of `npx weir reconcile`.
 * @example mvnoWholesale.identity // 'S09'
 */
export const mvnoWholesale = define({
  identity: 'S09',
  title: 'MVNO with host network',
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
      'The host charges an MVNO for usage of its subscribers. It charges for what we never saw (a SIM that hangs, the numbers of another MVNO, a file twice), rounds otherwise than agreed, or forgets usage and charges it later.',
    formula:
      'As S08, with A our own rated records and B the wholesale file of the host; retail charges are not compared with wholesale charges, units are. The tolerances of the partner hold. Amount: B only, and what B states more, at the wholesale charges, is leakage; A only, and what A states more, at the mean wholesale rate of its service, is a risk.',
    proof:
      'Run the SQL of the finding and send the pairs to the host: its records beside ours. `npx weir reconcile --control S09 --from DAY --to DAY` does it again.',
    recovery:
      'Dispute the records before the invoice is due: partner, day, pairs and totals. For rounding and units refer to the contract. Accrue what the host has not charged yet.',
  },
});
