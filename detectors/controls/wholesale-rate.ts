/** S09, third part: what the host charges for a record against the wholesale rate that was agreed. */
import { define } from '../../core/definition.ts';
import { type Charged, judgeRated, reratingColumns, reratingLimits } from './rerating.ts';
import { counted } from './texts.ts';

const hourMs = 3_600_000;
const needs = 'wholesale charges of the host (leg mno_wholesale), and its rates (tariffs with wholesale and partner)';

const wholesale: Charged = {
  query: 'control-wholesale-rate',
  evidence: 'control-wholesale-rate-evidence',
  needs,
  under: 'risk',
  over: 'leakage',
  list: 'the wholesale rates',
};

/**
 * S09, third part: a sample of the records of the host, rated again by its wholesale rates.
 * @example wholesaleRate.metric // 'wholesale_rate'
 */
export const wholesaleRate = define({
  identity: 'S09',
  title: 'Wholesale rate',
  kind: 'revenue',
  rater: 'assurance',
  metric: 'wholesale_rate',
  trigger: 'window-close',
  windowMs: hourMs,
  needs: { legs: ['mno_wholesale'], tables: ['usage', 'tariffs'], data: needs },
  query: wholesale.query,
  columns: reratingColumns,
  lookbackMs: hourMs,
  limits: reratingLimits,
  scope: ['leg', 'tariff', 'service', 'zone', 'check'],
  holdMs: 24 * hourMs,
  store: 'all',
  evaluate: (rows, evaluation) => judgeRated(rows, wholesale, evaluation),
  summarise: (judgements) => `${counted(judgements.length, 'hour')} of the last day. Latest: ${judgements.at(-1)!.summary}`,
  documentation: {
    meaning:
      'The host charges another rate than agreed: the old rate after the date of a new one, the wrong zone, a minimum or an increment that the contract does not have.',
    formula:
      "As S14, on the records of the host: c - c' with c' = set-up + charged units x wholesale rate of the partner, service, zone or longest prefix, and date. Too much is leakage, since we pay it; too little is a risk, since it may be charged later. An hour counts for 24 hours.",
    proof: 'Run the SQL of the finding: the records with what the host charged, the wrong ones first, and the rates of the contract.',
    recovery:
      'Send the records and the rate of the contract to the host and dispute the difference; check from which day on it charges so, and earlier invoices since then.',
  },
});
