/**
 * What is firing now: judgements go in, the findings that are new, changed or cleared come out. A cell that is waiting or not
 * applicable leaves what stood before. Pure but for the state it holds; nothing is forgotten on a restart (`restore`).
 */
import type { Definition, Judgement } from '../../core/definition.ts';
import type { Finding, Window } from '../../core/finding.ts';
import { findingKey, labelsText } from '../../core/key.ts';
import { findingOf, scopeOf } from './finding-of.ts';

interface Held {
  readonly judgement: Judgement;
  readonly judgedAt: number;
}

interface Entry {
  readonly definition: Definition;
  /** Violating cells by their labels. */
  readonly cells: Map<string, Held>;
  /** What was said last. */
  said: Finding | undefined;
}

export interface Board {
  /** Takes judgements of one definition and returns what is to be said. */
  fold(definition: Definition, judgements: readonly Judgement[], instant: number): readonly Finding[];
  /** Clears what is held no longer. */
  expire(instant: number): readonly Finding[];
  /** Puts back what was firing before a restart, with the cells that still count. */
  restore(definition: Definition, said: Finding, cells: readonly Held[]): void;
  /** Findings that are firing. */
  firing(): readonly Finding[];
  /** Findings that have cleared at or after an instant, ms. */
  over(since: number): readonly Finding[];
  /** When the finding that stands at a cell began, ms; undefined = none does. */
  beganAt(definition: Definition, cell: Readonly<Record<string, string>>): number | undefined;
}

/** Smallest relative change of a figure that is worth telling again. */
const worthTelling = 0.05;
/** The same for customers: their number is the last word of an incident, and it is to be right within a few percent. */
const customersWorthTelling = 0.02;

function differs(now: number, before: number, by: number = worthTelling): boolean {
  return Math.abs(now - before) > by * Math.max(Math.abs(before), 1e-9);
}

function changed(now: Finding, before: Finding | undefined): boolean {
  if (!before || before.state !== now.state || before.direction !== now.direction) return true;
  if (now.money?.exact && (now.money.amount !== before.money?.amount || now.money.recoverable_until !== before.money.recoverable_until))
    return true;
  return (
    Math.abs(now.data_quality.completeness - before.data_quality.completeness) > worthTelling ||
    differs(now.observed, before.observed) ||
    differs(Number(now.money?.amount ?? 0), Number(before.money?.amount ?? 0)) ||
    differs(now.customers?.count ?? 0, before.customers?.count ?? 0, customersWorthTelling)
  );
}

/** What goes on firing in the same direction began when it first did. */
function since(now: Finding, before: Finding | undefined): Finding {
  if (before?.state !== 'firing' || before.direction !== now.direction) return now;
  if (Date.parse(before.began_at) >= Date.parse(now.began_at)) return now;
  const until = now.money?.exact ? undefined : before.money?.recoverable_until;
  // Its oldest usage is as old as it was.
  const money = now.money?.recoverable_until && until ? { money: { ...now.money, recoverable_until: until } } : {};
  return { ...now, ...money, began_at: before.began_at };
}

/** Whether a cell that is well now still counts: it was a violation in a window not long before, and may be again in the next. */
function lasts({ calmMs = 0 }: Definition, held: Held | undefined, well: Judgement): boolean {
  const since = well.window.to - (held?.judgement.window.to ?? 0);
  return held !== undefined && since > 0 && since < calmMs;
}

/** A finding that no longer holds: the last figures, state cleared. */
function cleared(said: Finding, instant: number): Finding {
  return { ...said, state: 'cleared', detected_at: new Date(instant).toISOString(), summary: `Cleared. ${said.summary}` };
}

/** The last word of a finding as a cell: it stands until its scope is judged again. */
export function judgementOf(said: Finding): Judgement {
  return {
    cell: said.scope,
    state: 'violation',
    window: { from: Date.parse(said.window.from), to: Date.parse(said.window.to) },
    observed: said.observed,
    expected: said.expected,
    lower: said.lower,
    upper: said.upper,
    unit: said.unit,
    direction: said.direction,
    statistic: said.effect,
    p: 10 ** -said.score,
    ...(said.money ? { money: said.money } : {}),
    ...(said.customers ? { customers: said.customers } : {}),
    note: '',
    title: said.title,
    summary: said.summary,
    beganAt: Date.parse(said.began_at),
    evidence: { query: '', params: {} },
  };
}

/**
 * @param backBillDays days within which a leak of a control can be billed; 0 = no limit, the default
 * @param completeness share of the data of some labels that had come for a window, asked for definitions that rest on all of it
 */
