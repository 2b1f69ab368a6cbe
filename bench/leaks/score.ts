/**
 * Findings against the truth. Nothing here knows a limit of a control: what opened is either about a planted leak, by the rules below, or it
 * is a false alarm. Pure; the words are defined in bench/README.md.
 */
import type { Truth } from '../../simulator/index.ts';
import { type Alarm, beganAt } from './alarms.ts';
import { type Hourly, within } from './hourly.ts';
import { legsOfAlarm, legsOfTruth, related } from './relations.ts';

const hour = 3_600_000;
const day = 24 * hour;

/** How the truth of a leak grew. */
export interface Done {
  readonly at: number;
  readonly records: number;
  readonly money: number;
}

export interface Planted {
  readonly truth: Truth;
  readonly done: readonly Done[];
  /** What it did to usage, by the hour in which that began. Default: not known. */
  readonly hourly?: Hourly;
}

/** How far each leg was complete at an instant of the clock, event time. */
export interface Completeness {
  readonly at: number;
  readonly legs: Readonly<Record<string, number>>;
}

/** What the scorer has to know of a control. */
export interface ControlFacts {
  readonly identity: string;
  readonly metric: string;
  /** `batch-stored`, `minute`, `window-close` or `nightly`. */
  readonly trigger: string;
  readonly windowMs: number;
}

export interface Scene {
  readonly alarms: readonly Alarm[];
  readonly planted: readonly Planted[];
  readonly complete: readonly Completeness[];
  readonly controls: readonly ControlFacts[];
  /** Micro-units below which a leak need not be found. */
  readonly floor: (truth: Truth) => number;
  /** Time between two looks, ms. Default: an hour. */
  readonly lookMs?: number;
  /** When files came, by source, ms in order: a missing file shows when the next one comes. */
  readonly arrivals?: Readonly<Record<string, readonly number[]>>;
  /** Event time up to which was watched: leaks that end later do not count, found or not. Default: all count. */
  readonly watchedTo?: number;
}

/** One leak and what became of it. */
export interface LeakScore {
  readonly truth: Truth;
  /** Above the money floor; the others are listed and do not count. */
  readonly counts: boolean;
  /** The alarm of the control that has to find it, else of one that sees it with the same right. */
  readonly alarm: Alarm | undefined;
  /** Found by the control itself. */
  readonly byItself: boolean;
  /** Amount that the findings stated, micro-units; NaN = none. */
  readonly money: number;
  /** What the leak really cost in the stretch that the findings stated, micro-units. */
  readonly due: number;
  /** |money - due| / due; 1 where no amount was stated; NaN where the leak costs nothing or was not found. */
  readonly moneyError: number;
  /** From the completion of the first window that it touches to the alarm, in windows of the control, whole or begun; 0 = at once. NaN where not found. */
  readonly windows: number;
  /** Whether the cause was named rightly; undefined where the explainer did not speak or nothing is to be named. */
  readonly cause: boolean | undefined;
}

export interface AlarmScore {
  readonly alarm: Alarm;
  /** Leak that it found. */
  readonly found: Truth | undefined;
  /** Leak whose records it is about although another control has to find it. */
  readonly related: Truth | undefined;
}

export interface Scored {
  readonly leaks: readonly LeakScore[];
  readonly alarms: readonly AlarmScore[];
}

/** Labels of an alarm, with the dimension of S07 and the place in a cause of a reconciliation under their own names. */
export function labelsOf({ scope }: Pick<Alarm, 'scope'>): Readonly<Record<string, string>> {
  const { dimension, value, ...rest } = scope;
  const place = /\/where\/(.+)$/.exec(rest['cause'] ?? '')?.[1] ?? '';
  const places = place === '' ? [] : place.split(', ').map((each) => [each.slice(0, each.indexOf(' ')), each.slice(each.indexOf(' ') + 1)]);
  return { ...rest, ...(dimension ? { [dimension]: value ?? '' } : {}), ...Object.fromEntries(places) };
}

/** Usage that does not reach a leg is missing there and nowhere else: breaks of the other side are about something else. */
function sidesMeet({ scope }: Truth, alarm: Alarm): boolean {
  // What an invoice says is not what a usage file says.
  if (alarm.scope['invoice'] && scope['source']) return false;
  const [side] = (alarm.scope['cause'] ?? '').split('/');
  return !scope['from'] || !scope['to'] || !side || side === 'mismatch' || side === 'a_only';
}

/** Whether no label that both state is another; an empty one stands for all. */
export function fits(truth: Readonly<Record<string, string>>, alarm: Readonly<Record<string, string>>): boolean {
  return Object.entries(truth).every(([name, value]) => !alarm[name] || value === '' || alarm[name] === value);
}

