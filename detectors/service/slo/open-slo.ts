/**
 * OpenSLO v1 documents become objectives: references are resolved, everything is checked, and what is wrong is said with its place.
 * The specification: https://github.com/OpenSLO/OpenSLO, version openslo/v1. What it leaves to implementations is told in docs/objectives.md.
 */
import { type FieldProblem, type Fields, fieldsOf } from '../files/fields.ts';
import { readAlerting } from './alerting.ts';
import { durationOf, isFixed, nominalMs } from './duration.ts';
import { type MetricReading, readSource, type Sli } from './indicator.ts';
import type { Objective } from './objective.ts';
import { percentText, type RuleFrame } from './rules.ts';
import { readTimeWindow } from './time-window.ts';
import { windowMs } from './window.ts';

/** One YAML document of a file, as a value. */
export interface SloDocument {
  readonly value: unknown;
  /** For messages: the file, or what stands for it. */
  readonly file: string;
}

export interface SloProblem extends FieldProblem {
  /** Which document, from 0. */
  readonly document: number;
}

/** Facts of the world that the files refer to. */
export interface SloFacts extends MetricReading {
  /** Of SLOs that say nothing else. */
  readonly timeZone: string;
}

export interface OpenSlo {
  readonly objectives: readonly Objective[];
  readonly problems: readonly SloProblem[];
}

export const openSloKinds = ['SLO', 'SLI', 'Service', 'DataSource', 'AlertPolicy', 'AlertCondition', 'AlertNotificationTarget'] as const;

/** An object of a file by its kind and name. */
export interface SloObject {
  readonly document: number;
  readonly file: string;
  readonly kind: string;
  readonly name: string;
  readonly metadata: Fields;
  readonly spec: Fields;
}

/** Finds an object that another one names; complains where there is none. */
export type FindObject = (kind: string, name: string, from: Fields, field: string) => SloObject | undefined;

const nameRule = {
  required: true,
  like: [
    /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
    'A name: up to 63 lower-case letters, digits and -, beginning and ending with a letter or digit.',
  ],
} as const;

const annotationNames = ['weir/minimum-bad', 'weir/minimum-events', 'weir/no-data-after', 'weir/slice'];
const minuteMs = 60_000;
/** Slices of Occurrences, unless `weir/slice` says otherwise. */
const usualSliceMs = minuteMs;
const usualNoDataMs = 180 * minuteMs;
const usualMinimumBad = 5;
/** Most objectives of one installation. */
export const mostObjectives = 1000;

function readObject(document: number, { value, file }: SloDocument, problems: SloProblem[]): SloObject | undefined {
  const top = fieldsOf(value, [], (problem) => problems.push({ ...problem, document }));
  const version = top.text('apiVersion', { required: true });
  if (version !== undefined && version !== 'openslo/v1') top.fail('apiVersion', `apiVersion is "${version}"`, 'Weir reads openslo/v1.');
  const kind = top.text('kind', { required: true, oneOf: openSloKinds });
  const metadata = top.map('metadata', true);
  const name = metadata?.text('name', nameRule);
  metadata?.only('name', 'displayName', 'labels', 'annotations');
  top.only('apiVersion', 'kind', 'metadata', 'spec');
  const spec = kind === undefined ? undefined : top.map('spec', true);
  return kind === undefined || name === undefined || !metadata || !spec ? undefined : { document, file, kind, name, metadata, spec };
}

/** What the annotations of an SLO say. */
function readAnnotations(slo: SloObject) {
  const annotations = slo.metadata.labels('annotations');
  const fields = slo.metadata.map('annotations');
  for (const key of Object.keys(annotations))
    if (key.startsWith('weir/') && !annotationNames.includes(key))
      fields?.fail(key, `${key}: there is no such annotation`, `Known: ${annotationNames.join(', ')}.`);
  const number = (key: string, usual: number): number => {
    const text = annotations[key];
    if (text === undefined) return usual;
    const value = Number(text);
    if (Number.isFinite(value) && value >= 1) return value;
    fields?.fail(key, `${key} is "${text}"`, 'A number of at least 1, in quotes.');
    return usual;
  };
  const length = (key: string, usual: number): number => {
    const text = annotations[key];
    if (text === undefined) return usual;
    const duration = durationOf(text);
    if (duration && isFixed(duration)) return nominalMs(duration);
    fields?.fail(key, `${key} is "${text}"`, 'A duration such as 5m, 2h or 1d.');
    return usual;
  };
  return {
    minimumBad: number('weir/minimum-bad', usualMinimumBad),
    sliceMinimum: number('weir/minimum-events', 1),
    noDataAfterMs: length('weir/no-data-after', usualNoDataMs),
    sliceMs: length('weir/slice', usualSliceMs),
  };
}