export function createBoard(
  tenant: string,
  sql: (judgement: Judgement) => string,
  backBillDays: (identity: string) => number = () => 0,
  completeness: (labels: Readonly<Record<string, string>>, window: Window) => number = () => 1,
): Board {
  const entries = new Map<string, Entry>();

  const keyOf = ({ identity, metric }: Definition, scope: Readonly<Record<string, string>>) => findingKey(tenant, identity, metric, scope);

  const entryOf = (definition: Definition, scope: Readonly<Record<string, string>>): Entry => {
    const key = keyOf(definition, scope);
    const entry = entries.get(key) ?? { definition, cells: new Map(), said: undefined };
    entries.set(key, entry);
    return entry;
  };

  /**
   * A control of one's own names what is wrong and need not name the rest: what it no longer names is well. Where it looks back, that holds
   * for the stretch that it looked at.
   */
  const withoutOthers = (definition: Definition, judgements: readonly Judgement[]): readonly Entry[] => {
    if (judgements.some(({ state }) => state === 'not_applicable' || state === 'waiting')) return [];
    const wrong = judgements.filter(({ state }) => state === 'violation').map(({ cell }) => cell);
    const named = new Set(wrong.map(labelsText));
    const scopes = new Set(wrong.map((cell) => keyOf(definition, scopeOf(definition, cell))));
    const from = Math.max(...judgements.map(({ window }) => window.from)) - definition.lookbackMs;
    const stands = (key: string, cell: string, { judgement }: Held): boolean => {
      if (named.has(cell)) return true;
      if (definition.lookbackMs > 0 && judgement.cell['window'] !== undefined) return judgement.window.from < from;
      return judgement.cell['window'] !== undefined && scopes.has(key);
    };
    return [...entries].flatMap(([key, entry]) => {
      if (entry.definition.identity !== definition.identity) return [];
      const gone = [...entry.cells].filter(([cell, held]) => !stands(key, cell, held));
      for (const [cell] of gone) entry.cells.delete(cell);
      return gone.length > 0 ? [entry] : [];
    });
  };

  /** A definition that names all that is wrong: what it no longer names is well. */
  const withoutUnnamed = (definition: Definition, judgements: readonly Judgement[]): readonly Entry[] => {
    const named = new Set(judgements.filter(({ state }) => state !== 'ok').map(({ cell }) => labelsText(cell)));
    return [...entries.values()].filter((entry) => {
      if (entry.definition.identity !== definition.identity || entry.definition.metric !== definition.metric) return false;
      const gone = [...entry.cells.keys()].filter((cell) => !named.has(cell));
      for (const cell of gone) entry.cells.delete(cell);
      return gone.length > 0;
    });
  };

  const tell = (entry: Entry, instant: number): Finding | undefined => {
    const { definition, cells, said } = entry;
    if (cells.size === 0) {
      if (said?.state !== 'firing') return undefined;
      entry.said = cleared(said, instant);
      return entry.said;
    }
    const now = since(
      findingOf(
        definition,
        [...cells.values()].map(({ judgement }) => judgement),
        {
          ...{ tenant, instant, backBillDays: backBillDays(definition.identity) },
          ...(definition.restsOnAll ? { completeness: leastComplete([...cells.values()]) } : {}),
        },
        sql,
      ),
      said,
    );
    if (!changed(now, said)) return undefined;
    entry.said = now;
    return now;
  };

  /** Of cells of one finding the one whose window has come least. */
  const leastComplete = (held: readonly Held[]): number =>
    Math.min(1, ...held.map(({ judgement: { cell, window } }) => completeness(cell, window)));

  const tellAll = (touched: Iterable<Entry>, instant: number): readonly Finding[] =>
    [...touched].flatMap((entry) => tell(entry, instant) ?? []);

  return {
    fold(definition, judgements, instant) {
      const touched = new Set(
        definition.own ? withoutOthers(definition, judgements) : definition.namesAll ? withoutUnnamed(definition, judgements) : [],
      );
      for (const judgement of judgements) {
        const cell = labelsText(judgement.cell);
        if (judgement.state === 'violation') {
          const entry = entryOf(definition, scopeOf(definition, judgement.cell));
          entry.cells.delete(cell);
          entry.cells.set(cell, { judgement, judgedAt: instant });
          touched.add(entry);
        } else if (judgement.state === 'ok') {
          const entry = entries.get(keyOf(definition, scopeOf(definition, judgement.cell)));
          if (!entry || lasts(definition, entry.cells.get(cell), judgement)) continue;
          if (entry.cells.delete(cell)) touched.add(entry);
        }
      }
      return tellAll(touched, instant);
    },
    expire(instant) {
      const touched = new Set<Entry>();
      for (const entry of entries.values()) {
        const { holdMs } = entry.definition;
        if (holdMs === 0) continue;
        for (const [cell, { judgedAt }] of entry.cells) {
          if (judgedAt + holdMs <= instant && entry.cells.delete(cell)) touched.add(entry);
        }
      }
      return tellAll(touched, instant);
    },
    restore(definition, said, cells) {
      const entry = entryOf(definition, said.scope);
      entry.said = said;
      for (const held of cells) entry.cells.set(labelsText(held.judgement.cell), held);
    },
    firing: () => [...entries.values()].flatMap(({ said }) => (said?.state === 'firing' ? [said] : [])),
    over: (since) =>
      [...entries.values()].flatMap(({ said }) => (said?.state === 'cleared' && Date.parse(said.detected_at) >= since ? [said] : [])),
    beganAt(definition, cell) {
      const said = entries.get(keyOf(definition, scopeOf(definition, cell)))?.said;
      return said?.state === 'firing' ? Date.parse(said.began_at) : undefined;
    },
  };
}
