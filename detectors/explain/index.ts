export { type Break, type BreakClass, type Cause, explainBreaks, type RecordCell } from './breaks.ts';
export { type CellRow, type Cells, cellsOf, type Dimension } from './cells.ts';
export { type Explained, type ExplainOptions, explain, type Verdict } from './explain.ts';
export { type DifferingPair, type Measures, type Pattern, patternsOf } from './patterns.ts';
export type { ExplainingSet, ExplainingValue } from './sets.ts';
export { type Change, labelsOf, type RankedSuspect, type SuspectOptions, suspects } from './suspects.ts';
