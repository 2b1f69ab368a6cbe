/** Findings with one cause: what an incident is made of, and the one finding that speaks for all of them. Pure. */
import type { Finding, FindingCustomers, FindingMoney } from '../../core/finding.ts';
import type { Symptom } from '../../core/incident.ts';
import type { Reason } from './decision.ts';

/** `lead`: the finding that the incident is named after; `symptom`: the same cause seen elsewhere; `child`: behind what has failed. */
export type Relation = 'lead' | 'symptom' | 'child';

/** What is kept of one finding: thousands stand behind one fault, so of children the figures only. */
export interface Member {
  readonly relation: Relation;
  readonly detector: string;
  readonly firing: boolean;
  readonly detectedAt: number;
  readonly beganAt: number;
  readonly kind: string;
  readonly score: number;
  readonly money: FindingMoney | undefined;
  readonly customers: FindingCustomers | undefined;
  /** The latest word; of children none. */
  readonly finding: Finding | undefined;
}

/** An element of the topology. */
export interface Element {
  readonly type: string;
  readonly name: string;
}

export interface Group {
  /** Key of the incident. */
  readonly key: string;
  readonly tenant: string;
  /** `own`: named after a finding; `element`: an element behind which much has failed; `feed`: a feed whose data is incomplete. */
  readonly kind: 'own' | 'element' | 'feed';
  /** Of `element` and `feed`: what it is about. */
  readonly scope: Readonly<Record<string, string>>;
  readonly members: Map<string, Member>;
  readonly reasons: Reason[];
  /** The first ones. */
  readonly symptoms: Symptom[];
  firing: number;
  /** Most that fired at once. */
  peak: number;
  beganAt: number;
  flapping: boolean;
  /** Since when nothing fires; undefined = something does. */
  clearedAt: number | undefined;
  /** Sums of what fires among children, kept so that a group of thousands is not added up for each word. */
  readonly children: {
    firing: number;
    customers: number;
    readonly segments: Map<string, number>;
    money: number;
    currency: string;
    class: string;
  };
  /** The latest word of any member, ms. */
  detectedAt: number;
  /** Elements without children behind the element. */
  behind: number;
  /** Type of what stands behind it. */
  behindType: string;
}

/** Symptoms that an incident lists; all of them stand in the table. */
export const mostListed = 20;

/** A group without members. */
export function newGroup(key: string, tenant: string, kind: Group['kind'], scope: Group['scope'] = {}): Group {
  return {
    key,
    tenant,
    kind,
    scope,
    members: new Map(),
    reasons: [],
    symptoms: [],
    firing: 0,
    peak: 0,
    beganAt: Number.POSITIVE_INFINITY,
    flapping: false,
    clearedAt: undefined,
    children: { firing: 0, customers: 0, segments: new Map(), money: 0, currency: '', class: '' },
    detectedAt: 0,
    behind: 0,
    behindType: 'element',
  };
}

/** What is kept of a finding. */
export function memberOf(finding: Finding, relation: Relation): Member {
  return {
    relation,
    detector: finding.detector,
    firing: finding.state === 'firing',
    detectedAt: Date.parse(finding.detected_at),
    beganAt: Date.parse(finding.began_at),
    kind: finding.kind,
    score: finding.score,
    money: finding.money,
    customers: finding.customers,
    finding: relation === 'child' ? undefined : finding,
  };
}

/** Puts a member in, or the newer word of one in the place of the older. */
export function putMember(group: Group, key: string, member: Member): void {
  const before = group.members.get(key);
  if (before) count(group, before, -1);
  // What has cleared keeps its figures: they say what it was about.
  const kept = before && !member.firing ? { ...before, firing: false, detectedAt: member.detectedAt } : member;
  group.members.set(key, kept);
  count(group, kept, 1);
  group.beganAt = Math.min(group.beganAt, member.beganAt);
  group.detectedAt = Math.max(group.detectedAt, member.detectedAt);
  group.peak = Math.max(group.peak, group.firing);
}

/** Takes a member out and gives it. */
export function takeMember(group: Group, key: string): Member | undefined {
  const member = group.members.get(key);
  if (member === undefined) return undefined;
  count(group, member, -1);
  group.members.delete(key);
  return member;
}

function count(group: Group, { firing, relation, customers, money }: Member, by: 1 | -1): void {
  if (!firing) return;
  group.firing += by;
  if (relation !== 'child') return;
  const { children } = group;
  children.firing += by;
  children.customers += by * (customers?.count ?? 0);
  for (const [segment, number] of Object.entries(customers?.segments ?? {})) {
    children.segments.set(segment, (children.segments.get(segment) ?? 0) + by * number);
  }
  if (money === undefined) return;
  if (children.currency === '') {
    children.currency = money.currency;
    children.class = money.class;
  }
  if (money.currency === children.currency && Number.isFinite(Number(money.amount))) children.money += by * Number(money.amount);
}

