/** The figures of the benchmark as text: all together, by control, what was missed and what was false, each with its reason. */
import type { Alarm } from './alarms.ts';
import type { AlarmScore, LeakScore } from './score.ts';

/** What the worlds gave together. */
export interface Total {
  readonly leaks: readonly (LeakScore & { readonly world: number; readonly why: string })[];
  readonly alarms: readonly (AlarmScore & { readonly world: number })[];
  /** Days on which a control could judge, by control. */
  readonly controlDays: Readonly<Record<string, number>>;
}

const percent = (ratio: number): string => (Number.isNaN(ratio) ? '–' : `${(100 * ratio).toFixed(ratio < 0.1 ? 1 : 0)} %`);

/** The value below which half of the values lie; NaN of nothing. */
export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length === 0 ? Number.NaN : sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Columns aligned: the first to the left, the others to the right. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, at) => Math.max(...rows.map((row) => row[at]!.length)));
  return rows.map((row) => row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!))).join('  ')).join('\n');
}

function figures(leaks: readonly LeakScore[]): readonly string[] {
  const counted = leaks.filter(({ counts }) => counts);
  const found = counted.filter(({ alarm }) => alarm);
  const itself = counted.filter(({ byItself }) => byItself);
  const errors = found.map(({ moneyError }) => moneyError).filter((error) => !Number.isNaN(error));
  const windows = found.map((leak) => leak.windows).filter((each) => !Number.isNaN(each));
  const causes = found.flatMap(({ cause }) => (cause === undefined ? [] : [cause]));
  return [
    `${counted.length}`,
    `${found.length}`,
    `${itself.length}`,
    percent(counted.length === 0 ? Number.NaN : found.length / counted.length),
    percent(medianOf(errors)),
    percent(errors.length === 0 ? Number.NaN : windows.filter((each) => each === 0).length / windows.length),
    percent(errors.length === 0 ? Number.NaN : windows.filter((each) => each <= 1).length / windows.length),
    causes.length === 0 ? '–' : `${causes.filter(Boolean).length}/${causes.length}`,
  ];
}

const isFalse = ({ found, related }: AlarmScore): boolean => !found && !related;

/** The table by control and all together. */
export function byControl({ leaks, alarms, controlDays }: Total): string {
  const names = [...new Set([...Object.keys(controlDays), ...leaks.map(({ truth }) => truth.control)])].sort();
  const rate = (wrong: number, days: number): string => (days === 0 ? '–' : ((100 * wrong) / days).toFixed(2));
  const row = (name: string, own: readonly LeakScore[], said: readonly AlarmScore[], days: number): readonly string[] => {
    const wrong = said.filter(isFalse).length;
    return [name, ...figures(own), `${said.length}`, `${wrong}`, days.toFixed(0), rate(wrong, days)];
  };
  const all = Object.values(controlDays).reduce((sum, each) => sum + each, 0);
  return table([
    ['control', 'planted', 'found', 'by itself', 'ratio', 'money', 'at once', '1 window', 'cause', 'alarms', 'false', 'days', 'per 100'],
    ...names.map((name) =>
      row(
        name,
        leaks.filter(({ truth }) => truth.control === name),
        alarms.filter(({ alarm }) => alarm.control === name),
        controlDays[name] ?? 0,
      ),
    ),
    row('all', leaks, alarms, all),
  ]);
}

const short = (instant: number): string =>
  Number.isFinite(instant) ? new Date(instant).toISOString().slice(5, 16).replace('T', ' ') : 'the end';
const labels = (scope: Readonly<Record<string, string>>): string =>
  Object.entries(scope)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');

/** One leak in a line. */
export function leakLine({ truth, money, due, windows, alarm, world, why, cause }: Total['leaks'][number]): string {
  const stated = Number.isNaN(money) ? 'no amount' : `${(money / 1e6).toFixed(2)} of ${(due / 1e6).toFixed(2)}`;
  const how = alarm
    ? `${alarm.control} after ${windows} windows, ${stated}${cause === undefined ? '' : cause ? ', cause right' : ', cause wrong'}`
    : `missed: ${why}`;
  return `${world} ${truth.control} ${truth.scenario} (${truth.onset}, ${(100 * truth.share).toFixed(1)} %) ${labels(truth.scope)}; ${short(truth.from)} to ${short(truth.to)}; ${truth.records} records, ${(truth.money / 1e6).toFixed(2)}: ${how}`;
}

/** One alarm in a line. */
export function alarmLine({ alarm, world }: { readonly alarm: Alarm; readonly world: number }): string {
  const [first, last] = [alarm.words[0]!.finding, alarm.words.at(-1)!.finding];
  return `${world} ${alarm.control} ${short(alarm.opened)} to ${short(alarm.closed)} (${labels(alarm.scope)}): ${first.title}; ${last.money?.amount ?? 'no amount'}, since ${short(Date.parse(first.began_at))}`;
}

/** Everything that was missed and everything that was false. */
export function particulars({ leaks, alarms }: Total): string {
  const missed = leaks.filter(({ counts, alarm }) => counts && !alarm);
  const wrong = alarms.filter(isFalse);
  return [
    `missed: ${missed.length}`,
    ...missed.map((each) => `  ${leakLine(each)}`),
    `false alarms: ${wrong.length}`,
    ...wrong.map((each) => `  ${alarmLine(each)}`),
  ].join('\n');
}
