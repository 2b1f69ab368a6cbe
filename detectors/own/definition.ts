/** A control of one's own as a definition: what an analyst writes in the settings goes through the same frame as what ships. */
import {
  calm,
  type Definition,
  define,
  type Evaluation,
  type Evidence,
  type Judgement,
  type Limit,
  type Trigger,
} from '../../core/definition.ts';
import type { FindingMoney } from '../../core/finding.ts';
import type { RowOf, RowType } from '../../core/row.ts';
import type { ControlSettings } from '../../core/settings/control.ts';
import { amountOf } from '../controls/amount.ts';
import { counted, figure, percent, utc } from '../controls/texts.ts';

/** Columns that every query of one's own gives, or may give, beside its dimensions. */
const figures = {
  window_from: 'instant',
  window_to: 'instant',
  observed: 'number',
  expected: 'number',
  money: 'maybe_money',
  money_low: 'maybe_money',
  money_high: 'maybe_money',
  customers: 'maybe_number',
  samples: 'texts',
} as const;

const needed: readonly string[] = ['observed', 'expected'];

/** Names that a dimension cannot have. */
export const reservedColumns: readonly string[] = Object.keys(figures);

/** Most rows of one run; a query that gives more fails and says so. */
export const mostOwnRows = 1000;

/** Limits of every control of one's own. */
export const ownLimits: readonly Limit[] = [
  {
    name: 'share',
    default: 0,
    unit: 'ratio',
    min: 0,
    max: 1e6,
    description: 'Difference over what is expected from which on it is a violation, e.g. 0.01 for 1 %',
    learns: 'up',
  },
  {
    name: 'difference',
    default: 0,
    unit: 'of the figures',
    min: 0,
    max: 1e15,
    description: 'Difference from which on it is a violation; both this and the share must be exceeded',
    learns: 'up',
  },
  {
    name: 'money',
    default: 0,
    unit: 'currency',
    min: 0,
    max: 1e12,
    description: 'Money gate: amount below which nothing is said, where the query states one',
    learns: 'up',
  },
];

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

type Row = RowOf<typeof figures> & Readonly<Record<string, unknown>>;

/** Whether an entry of `controls` is a control of one's own. */
export function isOwn({ sql, sqlFile }: Pick<ControlSettings, 'sql' | 'sqlFile'>): boolean {
  return sql !== undefined || sqlFile !== undefined;
}

function triggerOf({ trigger, legs = [] }: ControlSettings): Trigger {
  return trigger ?? (legs.length > 0 ? 'window-close' : 'nightly');
}

const opposite: Readonly<Record<string, FindingMoney['class']>> = { leakage: 'over_charge', over_charge: 'leakage', risk: 'risk' };

/** The amount of a row; a negative one changes sides. */
function moneyOf(
  row: Row,
  name: string,
  { moneyClass = 'leakage', moneyMethod }: ControlSettings,
  currency: string,
): FindingMoney | undefined {
  if (row.money === null || row.money === 0) return undefined;
  const negative = row.money < 0;
  const ends = [row.money_low, row.money_high].flatMap((each) => (each === null ? [] : [negative ? -each : each])).sort((a, b) => a - b);
  return amountOf(
    {
      micro: Math.abs(row.money),
      ...(ends.length === 2 ? { low: Math.max(0, ends[0]!), high: Math.max(0, ends[1]!) } : {}),
      class: negative ? opposite[moneyClass]! : moneyClass,
      method: moneyMethod ?? `column money of the query of ${name}`,
    },
    currency,
  );
}

function titled(
  title: string,
  place: string,
  { observed, expected }: { readonly observed: number; readonly expected: number },
  unit: string,
): string {
  return `${place === '' ? '' : `${place}: `}${title}, ${figure(observed)} ${unit} instead of ${figure(expected)}`;
}

/** The query again, for one cell. */
function evidenceOf(
  sql: string,
  cell: Readonly<Record<string, string>>,
  { tenant, window, leg, currency, instant, sources }: Evaluation,
  since: number,
): Evidence {
  const iso = (at: number): string => new Date(at).toISOString().slice(0, 23).replace('T', ' ');
  const labels = Object.keys(cell);
  const where = labels.map((label) => `toString(\`${label}\`) = {cell_${label}:String}`);
  return {
    query: '',
    sql: where.length === 0 ? sql : `SELECT *\nFROM\n(\n${sql}\n)\nWHERE ${where.join(' AND ')}`,
    params: {
      tenant,
      leg,
      currency,
      sources,
      from: iso(window.from),
      to: iso(window.to),
      since: iso(since),
      instant: iso(instant),
      ...Object.fromEntries(labels.map((label) => [`cell_${label}`, cell[label]!])),
    },
  };
}

