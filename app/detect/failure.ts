/** A control that fails is a finding of its own, of kind data, so that nobody takes its silence for health. */
import { calm, type Definition, define, type Judgement } from '../../core/definition.ts';
import type { Occasion, RunResult } from './run.ts';

/** Stands for all definitions: one cell per definition that could not judge. */
export const controlFailure: Definition = define({
  identity: 'control_failure',
  title: 'Control cannot judge',
  kind: 'data',
  rater: 'assurance',
  metric: 'control_error',
  trigger: 'minute',
  windowMs: 0,
  needs: { legs: [], tables: [], data: '' },
  query: '',
  columns: {},
  lookbackMs: 0,
  limits: [],
  scope: ['control', 'metric'],
  holdMs: 0,
  store: 'all',
  evaluate: () => [],
  documentation: {
    meaning:
      'The query of a control failed, took too long, or gave rows that the control does not understand. Until it works again, what it watches is not watched.',
    formula: 'violation while the last run failed.',
    proof: 'The message names the query; the log of the detect process has the time.',
    recovery: 'Mend the cause; the finding clears at the next run that succeeds.',
  },
});

/** The judgement on a run itself: ok, or a violation with the error. */
export function failureOf(definition: Definition, result: RunResult, { window, instant }: Occasion): Judgement {
  const cell = { control: definition.identity, metric: definition.metric };
  if (result.ok) return calm(cell, window);
  return {
    ...calm(cell, window),
    state: 'violation',
    observed: 1,
    unit: 'runs',
    direction: 'up',
    p: 0,
    note: 'no amount and no customers: nothing was judged',
    summary: `${definition.identity} ${definition.title} could not judge: ${result.error.slice(0, 500)}`,
    beganAt: instant,
  };
}
