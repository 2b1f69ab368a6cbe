/** Service level objectives: OpenSLO files, error budgets, burn rates. */
export { burnOf, ceilingOf } from './burn.ts';
export { sloDefinitions, sloFailure, sloFailureOf, sloJudgements } from './definition.ts';
export { lengthText } from './duration.ts';
export { type KpiFacts, sloParameters } from './indicator.ts';
export {
  type Counted,
  type Counts,
  type Holding,
  holdingOf,
  judgeObjective,
  onsetOf,
  type RuleVerdict,
  type Slice,
  type SloState,
  type Verdict,
} from './judge.ts';
export { meets, type Objective, type SloSource, type SqlMetric } from './objective.ts';
export { openSloKinds, readOpenSlo, type SloDocument, type SloFacts, type SloProblem } from './open-slo.ts';
export { figureText, percentText, ruleText } from './rules.ts';
export { instantOfLocal, localOfInstant, type Span, windowAt, windowMs } from './window.ts';