/** The target as a share; undefined when there is none or it is wrong. */
function readTarget(objective: Fields): number | undefined {
  const target = objective.number('target', { above: 0, below: 1 });
  const percent = objective.number('targetPercent', { above: 0, below: 100 });
  if (objective.has('target') === objective.has('targetPercent'))
    return objective.fail(undefined, 'needs target or targetPercent, one of them', 'E.g. target: 0.995, or targetPercent: 99.5.');
  return target ?? (percent === undefined ? undefined : Math.round(percent * 1e10) / 1e12);
}

/** Length of a slice of Timeslices: a duration, or minutes. */
function readSlice(objective: Fields, given: unknown): number | undefined {
  if (typeof given === 'number') {
    const minutes = objective.number('timeSliceWindow', { least: 1, most: 1440 });
    return minutes === undefined ? undefined : minutes * minuteMs;
  }
  const text = objective.text('timeSliceWindow', { required: true });
  const duration = text === undefined ? undefined : durationOf(text);
  if (text !== undefined && !(duration && isFixed(duration)))
    return objective.fail('timeSliceWindow', `timeSliceWindow is "${text}"`, 'A duration such as 1m, 5m or 1h, or a number of minutes.');
  return duration && nominalMs(duration);
}

function readSlo(slo: SloObject, find: FindObject, facts: SloFacts, raw: unknown): readonly Objective[] {
  const { spec, metadata, name, file } = slo;
  spec.only('description', 'service', 'indicator', 'indicatorRef', 'timeWindow', 'budgetingMethod', 'objectives', 'alertPolicies');
  const service = spec.text('service', { required: true });
  const method = spec.text('budgetingMethod', { required: true });
  if (method !== undefined && method !== 'Occurrences' && method !== 'Timeslices')
    spec.fail(
      'budgetingMethod',
      `budgetingMethod is "${method}"`,
      'Occurrences (share of good events) or Timeslices (share of good slices of time).',
    );
  const window = readTimeWindow(spec, facts.timeZone);
  const annotations = readAnnotations(slo);
  const indicator = readIndicator(slo, find);
  const listed = spec.maps('objectives', true) ?? [];
  if (listed.length === 0 && spec.has('objectives')) spec.fail('objectives', 'objectives is empty', 'Add one with a target.');
  const labels = metadata.labels('labels');
  const objectives: Objective[] = [];
  for (const [at, each] of listed.entries()) {
    each.only('displayName', 'op', 'value', 'target', 'targetPercent', 'timeSliceTarget', 'timeSliceWindow');
    const target = readTarget(each);
    const timeslices = method === 'Timeslices';
    const given = ((raw as { spec?: { objectives?: readonly Record<string, unknown>[] } }).spec?.objectives ?? [])[at]?.['timeSliceWindow'];
    const sliceMs = timeslices ? readSlice(each, given) : annotations.sliceMs;
    const source = indicator && sliceMs !== undefined ? readSource(indicator, each, find, facts, sliceMs) : undefined;
    const isValue = source !== undefined && (source.kind === 'kpi' ? source.as === 'value' : source.value !== undefined);
    const sliceTarget = timeslices && !isValue ? each.number('timeSliceTarget', { required: true, above: 0, most: 1 }) : 1;
    if (!timeslices && (each.has('timeSliceTarget') || each.has('timeSliceWindow')))
      each.fail(
        'timeSliceTarget',
        'time slices belong to budgetingMethod Timeslices',
        'Set budgetingMethod: Timeslices, or leave them out.',
      );
    const op = isValue ? each.text('op', { required: true, oneOf: ['lte', 'gte', 'lt', 'gt'] }) : undefined;
    const value = isValue ? each.number('value', { required: true }) : undefined;
    if (source && !isValue && (each.has('op') || each.has('value')))
      each.fail('op', 'op and value belong to a thresholdMetric', 'A ratioMetric has a target only.');
    if (sliceMs !== undefined && (sliceMs > 86_400_000 || 86_400_000 % sliceMs !== 0)) {
      each.fail(undefined, `a slice of ${sliceMs / minuteMs} min does not divide a day`, 'E.g. 1m, 5m, 15m or 1h.');
      continue;
    }
    if (target === undefined || sliceMs === undefined || !source || !window || service === undefined || sliceTarget === undefined) continue;
    const identity = listed.length === 1 ? name : `${name}/${at + 1}`;
    const frame: RuleFrame = {
      target,
      sliceMs,
      method: timeslices ? 'Timeslices' : 'Occurrences',
      periodMs: windowMs(window),
      minimumBad: annotations.minimumBad,
    };
    const alerting = readAlerting(spec, find, frame);
    objectives.push({
      identity,
      title: each.text('displayName') ?? metadata.text('displayName') ?? name,
      service,
      description: spec.text('description') ?? '',
      labels,
      owner: labels['owner'] ?? '',
      method: frame.method,
      target,
      sliceTarget,
      sliceMinimum: annotations.sliceMinimum,
      ...(op !== undefined && value !== undefined ? { compare: { op: op as 'lte', value } } : {}),
      window,
      sliceMs,
      source,
      rules: alerting.rules,
      alertNoData: alerting.alertNoData,
      noDataAfterMs: annotations.noDataAfterMs,
      notes: alerting.notes.map((note) => `${note} (objective ${percentText(target)})`),
      place: file,
    });
  }
  return objectives;
}

