/**
 * What a control, a detector or a KPI is: data and one pure function. The detection loop runs its query, hands the rows to
 * `evaluate` and turns the judgements into results, findings and incidents; nothing else is needed to add one.
 */
import type { ChangeSuspect, Explanation, FindingCustomers, FindingKind, FindingMoney, Window } from './finding.ts';
import type { Rater } from './rater.ts';
import type { RowColumns, RowOf } from './row.ts';

/**
 * When it is judged. `batch-stored`: at once for the sources that brought something. `minute`: every minute of the clock.
 * `window-close`: when the watermark passes the end of a window. `nightly`: once a day, after midnight UTC.
 */
export type Trigger = 'batch-stored' | 'minute' | 'window-close' | 'nightly';

/** A number that decides. Verdicts of people may move it between `min` and `max`; settings may set it within them. */
export interface Limit {
  readonly name: string;
  readonly default: number;
  /** e.g. ratio, records, seconds, p, z. */
  readonly unit: string;
  readonly min: number;
  readonly max: number;
  readonly description: string;
  /** Direction that is stricter, with fewer findings: people's verdicts move the limit. Without it they do not. */
  readonly learns?: 'up' | 'down';
}

/** Data without which it is not applicable. */
export interface Needs {
  /** Legs of the chain, at least one of each entry; empty = any. */
  readonly legs: readonly string[];
  readonly tables: readonly string[];
  /** What must be in the data, for a person, e.g. "files with sequence numbers". */
  readonly data: string;
}

/** How files of a source are numbered. Not stated: learned from the usual counter sizes. */
export interface SequenceRule {
  readonly first: number;
  /** The number after which `first` follows. */
  readonly last: number;
  /** `daily`: starts again at `first` each day of arrival. */
  readonly reset: 'none' | 'daily';
}

/** What the settings say about a source, as far as controls care. */
export interface SourceFacts {
  /** As in the settings: file, kafka, …; undefined = not in the settings. */
  readonly type?: string;
  readonly leg?: string;
  readonly sequence?: SequenceRule;
  /** Agreed interval between files. */
  readonly everySeconds?: number;
  /** Agreed time from the last event of a file to its delivery, s. */
  readonly withinSeconds?: number;
}

/** What `evaluate` may know besides its rows. */
export interface Evaluation {
  readonly tenant: string;
  /** ISO 4217, of every amount in the rows. */
  readonly currency: string;
  /** The clock's instant, ms since 1970 UTC. */
  readonly instant: number;
  /** Since when arrivals are watched without a break: silence before that is our own. */
  readonly watchingSince: number;
  /** What is judged: of event time for `window-close`, of the clock for the others. */
  readonly window: Window;
  /** Sources that are judged: for `batch-stored` those that brought something, for the others all that are known. */
  readonly sources: readonly string[];
  /** Leg whose window closed; empty for the other triggers. */
  readonly leg: string;
  readonly limit: (name: string) => number;
  readonly source: (name: string) => SourceFacts;
  /**
   * What the day of an instant is like where the operator is: the weekday so many days later, 1 to 6, for holidays and the like; 0 for an
   * ordinary day. Missing = no calendar is known.
   */
  readonly likeDay?: (instant: number) => number;
  /** Event time up to which a leg is complete; missing = as the query read it. */
  readonly completeTo?: (leg: string) => number | undefined;
}

/** `waiting`: not decided yet, what stood before stands. `not_applicable`: the data it needs is not there. */
export type JudgementState = 'ok' | 'violation' | 'not_applicable' | 'waiting';

/** A named query with its parameters: shown as SQL that can be run as it stands. */
export interface Evidence {
  readonly query: string;
  /** Text in place of a named query, of a control of one's own. */
  readonly sql?: string;
  readonly params: Readonly<Record<string, string | number | readonly string[]>>;
}

/**
 * Asks what records are worth that nobody has: the query `detect-worth` with its parameters, and how many records are meant. Filled
 * in as money and customers of a violation, see `detectors/worth.ts`.
 */
