/** Agreements out of YAML documents, with place and hint of what is wrong. Pure. */
import { offsetsOf } from '../../../rating/local-time.ts';
import { type FieldProblem, type Fields, fieldsOf } from '../files/fields.ts';
import { durationOf, isFixed, nominalMs } from '../slo/duration.ts';
import type { KpiFacts } from '../slo/indicator.ts';
import type { Comparison } from '../slo/objective.ts';
import { instantOfLocal } from '../slo/window.ts';
import type { Agreement, CreditBand, Exclusion, ExclusionKind, SlaTarget } from './agreement.ts';

export interface SlaDocument {
  readonly value: unknown;
  readonly file: string;
}

export interface SlaProblem extends FieldProblem {
  readonly document: number;
}

export interface SlaFacts {
  readonly timeZone: string;
  readonly currency: string;
  kpi(name: string): KpiFacts | undefined;
  readonly kpis: readonly string[];
}

const hourMs = 3_600_000;
const ops = ['gte', 'gt', 'lte', 'lt'] as const;
const kinds: readonly ExclusionKind[] = ['maintenance', 'force-majeure', 'customer-caused'];
const nameRule = { required: true, like: [/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'Lower-case letters, digits and -.'] } as const;

/** Whether a figure falls short of a comparison. @example isShort(97.5, 'gte', 98) // true */
export function isShort(figure: number, op: Comparison, limit: number): boolean {
  if (op === 'gte') return figure < limit;
  if (op === 'gt') return figure <= limit;
  return op === 'lte' ? figure > limit : figure >= limit;
}

function instantText(fields: Fields, name: string, timeZone: string, required: boolean): number | undefined {
  const text = fields.text(name, { required });
  if (text === undefined) return undefined;
  const match = /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2})(?::(\d{2}))?)?$/.exec(text);
  const local = match ? Date.parse(`${match[1]}T${match[2] ?? '00:00'}:${match[3] ?? '00'}Z`) : Number.NaN;
  if (!Number.isFinite(local))
    return fields.fail(name, `${name} is "${text}"`, 'A day or a time of the time zone of the agreement: 2026-11-01 or 2026-11-01 06:00.');
  return instantOfLocal(local, timeZone);
}

function bandsOf(target: Fields, op: Comparison): readonly CreditBand[] {
  const bands = (target.maps('credits') ?? []).flatMap((each) => {
    each.only('beyond', 'percent');
    const [beyond, percent] = [each.decimal('beyond', { required: true }), each.decimal('percent', { required: true })];
    if (percent !== undefined && !(Number(percent) >= 0 && Number(percent) <= 100))
      return each.fail('percent', `percent is ${percent}`, '0 to 100.') ?? [];
    return beyond === undefined || percent === undefined ? [] : [{ beyond, percent }];
  });
  const down = op === 'gte' || op === 'gt';
  const sorted = [...bands].sort((a, b) => (down ? 1 : -1) * (Number(b.beyond) - Number(a.beyond)));
  const falling = sorted.find((band, at) => at > 0 && Number(band.percent) < Number(sorted[at - 1]!.percent));
  if (falling)
    target.fail(
      'credits',
      `the credit beyond ${falling.beyond} is smaller than that of the milder band`,
      'The worse the figure, the more is credited.',
    );
  return sorted;
}

