/** An evaluation for tests: the limits of the definition, no settings. */
import { type Definition, type Evaluation, type Judgement, limitOf, type SourceFacts } from '../../core/definition.ts';
import { readRows } from '../../core/row.ts';

export const instantOfTests: number = Date.UTC(2026, 10, 21, 12, 30);

/** Judges rows as ClickHouse would send them. */
export function judgeRows(
  definition: Definition,
  raw: readonly object[],
  of: {
    readonly sources?: readonly string[];
    readonly limits?: Readonly<Record<string, number>>;
    readonly facts?: SourceFacts;
    readonly instant?: number;
    readonly watchingSince?: number;
    readonly window?: { from: number; to: number };
  } = {},
): readonly Judgement[] {
  const instant = of.instant ?? instantOfTests;
  const evaluation: Evaluation = {
    tenant: 'main',
    currency: 'EUR',
    instant,
    watchingSince: of.watchingSince ?? 0,
    window: of.window ?? { from: instant - 1_800_000, to: instant + 1_800_000 },
    sources: of.sources ?? [],
    leg: 'switch',
    limit: (name) => limitOf(definition.limits, of.limits, name),
    source: () => of.facts ?? {},
  };
  const read = readRows(definition.columns, raw);
  if (!read.ok) throw new Error(read.error);
  return definition.evaluate(read.rows, evaluation);
}
