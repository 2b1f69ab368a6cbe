/** Runs one definition: its query, the check of its rows, its function. What goes wrong is a value, so that the others go on. */
import {
  type Definition,
  type Evaluation,
  type Judgement,
  notApplicable,
  type SourceFacts,
  type Valuation,
} from '../../core/definition.ts';
import type { FindingCustomers, Window } from '../../core/finding.ts';
import { type RowOf, readRows, writeInstant } from '../../core/row.ts';
import type { Settings } from '../../core/settings/index.ts';
import type { VerdictCounts } from '../../detectors/budget/learn.ts';
import { ownWindow } from '../../detectors/own/index.ts';
import { type KnownWorth, knownColumns, worthColumns, worthOfRecords } from '../../detectors/worth.ts';
import { type Calendars, createCalendars } from '../calendar/calendar.ts';
import { type AskAnalyst, askOwn } from '../own/ask.ts';
import { customersBehind } from '../topology/customers.ts';
import type { Asked } from './asked.ts';
import { learnedLimit, learnedLimits, learnedText } from './learned.ts';
import type { DetectionStore } from './port.ts';

/** What is to be judged. */
export interface Occasion {
  readonly instant: number;
  readonly window: Window;
  readonly sources: readonly string[];
  /** Earliest planning of what was stored since the last look; the window's start for the other triggers. */
  readonly changedFrom: number;
  /** Latest planning of it; the window's end for the other triggers. */
  readonly changedTo: number;
  /** When this loop began to look. */
  readonly watchingSince: number;
  /** Leg whose window closed; empty for the other triggers. */
  readonly leg: string;
  /** How far the legs are complete, ms since 1970 UTC. */
  readonly complete?: ReadonlyMap<string, number>;
  /** What was asked last in the same look. */
  readonly asked?: Asked;
  /** When what stands at a cell began, ms; undefined = nothing stands there. */
  readonly beganAt?: (cell: Judgement['cell']) => number | undefined;
}

export type RunResult = { readonly ok: true; readonly judgements: readonly Judgement[] } | { readonly ok: false; readonly error: string };

/** Longest time a query of a control may take. */
const queryDeadlineMs = 30_000;

/** What the settings say of a source, as controls understand it. */
export function sourceFacts(settings: Settings, name: string): SourceFacts {
  const source = settings.sources[name];
  if (!source) return {};
  const files = source.type === 'file' || source.type === 'sftp' || source.type === 's3' ? source : undefined;
  const sequence = files?.sequence;
  return {
    type: source.type,
    ...(source.leg === undefined ? {} : { leg: source.leg }),
    ...(sequence?.wrapsAt === undefined
      ? {}
      : { sequence: { first: sequence.restartsAt, last: sequence.wrapsAt, reset: 'none' as const } }),
    ...(files?.deliveredWithinSeconds !== undefined ? { withinSeconds: files.deliveredWithinSeconds } : {}),
    ...(files?.expectedEverySeconds !== undefined ? { everySeconds: files.expectedEverySeconds } : {}),
  };
}

/** The parameters that every query of a definition may use. Listed in docs/controls.md. */
export function queryParams(
  definition: Definition,
  { tenant, currency, timeZone, service, lifeCycle }: Settings,
  occasion: Occasion,
): Record<string, unknown> {
  const { statusMetrics, powerMetrics, uptimeMetrics } = service;
  const before = definition.trigger === 'window-close' ? occasion.window.from : occasion.instant;
  return {
    tenant,
    sources: occasion.sources,
    leg: occasion.leg,
    currency,
    time_zone: timeZone,
    instant: writeInstant(occasion.instant),
    from: writeInstant(occasion.window.from),
    to: writeInstant(occasion.window.to),
    since: writeInstant(before - definition.lookbackMs),
    changed_from: writeInstant(occasion.changedFrom),
    changed_to: writeInstant(occasion.changedTo),
    window_seconds: definition.windowMs / 1000,
    watching_since: writeInstant(occasion.watchingSince),
    status_metrics: statusMetrics,
    power_metrics: powerMetrics,
    uptime_metrics: uptimeMetrics,
    visit_grace_minutes: lifeCycle.visitGraceMinutes,
  };
}