/** The lead of a group that is named after a finding. */
export function leadOf(group: Group): Finding | undefined {
  return group.members.get(group.key)?.finding;
}

/**
 * The finding that speaks for a group. Of symptoms the largest amount and the most customers count, since they see one loss from several
 * sides; those of children add up, since each stands for itself.
 */
export function composed(group: Group): Finding | undefined {
  if (group.kind === 'own') return composedOwn(group);
  if (group.kind === 'feed') return composedFeed(group);
  return composedElement(group);
}

function composedOwn(group: Group): Finding | undefined {
  const lead = leadOf(group);
  if (lead === undefined) return undefined;
  if (group.members.size === 1) return { ...lead, state: group.firing > 0 ? 'firing' : 'cleared', detected_at: iso(group.detectedAt) };
  let { money, customers } = lead;
  for (const { relation, money: amount, customers: affected } of group.members.values()) {
    if (relation === 'child') continue;
    if (amount && (!money || (amount.currency === money.currency && Number(amount.amount) > Number(money.amount)))) money = amount;
    if (affected && (customers?.count ?? -1) < affected.count) customers = affected;
  }
  const behind = sumsOf(group);
  if (behind.customers && behind.customers.count > (customers?.count ?? 0)) customers = behind.customers;
  if (behind.money && (!money || (behind.money.currency === money.currency && Number(behind.money.amount) > Number(money.amount))))
    money = behind.money;
  return {
    ...lead,
    state: group.firing > 0 ? 'firing' : 'cleared',
    detected_at: iso(group.detectedAt),
    ...(money && { money }),
    ...(customers && { customers }),
  };
}

function composedElement(group: Group): Finding {
  const [[type, name] = ['element', '']] = Object.entries(group.scope);
  const { money, customers } = sumsOf(group);
  const text = `${group.firing > 0 ? group.firing : group.peak} of ${group.behind} ${group.behindType}s behind ${type} ${name} ${group.firing > 0 ? 'are' : 'were'} affected`;
  return {
    ...frameOf(group, 'topology', 'elements_affected', `${type} ${name}: what stands behind it is affected`),
    kind: group.members.values().next().value?.kind ?? 'service',
    observed: group.firing,
    lower: 0,
    upper: 0,
    expected: 0,
    unit: `${group.behindType}s`,
    direction: 'up',
    effect: 1,
    ...(money && { money }),
    ...(customers && { customers }),
    explanation: [{ dimensions: group.scope, share: 1, remaining: 0 }],
    summary: group.firing > 0 ? `${text}, since ${iso(group.beganAt)}.` : `Cleared. ${text}.`,
  };
}

function composedFeed(group: Group): Finding {
  const [[label, name] = ['feed', '']] = Object.entries(group.scope);
  return {
    ...frameOf(group, 'data_quality', 'completeness', `${label} ${name}: data is incomplete`),
    kind: 'data',
    observed: group.firing,
    lower: 0,
    upper: 0,
    expected: 0,
    unit: 'findings',
    direction: 'down',
    effect: 1,
    explanation: [],
    summary:
      group.firing > 0
        ? `${group.firing} findings rest on too little of the data of ${label} ${name}: they wait until it is complete.`
        : `Cleared. The data of ${label} ${name} is complete again.`,
  };
}

function frameOf(group: Group, detector: string, metric: string, title: string) {
  const from = Number.isFinite(group.beganAt) ? group.beganAt : group.detectedAt;
  return {
    finding_key: group.key,
    detector,
    title,
    tenant: group.tenant,
    metric,
    scope: group.scope,
    window: { from: iso(from), to: iso(Math.max(from, group.detectedAt)) },
    detected_at: iso(group.detectedAt),
    began_at: iso(from),
    score: 0,
    change_suspects: [],
    evidence: {
      sql: `SELECT * FROM incident_findings_latest WHERE incident_key = '${group.key}' ORDER BY detected_at LIMIT 1000`,
      sample_record_ids: [],
    },
    data_quality: { completeness: 1, lag_s: 0 },
    state: group.firing > 0 ? 'firing' : 'cleared',
  };
}

function sumsOf({ children }: Group): { readonly money?: FindingMoney; readonly customers?: FindingCustomers } {
  return {
    ...(children.money !== 0 && {
      money: {
        amount: children.money.toFixed(6).replace(/\.?0+$/, ''),
        currency: children.currency,
        class: children.class,
        method: `sum over ${children.firing} findings`,
      },
    }),
    ...(children.customers > 0 && {
      customers: { count: children.customers, segments: Object.fromEntries([...children.segments].filter(([, number]) => number > 0)) },
    }),
  };
}

function iso(instant: number): string {
  return new Date(instant).toISOString();
}