export interface Valuation extends Evidence {
  /** Known number of records; without it as many as usual at this time, less what came. */
  readonly records?: number;
  readonly class: FindingMoney['class'];
  /** What the records are, for the method: "missing records". */
  readonly what: string;
  /** The amount may as well be nothing: the range begins at 0. */
  readonly perhaps?: boolean;
  /**
   * Other legs may tell of the very usage, by charging id: what its leg lacks in the stretch (`lacking`), what the file holds (`file`), what of it
   * repeats (`repeats`). What they state takes the place of a mean value.
   */
  readonly known?: 'lacking' | 'file' | 'repeats';
}

/** What one definition says about one cell and window. */
export interface Judgement {
  /** What was judged; the labels of the definition's `scope` and, where it counts piece by piece, more. */
  readonly cell: Readonly<Record<string, string>>;
  readonly state: JudgementState;
  readonly window: Window;
  readonly observed: number;
  readonly expected: number;
  readonly lower: number;
  readonly upper: number;
  readonly unit: string;
  readonly direction: 'up' | 'down' | 'none';
  /** The statistic that was compared with its limit; its name is in the documentation of the definition. */
  readonly statistic: number;
  /** Tail probability of the observation if all were well; 0 = certain, 1 = as expected. */
  readonly p: number;
  readonly money?: FindingMoney;
  readonly customers?: FindingCustomers;
  /** Elements of the topology of one type: the customers behind them, as of `at` (ms), are those of a violation. */
  readonly behind?: { readonly type: string; readonly elements: readonly string[]; readonly at: number };
  /** A query with the columns `segment` and `customers` that counts whom the scope serves; a violation gets `share` of them. */
  readonly affected?: Evidence & { readonly share: number };
  /** Asked for a violation that states no money itself. */
  readonly valued?: Valuation;
  /** Why there is no amount or no number of customers, what is waited for, or which data is missing. */
  readonly note: string;
  /** One line for a list, a person's words: "msc-1: file 37 missing". Without it the title of the definition and the scope. */
  readonly title?: string;
  /** One or two sentences for a person. */
  readonly summary: string;
  readonly beganAt: number;
  readonly evidence: Evidence;
  /** Which values of which dimensions explain it, largest share first. */
  readonly explanation?: readonly Explanation[];
  /** Changes near its beginning, the likeliest first. */
  readonly suspects?: readonly ChangeSuspect[];
  /** Identifiers of records that show it. */
  readonly samples?: readonly string[];
  /** Clock instant at which a `waiting` cell is to be judged again even if nothing arrives. */
  readonly again?: number;
}

/** Texts from which the documentation page is made; steps of what ships are in `detectors/runbooks/`. */
export interface Documentation {
  readonly meaning: string;
  readonly formula: string;
  /** Of a control of one's own: how its amounts are computed. */
  readonly money?: string;
  readonly proof: string;
  readonly recovery: string;
}

/** What a control of one's own has in place of a named query. */
export interface OwnQuery {
  /** A SELECT of the settings; runs as the analyst, who may only read. */
  readonly sql: string;
  /** Columns that need not be there. */
  readonly optional: readonly string[];
  readonly timeoutMs: number;
  /** Person that its incidents are assigned to; empty = nobody. */
  readonly owner: string;
}