/** Most cells of one run whose customers are counted. */
const mostCounted = 20;
const customerColumns = { segment: 'text', customers: 'number' } as const;

export interface CustomersOf {
  readonly tenant: string;
  readonly vipSegments: readonly string[];
  readonly beganAt?: Occasion['beganAt'];
}

/** The question for customers, from when what stands at the cell began: a detector sees the latest stretch only. */
function fromBeginning({ affected, cell }: Judgement, beganAt: Occasion['beganAt']): Record<string, unknown> {
  const params = { ...affected?.params };
  const [own, standing] = [params['began'], beganAt?.(cell)];
  if (typeof own !== 'string' || standing === undefined || !(standing < Date.parse(own))) return params;
  return { ...params, began: new Date(standing).toISOString() };
}

/** What was asked once holds for so long: the past seldom changes, and a standing violation is judged with every arrival. */
const worthHoldsMs = 600_000;
const behindKnown = new WeakMap<DetectionStore, Map<string, { readonly at: number; readonly customers: FindingCustomers }>>();

/** Customers behind elements as of an instant, where they were asked lately. */
function behindHeld(store: DetectionStore, key: string, instant: number): FindingCustomers | undefined {
  const held = behindKnown.get(store)?.get(key);
  return held && Math.abs(instant - held.at) < worthHoldsMs ? held.customers : undefined;
}

async function behindAsked(
  { type, elements, at }: NonNullable<Judgement['behind']>,
  store: DetectionStore,
  { tenant, vipSegments }: CustomersOf,
  key: string,
  instant: number,
): Promise<FindingCustomers> {
  const { vips, ...counted } = await customersBehind({ store, tenant }, type, elements, at, vipSegments);
  const customers = { ...counted, ...(vips.length > 0 ? { vips } : {}) };
  const known = behindKnown.get(store) ?? new Map();
  behindKnown.set(store, known);
  if (known.size >= 10_000) known.clear();
  known.set(key, { at: instant, customers });
  return customers;
}

/** Counts the customers of violating cells that name elements of the topology, or a query for it. */
async function withCustomers(
  judgements: readonly Judgement[],
  store: DetectionStore,
  of: CustomersOf,
  instant: number,
): Promise<readonly Judgement[]> {
  const counted: Judgement[] = [];
  let left = mostCounted;
  for (const judgement of judgements) {
    const { affected, behind, state } = judgement;
    const key = behind ? JSON.stringify([of.tenant, behind]) : '';
    const held = behind && state === 'violation' ? behindHeld(store, key, instant) : undefined;
    if (!(affected || behind) || state !== 'violation' || (!held && left-- <= 0)) {
      counted.push(judgement);
      continue;
    }
    if (behind) {
      const customers = held ?? (await behindAsked(behind, store, of, key, instant));
      counted.push(customers.count > 0 ? { ...judgement, customers } : judgement);
      continue;
    }
    if (!affected) continue;
    const read = readRows(
      customerColumns,
      await store.rows(affected.query, fromBeginning(judgement, of.beganAt), { timeoutMs: queryDeadlineMs }),
    );
    if (!read.ok) throw new Error(`query ${affected.query}: ${read.error}`);
    const segments = Object.fromEntries(
      read.rows.map(({ segment, customers }) => [segment === '' ? 'unknown' : segment, Math.round(customers * affected.share)]),
    );
    const count = Object.values(segments).reduce((sum, each) => sum + each, 0);
    counted.push(count > 0 ? { ...judgement, customers: { count, segments } } : judgement);
  }
  return counted;
}