function judge(row: Row, name: string, settings: ControlSettings, evaluation: Evaluation): Judgement {
  const { limit, window, currency } = evaluation;
  const { dimensions = [], unit = 'records', direction = 'both', title = name, sql = '' } = settings;
  const own = row.window_from > 0 && row.window_to > row.window_from;
  const judged = own ? { from: row.window_from, to: row.window_to } : window;
  const cell = Object.fromEntries(dimensions.map((dimension) => [dimension, String(row[dimension])]));
  const difference = row.observed - row.expected;
  const size = Math.abs(difference);
  // What floats differ by is no difference.
  const counts = size > 1e-9 * Math.max(Math.abs(row.observed), Math.abs(row.expected));
  const share = row.expected === 0 ? (counts ? 1 : 0) : size / Math.abs(row.expected);
  const side = difference < 0 ? 'down' : 'up';
  const money = moneyOf(row, name, settings, currency);
  const found =
    counts &&
    (direction === 'both' || direction === side) &&
    size > limit('difference') &&
    (row.expected === 0 || share > limit('share')) &&
    (money === undefined || Number(money.amount) >= limit('money'));
  const place = Object.values(cell).filter(Boolean).join(', ');
  const customers = Math.round(row.customers ?? 0);
  return {
    // Windows of one place add up as long as it goes on; see the board.
    ...calm(
      own || (found && triggerOf(settings) === 'window-close') ? { ...cell, window: new Date(judged.from).toISOString() } : cell,
      judged,
    ),
    state: found ? 'violation' : 'ok',
    observed: row.observed,
    expected: row.expected,
    lower: row.expected - Math.max(limit('difference'), limit('share') * Math.abs(row.expected)),
    upper: row.expected + Math.max(limit('difference'), limit('share') * Math.abs(row.expected)),
    unit,
    direction: counts ? side : 'none',
    statistic: share,
    p: found ? 0 : 1,
    ...(found && money ? { money } : {}),
    ...(found && customers > 0 ? { customers: { count: customers, segments: {} } } : {}),
    note: found && !money ? 'no amount: the query states none' : '',
    title: titled(title, place, row, unit),
    summary: `${title}${place === '' ? '' : ` (${place})`}: ${figure(row.observed)} ${unit}, expected ${figure(row.expected)}${
      row.expected === 0 ? '' : ` (${difference < 0 ? '-' : '+'}${percent(share)})`
    }; ${utc(judged.from)} to ${utc(judged.to)}.`,
    beganAt: judged.from,
    ...(found ? { samples: row.samples.slice(0, 10) } : {}),
    evidence: evidenceOf(
      sql,
      cell,
      evaluation,
      (triggerOf(settings) === 'window-close' ? window.from : evaluation.instant) - (settings.lookbackHours ?? 0) * hourMs,
    ),
  };
}

/**
 * A control of one's own.
 * @param name its key in the settings
 * @param settings with `sql`, a file read into it
 * @example ownControl('free_calls', { enabled: true, limits: {}, sql: 'SELECT 1 AS observed, 0 AS expected' }).trigger // 'nightly'
 */
export function ownControl(name: string, settings: ControlSettings): Definition {
  const { dimensions = [], legs = [], title = name, kind = 'revenue', lookbackHours = 0, windowMinutes = 60, sql = '' } = settings;
  const trigger = triggerOf(settings);
  const columns: Record<string, RowType> = { ...figures, ...Object.fromEntries(dimensions.map((dimension) => [dimension, 'text'])) };
  return define({
    identity: name,
    title,
    kind,
    rater: kind === 'service' ? 'reliability' : 'assurance',
    metric: 'own',
    trigger,
    windowMs: trigger === 'window-close' ? windowMinutes * 60_000 : 0,
    needs: {
      legs,
      tables: [],
      data: legs.length > 0 ? `records of ${legs.map((leg) => `leg ${leg}`).join(' and ')}` : 'what its query reads',
    },
    query: '',
    own: {
      sql,
      optional: reservedColumns.filter((column) => !needed.includes(column)),
      timeoutMs: (settings.timeoutSeconds ?? 10) * 1000,
      owner: settings.owner ?? '',
    },
    columns,
    lookbackMs: lookbackHours * hourMs,
    limits: ownLimits,
    scope: dimensions,
    holdMs: 0,
    store: 'all',
    evaluate(rows, evaluation) {
      if (rows.length > 0) return rows.map((row) => judge(row as Row, name, settings, evaluation));
      return [{ ...calm({}, evaluation.window), summary: 'The query gave no rows.', unit: settings.unit ?? 'records' }];
    },
    entitle(judgements) {
      const sum = (of: (judgement: Judgement) => number) => judgements.reduce((total, each) => total + of(each), 0);
      const place = dimensions
        .map((dimension) => judgements[0]!.cell[dimension])
        .filter(Boolean)
        .join(', ');
      const total = { observed: sum(({ observed }) => observed), expected: sum(({ expected }) => expected) };
      return titled(title, place, total, settings.unit ?? 'records');
    },
    summarise: (judgements) =>
      `${judgements.at(-1)!.summary} ${counted(judgements.length, 'window')} in all since ${utc(Math.min(...judgements.map(({ beganAt }) => beganAt)))}.`,
    documentation: {
      meaning: settings.text ?? `A control of your own, ${name} in the settings.`,
      formula: `observed against expected of each row of its query, ${dimensions.length === 0 ? 'as a whole' : `by ${dimensions.join(', ')}`}; violation where the difference exceeds the limits share and difference, and the amount the limit money. Statistic: difference / expected.`,
      money: settings.moneyMethod ?? 'The column money of its query.',
      proof: settings.proof ?? 'Run the SQL of the finding: it is the query itself, for the window and the place of the finding.',
      recovery: settings.recovery ?? 'Not stated: recovery in the settings of the control.',
    },
  });
}

/** The window of an own control that goes by the clock: the day before, for what is judged at night. */
export function ownWindow(instant: number): { readonly from: number; readonly to: number } {
  const to = Math.floor(instant / dayMs) * dayMs;
  return { from: to - dayMs, to };
}

/**
 * The controls of one's own among the entries of `controls`, in the order of the settings.
 * @example ownControls({ S01: { enabled: true, limits: {} } }) // []
 */
export function ownControls(controls: Readonly<Record<string, ControlSettings>>): readonly Definition[] {
  return Object.entries(controls)
    .filter(([, settings]) => isOwn(settings))
    .map(([name, settings]) => ownControl(name, settings));
}