export interface Definition<C extends RowColumns = RowColumns> {
  /** Short stable name: S01, usage_volume. */
  readonly identity: string;
  readonly title: string;
  readonly kind: FindingKind;
  /** What its findings touch of the quality of service. */
  readonly rater: Rater;
  readonly metric: string;
  readonly trigger: Trigger;
  /** Of `minute`: judged no more often than this, in ms. Default: every minute. */
  readonly everyMs?: number;
  /** Length of a window for `window-close`, in ms; 0 for the other triggers. */
  readonly windowMs: number;
  /**
   * Most windows of a leg judged at once when many have closed, the latest ones; default 12. Fewer for a definition that looks back over
   * the windows before anyway.
   */
  readonly mostWindows?: number;
  readonly needs: Needs;
  /** `sql/queries/<query>.sql`; which parameters it may use is listed in `docs/controls.md`. */
  readonly query: string;
  /**
   * A control of one's own: its SQL in place of `query`. A window closes when all legs of `needs` are complete, and what its rows do not
   * name is well.
   */
  readonly own?: OwnQuery;
  readonly columns: C;
  /** How far back the parameter `since` of the query lies before the window, in ms. */
  readonly lookbackMs: number;
  readonly limits: readonly Limit[];
  /**
   * Its figures are sums or shares over everything of a window, so that what is missing moves them: its findings state how much of the data had come.
   * Default no: what is wrong in records that came is wrong however many are missing.
   */
  readonly restsOnAll?: boolean;
  /** Labels of a cell that make a finding: cells that differ only in other labels are added up into one. */
  readonly scope: readonly string[];
  /** Labels of the scope that a cell does not have are left out of its finding; without it they are empty. */
  readonly sparse?: boolean;
  /** Names all that is wrong each time it judges: what it no longer names is well. Default: a cell is well once it is judged ok. */
  readonly namesAll?: boolean;
  /** How long a violating cell counts after it was judged, in ms; 0 = until the cell is judged ok. */
  readonly holdMs: number;
  /**
   * So much event time after the last window that was a violation its cell has to be well before its finding clears, in ms: what comes and goes is one
   * finding while it lasts. The very window judged again and found well clears at once. Default: none.
   */
  readonly calmMs?: number;
  /** `all`: an ok is stored once per scope and window too. `marked`: violations and what waits only, where there are thousands of cells. */
  readonly store: 'all' | 'marked';
  evaluate(rows: readonly RowOf<C>[], evaluation: Evaluation): readonly Judgement[];
  /** The summary of several violating cells of one scope; without it the latest cell speaks for all. */
  summarise?(judgements: readonly Judgement[]): string;
  /** The title of several violating cells of one scope; without it the latest cell speaks for all. */
  entitle?(judgements: readonly Judgement[]): string;
  readonly documentation: Documentation;
}

/** Checks nothing, infers the row type: `define({ …, columns: { n: 'number' }, evaluate: (rows) => … })`. */
export function define<const C extends RowColumns>(definition: Definition<C>): Definition {
  return definition as unknown as Definition;
}

/**
 * A limit's value: as set, held within its bounds, or its default. An unknown name is a bug and throws.
 * @example limitOf([{ name: 'z', default: 4, unit: 'z', min: 3, max: 9, description: '' }], { z: 99 }, 'z') // 9
 */
export function limitOf(limits: readonly Limit[], set: Readonly<Record<string, number>> | undefined, name: string): number {
  const limit = limits.find((each) => each.name === name);
  if (!limit) throw new Error(`no limit is called ${name}`);
  const value = set?.[name];
  return value === undefined || !Number.isFinite(value) ? limit.default : Math.min(limit.max, Math.max(limit.min, value));
}

/**
 * The judgement that a cell lacks what the definition needs.
 * @example notApplicable('control-file-sequence', { source: 'web' }, { from: 0, to: 1 }, 'files with sequence numbers').note // 'not applicable, needs files with sequence numbers'
 */
export function notApplicable(query: string, cell: Readonly<Record<string, string>>, window: Window, needs: string): Judgement {
  return { ...calm(cell, window), state: 'not_applicable', note: `not applicable, needs ${needs}`, evidence: { query, params: {} } };
}

/** A judgement with nothing in it, to spread: state ok, all figures 0, p 1. */
export function calm(cell: Readonly<Record<string, string>>, window: Window): Judgement {
  return {
    cell,
    state: 'ok',
    window,
    observed: 0,
    expected: 0,
    lower: 0,
    upper: 0,
    unit: '',
    direction: 'none',
    statistic: 0,
    p: 1,
    note: '',
    summary: '',
    beganAt: window.from,
    evidence: { query: '', params: {} },
  };
}
