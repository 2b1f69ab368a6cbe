/** One control judged on a real ClickHouse: its query on what a test has stored, and its function, without the loop. */
import type { Definition, Judgement } from '../../core/definition.ts';
import { parseSettings } from '../settings/load.ts';
import { evidenceSql } from './evidence.ts';
import type { DetectionStore } from './port.ts';
import { type Occasion, run } from './run.ts';

/** Judges; throws with the message where the query or its rows are wrong. */
export async function judgeStored(
  store: DetectionStore,
  definition: Definition,
  of: Partial<Occasion> = {},
): Promise<readonly Judgement[]> {
  const instant = of.instant ?? of.window?.to ?? 0;
  const window = of.window ?? { from: instant - 3_600_000, to: instant };
  const occasion: Occasion = {
    instant,
    window,
    sources: [],
    changedFrom: window.from,
    changedTo: window.to,
    watchingSince: 0,
    leg: '',
    ...of,
  };
  const result = await run(definition, store, parseSettings('', 'test'), occasion);
  if (!result.ok) throw new Error(result.error);
  return result.judgements;
}

/** Rows that the evidence of a judgement shows: the SQL as an analyst would run it. */
export async function evidenceRows<T>(store: { select<R>(sql: string): Promise<R[]> }, judgement: Judgement): Promise<T[]> {
  return store.select<T>(evidenceSql(judgement.evidence));
}