function targetOf(fields: Fields, partner: string, facts: SlaFacts): SlaTarget | undefined {
  fields.only(
    'name',
    'measure',
    'kpi',
    'where',
    'slice',
    'limit',
    'limitOp',
    'percentile',
    'op',
    'target',
    'credits',
    'hours',
    'clockStart',
    'mostSeverity',
  );
  const name = fields.text('name', nameRule);
  const measure = fields.text('measure', { required: true, oneOf: ['average', 'slices', 'percentile', 'repair'] });
  const target = fields.decimal('target', { required: true });
  const op = (fields.text('op', { oneOf: ops }) ?? 'gte') as Comparison;
  const credits = bandsOf(fields, op);
  if (name === undefined || target === undefined || measure === undefined) return undefined;
  const base = { name, op, target, credits };
  if (measure === 'repair') {
    const hours = fields.decimal('hours', { required: true });
    const clockStart = (fields.text('clockStart', { oneOf: ['detected', 'opened', 'ticket'] }) ?? 'ticket') as 'ticket';
    const mostSeverity = fields.number('mostSeverity', { least: 1, most: 5 }) ?? 5;
    return hours === undefined ? undefined : { ...base, measure, hours, clockStart, mostSeverity };
  }
  const kpi = fields.text('kpi', { required: true });
  const known = kpi === undefined ? undefined : facts.kpi(kpi);
  if (kpi !== undefined && !known) return fields.fail('kpi', `there is no KPI ${kpi}`, `Known: ${facts.kpis.join(', ') || 'none'}.`);
  if (kpi === undefined || !known) return undefined;
  const where = fields.has('where') ? fields.labels('where') : known.dimensions.includes('partner') ? { partner } : {};
  for (const dimension of Object.keys(where))
    if (!known.dimensions.includes(dimension))
      return fields.fail('where', `${kpi} has no dimension ${dimension}`, `It has: ${known.dimensions.join(', ') || 'none'}.`);
  const text = fields.text('slice');
  const duration = text === undefined ? undefined : durationOf(text);
  const sliceMs = duration && isFixed(duration) ? nominalMs(duration) : measure === 'average' ? hourMs : 300_000;
  if (text !== undefined && (!duration || sliceMs < known.sliceMs || hourMs % sliceMs !== 0))
    return fields.fail('slice', `slice is "${text}"`, 'A part of an hour: 1m, 5m, 15m, 30m or 1h.');
  const common = { ...base, kpi, where, sliceMs, ratio: known.as === 'ratio' };
  if (measure === 'average') return { ...common, measure };
  if (measure === 'percentile') {
    const percentile = fields.number('percentile', { required: true, above: 0, below: 100 });
    return percentile === undefined ? undefined : { ...common, measure, percentile };
  }
  const limit = fields.decimal('limit', { required: true });
  const limitOp = (fields.text('limitOp', { oneOf: ops }) ?? (known.counts === 'failure' ? 'lte' : 'gte')) as Comparison;
  return limit === undefined ? undefined : { ...common, measure: 'slices', limit, limitOp };
}

function exclusionOf(fields: Fields, timeZone: string, names: readonly string[]): Exclusion | undefined {
  fields.only('kind', 'from', 'to', 'reason', 'approver', 'targets');
  const kind = fields.text('kind', { required: true, oneOf: kinds }) as ExclusionKind | undefined;
  const [from, to] = [instantText(fields, 'from', timeZone, true), instantText(fields, 'to', timeZone, true)];
  const reason = fields.text('reason', { required: true });
  const approver = fields.text('approver', { required: true });
  const targets = fields.texts('targets') ?? [];
  for (const name of targets)
    if (!names.includes(name)) fields.fail('targets', `there is no target ${name}`, `Known: ${names.join(', ')}.`);
  if (from !== undefined && to !== undefined && to <= from)
    return fields.fail('to', 'to is not after from', 'The first instant after the exclusion.');
  if (kind === undefined || from === undefined || to === undefined || reason === undefined || approver === undefined) return undefined;
  return { kind, from, to, reason, approver, targets };
}

function isZone(timeZone: string): boolean {
  try {
    offsetsOf(timeZone);
    return true;
  } catch {
    return false;
  }
}