const worthKnown = new WeakMap<
  DetectionStore,
  Map<string, { readonly at: number; readonly rows: readonly RowOf<typeof worthColumns>[] }>
>();

const knownHeld = new WeakMap<DetectionStore, Map<string, { readonly at: number; readonly worth: KnownWorth }>>();

async function worthRows(valuation: Valuation, store: DetectionStore, currency: string, instant: number) {
  const known = worthKnown.get(store) ?? new Map();
  worthKnown.set(store, known);
  const key = JSON.stringify(valuation.params);
  const held = known.get(key);
  if (held && instant - held.at < worthHoldsMs) return held.rows;
  const raw = await store.rows(valuation.query, { ...valuation.params, currency }, { timeoutMs: queryDeadlineMs });
  const read = readRows(worthColumns, raw);
  if (!read.ok) throw new Error(`query ${valuation.query}: ${read.error}`);
  if (known.size >= 1000) known.clear();
  if (read.rows.length > 0) known.set(key, { at: instant, rows: read.rows });
  return read.rows;
}

/** What other legs tell of the usage itself; undefined where they tell nothing. */
async function knownWorth(
  { known, params }: Valuation,
  store: DetectionStore,
  currency: string,
  instant: number,
): Promise<KnownWorth | undefined> {
  if (known === undefined) return undefined;
  const query = 'detect-worth-known';
  const held = knownHeld.get(store) ?? new Map();
  knownHeld.set(store, held);
  const key = JSON.stringify([known, params]);
  const before = held.get(key);
  if (before && instant - before.at < worthHoldsMs) return before.worth;
  const read = readRows(knownColumns, await store.rows(query, { ...params, known, currency }, { timeoutMs: queryDeadlineMs }));
  if (!read.ok) throw new Error(`query ${query}: ${read.error}`);
  if (held.size >= 1000) held.clear();
  const worth = read.rows[0];
  if (worth && (worth.usages > 0 || worth.held > 0)) held.set(key, { at: instant, worth });
  return worth;
}

/** Values the violations that ask for it. */
async function withWorth(
  judgements: readonly Judgement[],
  store: DetectionStore,
  currency: string,
  instant: number,
): Promise<readonly Judgement[]> {
  const valued: Judgement[] = [];
  let left = mostCounted;
  for (const judgement of judgements) {
    const { valued: valuation, state, note } = judgement;
    if (!valuation || state !== 'violation' || left-- <= 0) {
      valued.push(judgement);
      continue;
    }
    const rows = await worthRows(valuation, store, currency, instant);
    const worth = worthOfRecords(rows, valuation, currency, await knownWorth(valuation, store, currency, instant));
    // What is known of the very usage is better than any mean.
    const money = worth.told ? worth.money : (judgement.money ?? worth.money);
    const customers = judgement.customers ?? worth.customers;
    const missing = [
      note,
      money ? '' : worth.told ? 'no amount: nobody pays for these records' : 'no amount: no leg charges such records',
      customers ? '' : 'customers not known',
    ];
    valued.push({
      ...judgement,
      note: missing.filter(Boolean).join('; '),
      ...(money ? { money } : {}),
      ...(customers ? { customers } : {}),
    });
  }
  return valued;
}

/** Counts the customers of violations and values them, as far as they ask for it. */
export async function enriched(
  judgements: readonly Judgement[],
  store: DetectionStore,
  currency: string,
  instant: number,
  topology: CustomersOf = { tenant: '', vipSegments: [] },
): Promise<readonly Judgement[]> {
  return withWorth(await withCustomers(judgements, store, topology, instant), store, currency, instant);
}

const calendars = new WeakMap<Settings, Calendars>();

/** The calendars of settings, made when a definition asks for the first time. */
function calendarsOf(settings: Settings): Calendars {
  const known = calendars.get(settings) ?? createCalendars(settings);
  calendars.set(settings, known);
  return known;
}

