/** What has to be judged again without anything new: cells that wait for an instant, and what a failed control could not judge. */
import type { Definition, Judgement } from '../../core/definition.ts';
import type { Occasion } from './run.ts';

/** What a `batch-stored` definition is to look at. */
export type Span = Pick<Occasion, 'sources' | 'changedFrom' | 'changedTo'>;

export interface Debts {
  /** What changed together with what is owed; no sources = nothing to do. */
  due(definition: Definition, changes: Span, instant: number): Span;
  /** The definition failed: what it was to judge is owed. */
  owe(definition: Definition, occasion: Occasion): void;
  /** The definition judged: nothing is owed but what it waits for. */
  judged(definition: Definition, judgements: readonly Judgement[], occasion: Occasion): void;
}

interface Owed {
  /** Sources by the instant from which they are due. */
  readonly sources: Map<string, number>;
  from: number;
  to: number;
}

/** A control that failed is tried again after this long. */
const retryMs = 10_000;

/**
 * One name per definition: a control may have several parts that share its identity.
 * @example definitionKey({ identity: 'S12', metric: 'reject_rate' }) // 'S12/reject_rate'
 */
export function definitionKey({ identity, metric }: Pick<Definition, 'identity' | 'metric'>): string {
  return `${identity}/${metric}`;
}

export function createDebts(): Debts {
  const all = new Map<string, Owed>();
  const owedBy = (definition: Definition): Owed => {
    const key = definitionKey(definition);
    const owed = all.get(key) ?? { sources: new Map(), from: Number.POSITIVE_INFINITY, to: Number.NEGATIVE_INFINITY };
    all.set(key, owed);
    return owed;
  };
  return {
    due(definition, changes, instant) {
      const owed = owedBy(definition);
      const waited = [...owed.sources].filter(([, at]) => at <= instant).map(([source]) => source);
      const sources = [...new Set([...changes.sources, ...waited])];
      const from = Math.min(changes.changedFrom, owed.from);
      const to = Math.max(changes.changedTo, owed.to);
      return from <= to ? { sources, changedFrom: from, changedTo: to } : { sources, changedFrom: instant, changedTo: instant };
    },
    owe(definition, { sources, changedFrom, changedTo, instant }) {
      if (definition.trigger !== 'batch-stored') return;
      const owed = owedBy(definition);
      for (const source of sources) owed.sources.set(source, instant + retryMs);
      owed.from = Math.min(owed.from, changedFrom);
      owed.to = Math.max(owed.to, changedTo);
    },
    judged(definition, judgements, { sources, changedFrom }) {
      const owed = owedBy(definition);
      for (const source of sources) owed.sources.delete(source);
      if (changedFrom <= owed.from) {
        owed.from = Number.POSITIVE_INFINITY;
        owed.to = Number.NEGATIVE_INFINITY;
      }
      for (const { again, cell } of judgements) {
        const source = cell['source'];
        if (again !== undefined && source !== undefined) owed.sources.set(source, Math.min(again, owed.sources.get(source) ?? again));
      }
    },
  };
}