function agreementOf(top: Fields, file: string, facts: SlaFacts): Agreement | undefined {
  top.only('apiVersion', 'kind', 'metadata', 'spec');
  top.text('apiVersion', { required: true, oneOf: ['weir/v1'] });
  top.text('kind', { required: true, oneOf: ['Agreement'] });
  const metadata = top.map('metadata', true);
  metadata?.only('name', 'displayName');
  const identity = metadata?.text('name', nameRule);
  const spec = top.map('spec', true);
  if (!spec || !metadata || identity === undefined) return undefined;
  spec.only(
    ...[
      'partner',
      'direction',
      'service',
      'timeZone',
      'currency',
      'monthlyCharge',
      'decimals',
      'validFrom',
      'validTo',
      'capPercent',
      'combine',
    ],
    ...['claimDays', 'targets', 'exclusions', 'maintenance'],
  );
  const partner = spec.text('partner', { required: true, most: 200 });
  const direction = spec.text('direction', { required: true, oneOf: ['they-owe-us', 'we-owe-them'] }) as Agreement['direction'] | undefined;
  const timeZone = spec.text('timeZone') ?? facts.timeZone;
  if (!isZone(timeZone)) return spec.fail('timeZone', `there is no time zone "${timeZone}"`, 'A name such as Europe/Berlin.');
  const currency = spec.text('currency', { like: [/^[A-Z]{3}$/, 'ISO 4217, e.g. EUR.'] }) ?? facts.currency;
  const monthlyCharge = spec.decimal('monthlyCharge', { required: true });
  const capPercent = spec.decimal('capPercent') ?? '100';
  if (!(Number(capPercent) >= 0 && Number(capPercent) <= 100)) spec.fail('capPercent', `capPercent is ${capPercent}`, '0 to 100.');
  if (monthlyCharge !== undefined && Number(monthlyCharge) < 0)
    spec.fail('monthlyCharge', 'monthlyCharge is below zero', 'What is paid for a month.');
  const listed = spec.maps('targets', true) ?? [];
  const targets = listed.flatMap((each) => targetOf(each, partner ?? '', facts) ?? []);
  const names = targets.map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) spec.fail('targets', `two targets are called ${twice}`, 'Names are unique in an agreement.');
  if (listed.length === 0 && spec.has('targets')) spec.fail('targets', 'targets is empty', 'Add one.');
  const maintenance = spec.map('maintenance');
  maintenance?.only('match', 'noticeHours', 'mostMinutes');
  const validFrom = instantText(spec, 'validFrom', timeZone, true);
  const validTo = instantText(spec, 'validTo', timeZone, false) ?? Number.POSITIVE_INFINITY;
  const exclusions = (spec.maps('exclusions') ?? []).flatMap((each) => exclusionOf(each, timeZone, names) ?? []);
  const claimDays = spec.number('claimDays', { least: 0, most: 3650 }) ?? 0;
  const decimals = spec.number('decimals', { least: 0, most: 6 }) ?? 2;
  const combine = (spec.text('combine', { oneOf: ['sum', 'highest'] }) ?? 'sum') as Agreement['combine'];
  if (partner === undefined || direction === undefined || monthlyCharge === undefined || validFrom === undefined) return undefined;
  return {
    identity,
    title: metadata.text('displayName') ?? identity,
    partner,
    direction,
    service: spec.text('service') ?? '',
    timeZone,
    currency,
    monthlyCharge,
    decimals,
    validFrom,
    validTo,
    capPercent,
    combine,
    claimDays,
    targets,
    exclusions,
    maintenance: maintenance && {
      match: maintenance.has('match') ? maintenance.labels('match') : { partner },
      noticeMs: (maintenance.number('noticeHours', { least: 0 }) ?? 0) * hourMs,
      mostMs: (maintenance.number('mostMinutes', { least: 0 }) ?? 44_640) * 60_000,
    },
    place: file,
  };
}

/**
 * The agreements of all documents; those with a problem are left out.
 * @example readAgreements([], facts) // { agreements: [], problems: [] }
 */
export function readAgreements(
  documents: readonly SlaDocument[],
  facts: SlaFacts,
): { readonly agreements: readonly Agreement[]; readonly problems: readonly SlaProblem[] } {
  const problems: SlaProblem[] = [];
  const agreements: Agreement[] = [];
  for (const [at, { value, file }] of documents.entries()) {
    const before = problems.length;
    const top = fieldsOf(value, [], (problem) => problems.push({ ...problem, document: at }));
    const agreement = agreementOf(top, file, facts);
    if (agreement && agreements.some(({ identity }) => identity === agreement.identity))
      top.fail('metadata', `there is another agreement ${agreement.identity}`, 'Names are unique.');
    if (agreement && problems.length === before) agreements.push(agreement);
  }
  return { agreements, problems };
}