/** The SLI of an SLO, inline or by reference: its spec. */
function readIndicator({ spec, file }: SloObject, find: FindObject): Sli | undefined {
  if (spec.has('indicator') === spec.has('indicatorRef'))
    return spec.fail(undefined, 'needs indicator or indicatorRef, one of them', 'An SLI in place, or the name of one.');
  const reference = spec.text('indicatorRef');
  if (reference !== undefined) return find('SLI', reference, spec, 'indicatorRef');
  const indicator = spec.map('indicator');
  indicator?.only('metadata', 'spec', 'kind', 'apiVersion');
  const inner = indicator?.map('spec', true);
  return inner && { spec: inner, file };
}

/**
 * All objectives of all documents. Documents with problems give none; the others do, so that one slip does not blind everything.
 * @example readOpenSlo([{ value: { apiVersion: 'openslo/v2' }, file: 'a.yaml' }], facts).problems[0].message // 'apiVersion is "openslo/v2"'
 */
export function readOpenSlo(documents: readonly SloDocument[], facts: SloFacts): OpenSlo {
  const problems: SloProblem[] = [];
  const objects = documents.flatMap((document, at) => readObject(at, document, problems) ?? []);
  const byName = new Map<string, SloObject>();
  for (const object of objects) {
    const key = `${object.kind}/${object.name}`;
    const other = byName.get(key);
    if (other)
      object.metadata.fail(
        'name',
        `there is another ${object.kind} ${object.name}, in ${documents[other.document]!.file}`,
        'Names are unique by kind.',
      );
    else byName.set(key, object);
  }
  const find: FindObject = (kind, name, from, field) =>
    byName.get(`${kind}/${name}`) ??
    from.fail(
      field,
      `there is no ${kind} ${name}`,
      `Known: ${
        objects
          .filter((object) => object.kind === kind)
          .map((object) => object.name)
          .join(', ') || 'none'
      }.`,
    );
  const objectives: Objective[] = [];
  for (const object of objects) {
    const before = problems.length;
    if (object.kind !== 'SLO') {
      checkOther(object);
      continue;
    }
    const read = readSlo(object, find, facts, documents[object.document]!.value);
    // What is wrong may stand in a document that it refers to.
    if (problems.length === before) objectives.push(...read);
  }
  if (objectives.length > mostObjectives)
    problems.push({
      document: 0,
      path: [],
      message: `there are ${objectives.length} objectives`,
      hint: `At most ${mostObjectives} are judged.`,
    });
  return { objectives: objectives.slice(0, mostObjectives), problems: unique(problems) };
}

/** Documents that only others refer to are checked by those; what nothing refers to is checked for its fields. */
function checkOther({ kind, spec }: SloObject): void {
  if (kind === 'Service') spec.only('description');
  if (kind === 'DataSource') spec.only('description', 'type', 'connectionDetails');
  if (kind === 'SLI') spec.only('description', 'thresholdMetric', 'ratioMetric');
  if (kind === 'AlertPolicy')
    spec.only('description', 'alertWhenNoData', 'alertWhenResolved', 'alertWhenBreaching', 'conditions', 'notificationTargets');
  if (kind === 'AlertCondition') spec.only('description', 'severity', 'condition');
  if (kind === 'AlertNotificationTarget') spec.only('description', 'target');
}

/** A condition that several SLOs refer to is complained of once. */
function unique(problems: readonly SloProblem[]): readonly SloProblem[] {
  const seen = new Set<string>();
  return problems.filter((problem) => {
    const key = JSON.stringify(problem);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
