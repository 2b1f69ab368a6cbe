/**
 * What judging a window a second time changes: late data came for it. The stored judgements are corrected; of findings, those whose cells
 * count by themselves (they are held for a time) follow at once. A finding that says how things stand now is left to the latest window, but
 * for what only the late data showed: it is told, and cleared by the latest window where it is over.
 */
import type { Definition, Judgement } from '../../core/definition.ts';
import { findingKey, labelsText } from '../../core/key.ts';
import type { Board } from './board.ts';
import { definitionKey } from './debts.ts';
import { scopeOf } from './finding-of.ts';
import type { Occasion } from './run.ts';

export interface Taken {
  /** Judgements that were a violation before and are none, or the other way round. */
  readonly corrected: readonly Judgement[];
  /** Judgements that findings are made of. */
  readonly telling: readonly Judgement[];
}

export interface Again {
  /** Remembers the judgements of a window and compares them with those before. @param past a later window was judged already */
  take(definition: Definition, occasion: Occasion, judgements: readonly Judgement[], past: boolean): Taken;
  /**
   * Whether a leg never had what a definition needs, in none of several windows that are remembered: late data for one of them changes nothing, and the
   * next window tells when that has changed.
   */
  lacks(definition: Definition, leg: string): boolean;
}

/** So many windows without what is needed make it known that a leg does not bring it. */
const lackingWindows = 3;

/** So long after their end windows may be judged again, and a day more. */
const rememberedMs = 2 * 86_400_000;

interface Remembered {
  readonly to: number;
  /** Cells that were violations. */
  readonly cells: ReadonlySet<string>;
  /** Nothing could be judged. */
  readonly lacking: boolean;
}

export function createAgain(tenant: string, board: Pick<Board, 'firing'>): Again {
  const known = new Map<string, Remembered[]>();

  const fires = (definition: Definition, judgement: Judgement): boolean => {
    const key = findingKey(tenant, definition.identity, definition.metric, scopeOf(definition, judgement.cell));
    return board.firing().some(({ finding_key }) => finding_key === key);
  };

  return {
    take(definition, { leg, window }, judgements, past) {
      if (definition.trigger !== 'window-close') return { corrected: [], telling: judgements };
      const key = `${definitionKey(definition)}/${leg}`;
      const windows = known.get(key) ?? [];
      const before = windows.find(({ to }) => to === window.to)?.cells;
      const now = new Set(judgements.flatMap(({ cell, state }) => (state === 'violation' ? [labelsText(cell)] : [])));
      const kept = windows.filter(({ to }) => to !== window.to && to > window.to - rememberedMs);
      const lacking = judgements.every(({ state }) => state === 'not_applicable');
      known.set(key, [...kept, { to: window.to, cells: now, lacking }]);
      const corrected = before ? judgements.filter(({ cell, state }) => before.has(labelsText(cell)) !== (state === 'violation')) : [];
      if (!past) return { corrected, telling: judgements };
      if (definition.holdMs > 0) return { corrected, telling: judgements };
      return { corrected, telling: corrected.filter((each) => each.state === 'violation' && !fires(definition, each)) };
    },
    lacks(definition, leg) {
      const windows = known.get(`${definitionKey(definition)}/${leg}`) ?? [];
      return windows.length >= lackingWindows && windows.every(({ lacking }) => lacking);
    },
  };
}