/** Scope of a leak as a control may word it: the names of checks are those of the control that has to find it. */
function scopeFor({ control, scope }: Truth, by: string): Readonly<Record<string, string>> {
  const { check, ...rest } = scope;
  return by === control ? scope : rest;
}

/** How long after its end a leak may still be found: what is judged nightly looks a day back, unknown subscribers wait for a snapshot. */
const patience = 3 * day;
/** An invoice is about a period, and what is wrong with it began with that. */
const billing = 5 * day;
/** An alarm may state a beginning so much before the leak: the hour it fell into, the file before, the day for what is nightly, the period of an invoice. */
const slackOf = ({ scope, control }: Alarm, facts: ControlFacts | undefined): number =>
  Math.max(scope['invoice'] || control === 'N02' ? billing : 6 * hour, facts?.windowMs ?? 0, facts?.trigger === 'nightly' ? 2 * day : 0);

/** Whether an alarm can be about the time of a leak: opened or raised after it began, and beginning neither long before nor after it. */
function timely(alarm: Alarm, truth: Truth, facts: ControlFacts | undefined): boolean {
  const began = beganAt(alarm);
  return (
    alarm.opened > truth.from &&
    alarm.opened <= truth.to + patience &&
    began >= truth.from - slackOf(alarm, facts) &&
    began <= truth.to + 2 * hour
  );
}

export function score(scene: Scene): Scored {
  const { alarms, planted } = scene;
  const facts = new Map(scene.controls.map((each) => [`${each.identity}/${each.metric}`, each]));
  const factsOf = (alarm: Alarm): ControlFacts | undefined => facts.get(`${alarm.control}/${alarm.metric}`);
  const real = planted.filter(({ truth }) => truth.nature !== 'innocent');
  const about = (truth: Truth, control: string): readonly Alarm[] =>
    alarms.filter(
      (alarm) =>
        alarm.control === control &&
        fits(scopeFor(truth, control), labelsOf(alarm)) &&
        legsMeet(truth, alarm) &&
        sidesMeet(truth, alarm) &&
        timely(alarm, truth, factsOf(alarm)),
    );
  const taken = new Map<Alarm, Truth>();
  const leaks = real.map((each): LeakScore => {
    const { truth } = each;
    const own = about(truth, truth.control);
    const others = truth.also.flatMap((control) => about(truth, control));
    for (const alarm of [...own, ...others]) if (!taken.has(alarm)) taken.set(alarm, truth);
    const alarm = own[0] ?? others[0];
    const whole = truth.to <= (scene.watchedTo ?? Number.POSITIVE_INFINITY);
    const counts = whole && truth.records > 0 && truth.money >= scene.floor(truth);
    if (!alarm)
      return {
        truth,
        counts,
        alarm,
        byItself: false,
        money: Number.NaN,
        due: Number.NaN,
        moneyError: Number.NaN,
        windows: Number.NaN,
        cause: undefined,
      };
    const telling = own.length > 0 ? tellingOf(own, truth, real, about) : others.slice(0, 1);
    const { stated: money, real: due } = byMetric(telling)
      .map((alarms) => amountOf(alarms, siblingsOf(each, real), factsOf))
      .reduce((most, one) =>
        Number.isNaN(most.stated) || one.real > most.real || (one.real === most.real && one.stated > most.stated) ? one : most,
      );
    return {
      truth,
      counts,
      alarm,
      byItself: own.length > 0,
      money,
      due,
      moneyError: truth.money === 0 ? Number.NaN : Number.isNaN(money) ? 1 : Math.abs(money - due) / due,
      windows: windowsOf(alarm, each, factsOf(alarm), scene),
      cause: causeNamed(own.length > 0 ? own : others, truth),
    };
  });
  return {
    leaks,
    alarms: alarms.map((alarm) => ({
      alarm,
      found: taken.get(alarm),
      related: taken.has(alarm) ? undefined : real.map(({ truth }) => truth).find((truth) => isRelated(alarm, truth, factsOf(alarm))),
    })),
  };
}

const patternOf = (alarm: Alarm): string | undefined => alarm.scope['cause']?.split('/')[1];

/**
 * Alarms whose amounts are those of a leak. Each cause of a reconciliation is a finding of its own: those that name the pattern of the leak, else those that
 * do not name that of another leak which they are about as well.
 */
function tellingOf(
  own: readonly Alarm[],
  truth: Truth,
  all: readonly Planted[],
  about: (truth: Truth, control: string) => readonly Alarm[],
): readonly Alarm[] {
  const isOthers = (alarm: Alarm): boolean => {
    const pattern = patternOf(alarm);
    return (
      pattern !== undefined &&
      pattern !== truth.cause?.pattern &&
      all.some(({ truth: other }) => other !== truth && other.cause?.pattern === pattern && about(other, alarm.control).includes(alarm))
    );
  };
  const named = truth.cause ? own.filter((alarm) => patternOf(alarm) === truth.cause?.pattern) : [];
  const left = named.length > 0 ? named : own.filter((alarm) => !isOthers(alarm));
  return left.length > 0 ? left : own;
}

