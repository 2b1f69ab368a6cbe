/** Judgements of one scope become one finding. Pure. */
import type { Definition, Judgement } from '../../core/definition.ts';
import type { Finding, FindingCustomers, FindingMoney } from '../../core/finding.ts';
import { findingKey } from '../../core/key.ts';
import { fromMicro, toMicro } from '../../core/money.ts';

/** Largest score: a violation that is certain (p = 0). */
const certain = 99;

/** -log10 p, 0 to 99. @example scoreOf(0.001) // 3 */
export function scoreOf(p: number): number {
  return p <= 0 ? certain : Math.min(certain, Math.max(0, Math.round(-Math.log10(p) * 1e4) / 1e4));
}

/** The labels of a cell that make its finding. */
export function scopeOf(definition: Definition, cell: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const names = definition.sparse ? definition.scope.filter((name) => (cell[name] ?? '') !== '') : definition.scope;
  return Object.fromEntries(names.map((name) => [name, cell[name] ?? '']));
}

const iso = (instant: number): string => new Date(instant).toISOString();

function sum(judgements: readonly Judgement[], of: (judgement: Judgement) => number): number {
  return judgements.reduce((total, judgement) => total + of(judgement), 0);
}

const dayMs = 86_400_000;

/**
 * Until when a leak may be billed or disputed: so many days after its oldest usage. What is owed back or a mere risk has no such day; where a contract states
 * one, that one holds.
 * @param backBillDays 0 = no limit
 * @example withRecovery({ amount: '5', currency: 'EUR', class: 'leakage', method: '' }, 0, 180).recoverable_until // '1970-06-30'
 */
export function withRecovery(money: FindingMoney, beganAt: number, backBillDays: number): FindingMoney {
  if (money.class !== 'leakage' || backBillDays <= 0 || money.exact) return money;
  return { ...money, recoverable_until: new Date(beganAt + backBillDays * dayMs).toISOString().slice(0, 10) };
}

const microOf = (all: readonly FindingMoney[], of: (money: FindingMoney) => string): number =>
  all.reduce((micro, each) => micro + toMicro(of(each)), 0);

/** Amounts of one class and currency added up; of different ones the largest sum, and the method says what stands beside it. */
function moneyOf(judgements: readonly Judgement[]): FindingMoney | undefined {
  const all = judgements.flatMap(({ money }) => (money ? [money] : []));
  const first = all[0];
  if (!first || all.length === 1) return first;
  const kinds = new Map<string, FindingMoney[]>();
  for (const each of all) kinds.set(`${each.class} ${each.currency}`, [...(kinds.get(`${each.class} ${each.currency}`) ?? []), each]);
  const [same, ...others] = [...kinds.values()].sort((a, b) => microOf(b, ({ amount }) => amount) - microOf(a, ({ amount }) => amount));
  const total = (of: (money: FindingMoney) => string) => fromMicro(microOf(same!, of));
  const ranged = same!.some(({ low }) => low !== undefined);
  const beside = others.map((each) => `${fromMicro(microOf(each, ({ amount }) => amount))} ${each[0]!.currency} of ${each[0]!.class}`);
  return {
    ...same![0]!,
    amount: total(({ amount }) => amount),
    ...(ranged ? { low: total(({ low, amount }) => low ?? amount), high: total(({ high, amount }) => high ?? amount) } : {}),
    ...(beside.length > 0 ? { method: `${same![0]!.method}; not added: ${beside.join(', ')}` } : {}),
  };
}

/** Customers of the cells added up: an upper bound where one customer is in several cells. */
function customersOf(judgements: readonly Judgement[]): FindingCustomers | undefined {
  const all = judgements.flatMap(({ customers }) => (customers ? [customers] : []));
  if (all.length === 0) return undefined;
  const segments: Record<string, number> = {};
  for (const { segments: own } of all) for (const [name, count] of Object.entries(own)) segments[name] = (segments[name] ?? 0) + count;
  const vips = [...new Set(all.flatMap((each) => each.vips ?? []))];
  return { count: all.reduce((total, { count }) => total + count, 0), segments, ...(vips.length > 0 ? { vips } : {}) };
}

/** How far the observed lies from the expected, relative to it; 1 when nothing was expected and something was seen. */
export function effectOf(observed: number, expected: number): number {
  if (expected === 0) return observed === 0 ? 0 : 1;
  return Math.round(((observed - expected) / Math.abs(expected)) * 1e6) / 1e6;
}

/**
 * One finding of the violating cells of a scope, at least one.
 * @param of `completeness`: share of the data of its window that had come; without it what it rests on is there
 * @param sql writes the evidence as SQL
 */
export function findingOf(
  definition: Definition,
  judgements: readonly Judgement[],
  of: { tenant: string; instant: number; backBillDays?: number; completeness?: number },
  sql: (judgement: Judgement) => string,
): Finding {
  const latest = judgements.at(-1)!;
  const scope = scopeOf(definition, latest.cell);
  const observed = sum(judgements, (each) => each.observed);
  const expected = sum(judgements, (each) => each.expected);
  const money = moneyOf(judgements);
  const customers = customersOf(judgements);
  const to = Math.max(...judgements.map(({ window }) => window.to));
  const beganAt = Math.min(...judgements.map((each) => each.beganAt));
  const name = judgements.length > 1 && definition.entitle ? definition.entitle(judgements) : latest.title;
  const text = judgements.length > 1 && definition.summarise ? definition.summarise(judgements) : latest.summary;
  return {
    finding_key: findingKey(of.tenant, definition.identity, definition.metric, scope),
    detector: definition.identity,
    title: name ?? `${definition.title}: ${Object.values(scope).filter(Boolean).join(', ')}`,
    kind: definition.kind,
    tenant: of.tenant,
    metric: definition.metric,
    scope,
    window: { from: iso(Math.min(...judgements.map(({ window }) => window.from))), to: iso(to) },
    detected_at: iso(of.instant),
    began_at: iso(beganAt),
    observed,
    expected,
    lower: sum(judgements, (each) => each.lower),
    upper: sum(judgements, (each) => each.upper),
    unit: latest.unit,
    direction: latest.direction,
    score: scoreOf(Math.min(...judgements.map(({ p }) => p))),
    effect: effectOf(observed, expected),
    ...(money ? { money: withRecovery(money, beganAt, of.backBillDays ?? 0) } : {}),
    ...(customers ? { customers } : {}),
    explanation: latest.explanation ?? [],
    change_suspects: latest.suspects ?? [],
    evidence: { sql: sql(latest), sample_record_ids: judgements.flatMap(({ samples }) => samples ?? []).slice(0, 10) },
    data_quality: { completeness: of.completeness ?? 1, lag_s: Math.max(0, Math.round((of.instant - to) / 1000)) },
    summary: latest.note === '' ? text : `${text} (${latest.note})`,
    ...(definition.own?.owner ? { owner: definition.own.owner } : {}),
    state: 'firing',
  };
}