/** A violation of revenue states an amount, or says that there is none. */
function withReason(judgement: Judgement): Judgement {
  const { state, money, note } = judgement;
  if (state !== 'violation' || money || note.includes('no amount')) return judgement;
  return { ...judgement, note: [note, 'no amount: what it is worth is not known'].filter(Boolean).join('; ') };
}

/** The judgement with what verdicts have done to its limits in its note. */
function withNote(judgement: Judgement, text: string): Judgement {
  return text === '' ? judgement : { ...judgement, note: [judgement.note, text].filter(Boolean).join('; ') };
}

/** Legs that a control of one's own needs and of which nothing ever came. */
async function lackingLegs({ needs }: Definition, store: DetectionStore, tenant: string): Promise<readonly string[]> {
  if (needs.legs.length === 0) return [];
  const known = await store.rows<{ leg: string }>('detect-legs', { tenant }, { timeoutMs: queryDeadlineMs });
  return needs.legs.filter((leg) => !known.some((row) => row.leg === leg));
}

/** What is judged: an own control that runs at night looks at the day before. */
function ownOccasion({ own, trigger }: Definition, occasion: Occasion): Occasion {
  return own && trigger === 'nightly' ? { ...occasion, window: ownWindow(occasion.instant) } : occasion;
}

/**
 * @param verdicts what people said of the findings of this definition: moves the limits that learn
 * @param ask asks as the analyst, for controls of one's own
 */
export async function run(
  definition: Definition,
  store: DetectionStore,
  settings: Settings,
  given: Occasion,
  verdicts?: VerdictCounts,
  ask?: AskAnalyst,
): Promise<RunResult> {
  const { own } = definition;
  const occasion = ownOccasion(definition, given);
  try {
    if (own && !ask) return { ok: false, error: 'nothing is connected as the analyst' };
    const lacking = own ? await lackingLegs(definition, store, settings.tenant) : [];
    if (lacking.length > 0) {
      const needs = `records of ${lacking.map((leg) => `leg ${leg}`).join(' and ')}`;
      return { ok: true, judgements: [notApplicable('', {}, occasion.window, needs)] };
    }
    const params = queryParams(definition, settings, occasion);
    const question = () => store.rows(definition.query, params, { timeoutMs: queryDeadlineMs });
    const raw =
      own && ask ? await askOwn(definition, params, ask) : await (occasion.asked?.answer(definition.query, params, question) ?? question());
    const read = readRows(definition.columns, raw);
    if (!read.ok) return { ok: false, error: `query ${definition.query || `of ${definition.identity}`}: ${read.error}` };
    const { limits: set, learnWithin } = settings.controls[definition.identity] ?? {};
    const evaluation: Evaluation = {
      tenant: settings.tenant,
      currency: settings.currency,
      instant: occasion.instant,
      watchingSince: occasion.watchingSince,
      window: occasion.window,
      sources: occasion.sources,
      leg: occasion.leg,
      limit: (name) => learnedLimit(definition.limits, set, name, verdicts, learnWithin?.[name]).value,
      source: (name) => sourceFacts(settings, name),
      likeDay: (instant) => calendarsOf(settings).dayOf('home', instant)?.likeDay ?? 0,
      ...(occasion.complete ? { completeTo: (leg: string) => occasion.complete?.get(leg) } : {}),
    };
    const learned = learnedText(learnedLimits(definition.limits, set, verdicts, learnWithin), verdicts);
    const judgements = definition.evaluate(read.rows, evaluation).map((each) => withNote(each, learned));
    const judged = await enriched(judgements, store, settings.currency, occasion.instant, {
      tenant: settings.tenant,
      vipSegments: settings.service.vipSegments,
      beganAt: occasion.beganAt,
    });
    return { ok: true, judgements: definition.kind === 'revenue' ? judged.map(withReason) : judged };
  } catch (error) {
    return { ok: false, error: error instanceof Error ? error.message : String(error) };
  }
}