/** Two metrics of a control see the same money: the one that is about most of the leak counts. */
function byMetric(alarms: readonly Alarm[]): readonly (readonly Alarm[])[] {
  return [...new Set(alarms.map(({ metric }) => metric))].map((name) => alarms.filter(({ metric }) => metric === name));
}

function legsMeet(truth: Truth, alarm: Alarm): boolean {
  const [a, b] = [legsOfTruth(truth), legsOfAlarm(alarm)];
  return a.length === 0 || b.length === 0 || a.some((leg) => b.includes(leg));
}

/** About the same records in the same time, by a control that rightly tells of such leaks: see `related`. */
function isRelated(alarm: Alarm, truth: Truth, facts: ControlFacts | undefined): boolean {
  return (
    related(truth.control).includes(alarm.control) &&
    fits(scopeFor(truth, alarm.control), labelsOf(alarm)) &&
    legsMeet(truth, alarm) &&
    sidesMeet(truth, alarm) &&
    timely(alarm, truth, facts)
  );
}

/** Delay between the end of usage and its record, as far as it matters: that of the host. */
const delayOf = (truth: Truth): number => (truth.scope['source'] === 'host-wholesale' ? 45 * 60_000 : 0);

/** A leak and those of the same control and scope that stand at the same time: one finding tells of all. */
function siblingsOf({ truth }: Planted, all: readonly Planted[]): readonly Planted[] {
  const scope = JSON.stringify(truth.scope);
  return all.filter(
    ({ truth: other }) =>
      other.control === truth.control && JSON.stringify(other.scope) === scope && other.from < truth.to && truth.from < other.to,
  );
}

/** What a leak cost in a stretch of event time: hour by hour where all that it did was done to usage, else evenly between the looks. */
function costIn(planted: readonly Planted[], from: number, to: number): number {
  return planted.reduce((sum, each) => {
    const { truth, hourly = [] } = each;
    const known = within(hourly, 0, Number.POSITIVE_INFINITY);
    return sum + (known > 0 && known > 0.99 * truth.money ? within(hourly, from, to) : costOf(each, to) - costOf(each, from));
  }, 0);
}

/** What a leak had cost by an instant of event time, evenly between the looks. */
function costUpTo(planted: readonly Planted[], at: number): number {
  return planted.reduce((sum, each) => sum + costOf(each, at), 0);
}

function costOf({ truth, done }: Planted, at: number): number {
  const after = done.findIndex((each) => each.at >= at + delayOf(truth));
  if (after === -1) return truth.money;
  const [before, next] = [done[after - 1], done[after]!];
  if (before === undefined) return at + delayOf(truth) >= next.at ? next.money : 0;
  return before.money + ((next.money - before.money) * (at + delayOf(truth) - before.at)) / (next.at - before.at);
}

interface Figures {
  readonly stated: number;
  readonly real: number;
  /** Of event time; missing = all until it was said. */
  readonly stretch?: readonly [number, number];
}

/** About an invoice: what is wrong with it costs when it is written, after the period that is its window. */
const isOfInvoice = ({ detector, scope }: Alarm['words'][number]['finding']): boolean => detector === 'N02' || !!scope['invoice'];

/** Judged on arrival, and its window is the stretch in which what it adds up took place. */
const statesItsStretch = ({ detector }: Alarm['words'][number]['finding']): boolean => detector === 'S12';

/** A word with its amount and what is true of the stretch that it is about: its window of event time, or where it has none, all until it was said. */
function figuresOf({ at, finding }: Alarm['words'][number], planted: readonly Planted[], trigger: string): Figures {
  const { money, window } = finding;
  const [from, to] = [Date.parse(window.from), Date.parse(window.to)];
  const stated = money ? Math.round(Number(money.amount) * 1e6) : Number.NaN;
  const own =
    !isOfInvoice(finding) &&
    (trigger === 'window-close' ||
      ((trigger === 'nightly' || statesItsStretch(finding)) && to - from > hour) ||
      (trigger === 'minute' && to - from >= day));
  const real = own ? costIn(planted, from, to) : costUpTo(planted, at);
  return { stated, real, ...(own ? { stretch: [from, to] as const } : {}) };
}

/**
 * The amounts that findings about a leak stated: of each finding the word that was about most of the leak (of those the one that says most). Findings
 * of different scopes are added up.
 */
function amountOf(
  alarms: readonly Alarm[],
  planted: readonly Planted[],
  factsOf: (alarm: Alarm) => ControlFacts | undefined,
): { readonly stated: number; readonly real: number } {
  const best = new Map<string, Figures>();
  for (const alarm of alarms) {
    const { key, words } = alarm;
    for (const word of words) {
      const figures = figuresOf(word, planted, factsOf(alarm)?.trigger ?? '');
      const known = best.get(key);
      const more = !known || figures.real > known.real || (figures.real === known.real && !(figures.stated <= known.stated));
      if (!Number.isNaN(figures.stated) && figures.real > 0 && more) best.set(key, figures);
    }
  }
  const all = [...best.values()];
  if (all.length === 0) return { stated: Number.NaN, real: planted.reduce((sum, { truth }) => sum + truth.money, 0) };
  const stretches = unionOf(all.flatMap(({ stretch }) => (stretch ? [stretch] : [])));
  const together = stretches.reduce((sum, [from, to]) => sum + costIn(planted, from, to), 0);
  return { stated: all.reduce((sum, { stated }) => sum + stated, 0), real: Math.max(together, ...all.map(({ real }) => real)) };
}

/** Stretches without what they share: findings of one leak may be about one day or about several. */
function unionOf(stretches: readonly (readonly [number, number])[]): readonly (readonly [number, number])[] {
  const union: [number, number][] = [];
  for (const [from, to] of [...stretches].sort((a, b) => a[0] - b[0])) {
    const last = union.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else union.push([from, to]);
  }
  return union;
}

/**
 * Windows between the moment when the first window that the leak touches was complete on all legs that the alarm compares, and the alarm.
 * Of what is judged when it arrives: from the arrival of what shows it.
 */
function windowsOf(
  alarm: Alarm,
  { truth, done }: Planted,
  facts: ControlFacts | undefined,
  { complete, arrivals, lookMs = hour }: Scene,
): number {
  const begun = done.find(({ records }) => records > 0)?.at ?? truth.from;
  const next =
    alarm.control === 'S01' || alarm.scope['what'] === 'file'
      ? arrivals?.[truth.scope['source'] ?? '']?.find((at) => at > begun)
      : undefined;
  // What was held back shows to the control of late usage when it comes.
  const first = next ?? (alarm.control === truth.control && truth.comesAt !== undefined ? truth.comesAt : begun);
  const judged = alarm.words[0]!.finding.window;
  const length = Math.max(
    lookMs,
    facts?.windowMs ?? 0,
    facts?.trigger === 'nightly' || comparesDays(alarm) ? day : 0,
    facts?.trigger === 'window-close' ? Date.parse(judged.to) - Date.parse(judged.from) : 0,
  );
  let ready = first;
  if (facts?.trigger === 'window-close' || facts?.trigger === 'minute') {
    const legs = legsOfAlarm(alarm);
    const windowMs = Math.max(facts.windowMs, comparesDays(alarm) ? day : 0);
    const ends = windowMs === 0 ? first : (Math.floor(truth.from / windowMs) + 1) * windowMs;
    ready = complete.find(({ legs: of }) => legs.every((leg) => (of[leg] ?? 0) >= ends))?.at ?? first;
  }
  // What is told at the look that brought the last piece is told at once.
  return Math.max(0, Math.ceil((alarm.opened - ready - lookMs / 2) / length));
}

const comparesDays = ({ control }: Alarm): boolean => control === 'S08' || control === 'S09';

/** The explainer speaks through dimensions, or through the pattern in the name of a cause. */
function causeNamed(alarms: readonly Alarm[], truth: Truth): boolean | undefined {
  const spoken = alarms.filter(({ words, scope }) => scope['cause'] || words.some(({ finding }) => finding.explanation.length > 0));
  if (spoken.length === 0) return undefined;
  return spoken.some((alarm) => namesRightly(alarm, truth));
}

function namesRightly(alarm: Alarm, truth: Truth): boolean {
  const said = alarm.words.flatMap(({ finding }) => finding.explanation.slice(0, 1).map(({ dimensions }) => dimensions));
  const { cause } = truth;
  if (alarm.scope['cause'] && cause) {
    const [, pattern] = alarm.scope['cause'].split('/');
    if (pattern !== cause.pattern) return false;
  }
  const wanted = Object.entries(cause?.dimensions ?? truth.scope);
  const last = said.at(-1) ?? {};
  const shared = wanted.filter(([name]) => name in last);
  if (wanted.some(([name]) => ['node', 'plan', 'prefix', 'zone', 'route'].includes(name)) && Object.keys(last).length > 0)
    return shared.length > 0 && shared.every(([name, value]) => last[name] === value);
  return shared.every(([name, value]) => last[name] === value);
}
