/** Incidents as tables and as annotations: a list, how long they take, and one of them in full. */
import { WeirError } from '../../../core/errors.ts';
import type { Incident } from '../../../core/incident.ts';
import { findingKey } from '../../../core/key.ts';
import { writeInstant } from '../../../core/row.ts';
import type { Spread } from '../../../incidents/stats.ts';
import type { Store } from '../../../sql/store.ts';
import { incidentStats } from '../../incidents/stats.ts';
import { type Frame, frameOf, unitOf } from './frame.ts';
import { type Shape, tableFrame } from './tables.ts';

export type IncidentView =
  | 'list'
  | 'open'
  | 'performance'
  | 'summary'
  | 'facts'
  | 'explanation'
  | 'timeline'
  | 'findings'
  | 'evidence'
  | 'chart';

export interface IncidentQuery {
  readonly view: IncidentView;
  readonly states: readonly string[];
  readonly severities: readonly number[];
  readonly categories: readonly string[];
  readonly teams: readonly string[];
  readonly detectors: readonly string[];
  /** Of the views of one incident. */
  readonly incident: string;
  readonly limit: number;
}

export interface IncidentContext {
  readonly store: Pick<Store, 'rows'>;
  readonly tenant: string;
  readonly currency: string;
  /** Where the pages of this Weir are reached, without a slash at the end; empty = not known. */
  readonly publicUrl: string;
}

const deadline = { timeoutMs: 20_000 };
/** Names of severities as Weir prints them. */
export const severityNames: readonly string[] = ['', 'critical', 'major', 'minor', 'warning', 'info'];

interface Range {
  readonly from: number;
  readonly to: number;
}

/** The frames of an incident query. */
export async function incidentFrames(context: IncidentContext, query: IncidentQuery, range: Range): Promise<Frame[]> {
  switch (query.view) {
    case 'list':
    case 'open':
      return [await listFrame(context, query, range)];
    case 'performance':
      return [await performanceFrame(context, range)];
    default:
      return [await oneFrame(context, query, range)];
  }
}

interface Listed extends Readonly<Record<string, unknown>> {
  readonly incident_id: string;
  readonly state: string;
  readonly severity: number;
  readonly category: string;
  readonly title: string;
  readonly detector: string;
  readonly team: string;
  readonly began_at: string;
  readonly ended_at: string;
}

async function listFrame(
  { store, tenant, currency, publicUrl }: IncidentContext,
  query: IncidentQuery,
  { from, to }: Range,
): Promise<Frame> {
  const { states, severities, categories, teams, detectors, limit } = query;
  const params = {
    ...{ tenant, states, severities, categories, teams, detectors, limit },
    open: query.view === 'open' ? 1 : 0,
    from: writeInstant(from),
    to: writeInstant(to),
  };
  const rows = await store.rows<Listed>('api-query-incidents', params, deadline);
  const full = rows.map((row) => ({
    ...row,
    time: row.began_at,
    // An annotation of what goes on reaches to the end of the picture.
    timeEnd: Number(row.ended_at) || to,
    text: row['summary'],
    tags: [severityNames[row.severity] ?? '', row.category, row.detector].filter((tag) => tag !== '').join(','),
    id: row.incident_id,
    severity_name: severityNames[row.severity] ?? '',
    age_seconds: Math.max(0, ((Number(row.ended_at) || to) - Number(row.began_at)) / 1000),
    url: publicUrl === '' ? '' : `${publicUrl}/incidents/${row.incident_id}`,
  }));
  return tableFrame(full, listShapes(currency));
}

const listShapes = (currency: string): readonly Shape[] => [
  ['time', 'time', undefined, 'since'],
  ['timeEnd', 'time', undefined, 'until'],
  ['title', 'string'],
  ['text', 'string'],
  ['tags', 'string'],
  ['id', 'string'],
  ['severity', 'number'],
  ['severity_name', 'string'],
  ['state', 'string'],
  ['category', 'string'],
  ['detector', 'string'],
  ['team', 'string'],
  ['assignee', 'string'],
  ['money', 'number', unitOf('currency', currency)],
  ['currency', 'string'],
  ['money_class', 'string'],
  ['customers', 'number', 'short'],
  ['age_seconds', 'number', 's', 'age'],
  ['detected_at', 'time'],
  ['opened_at', 'time'],
  ['acknowledged_at', 'time'],
  ['scope', 'string'],
  ['url', 'string'],
];

/** MTTD, MTTA and MTTR of the incidents that opened within the range, by severity: see `npx weir incidents stats`. */
async function performanceFrame({ store, tenant }: IncidentContext, range: Range): Promise<Frame> {
  const { severities, findings, compression } = await incidentStats(store, tenant, range);
  const rows = severities.map((one) => ({
    severity: one.severity === 0 ? 'all' : (severityNames[one.severity] ?? String(one.severity)),
    incidents: one.incidents,
    ...spread('mttd', one.detect),
    ...spread('mtta', one.acknowledge),
    ...spread('mttr', one.resolve),
    resolved: one.resolved,
    reopened: one.reopened,
    escalated: one.escalated,
    first_line_share: one.first_line_share,
    findings: one.severity === 0 ? findings : null,
    compression: one.severity === 0 ? compression : null,
  }));
  const times = ['mttd', 'mtta', 'mttr'].flatMap((name): Shape[] => [
    [`${name}_median`, 'number', 's', `${name.toUpperCase()} median`],
    [`${name}_p90`, 'number', 's', `${name.toUpperCase()} p90`],
  ]);
  return tableFrame(rows, [
    ['severity', 'string'],
    ['incidents', 'number', 'short'],
    ...times,
    ['resolved', 'number', 'short'],
    ['reopened', 'number', 'short'],
    ['escalated', 'number', 'short'],
    ['first_line_share', 'number', 'percentunit', 'first line'],
    ['findings', 'number', 'short'],
    ['compression', 'number', 'percentunit'],
  ]);
}

const spread = (name: string, { median, p90 }: Spread): object => ({ [`${name}_median`]: median, [`${name}_p90`]: p90 });

async function oneFrame(context: IncidentContext, query: IncidentQuery, range: Range): Promise<Frame> {
  const { store, tenant, currency } = context;
  if (query.incident === '') return empty('Choose an incident.');
  const [row] = await store.rows<{ body: string }>('incident-latest-by-id', { tenant, incident_id: query.incident }, deadline);
  if (!row) throw new WeirError('not_found', `There is no incident ${query.incident}.`, { hint: 'Choose another one, or a longer range.' });
  const incident = JSON.parse(row.body) as Incident;
  switch (query.view) {
    case 'summary':
      return summaryFrame(incident, currency);
    case 'facts':
      return tableFrame(factsOf(incident), [
        ['what', 'string'],
        ['value', 'string'],
      ]);
    case 'explanation':
      return tableFrame(
        incident.explanation.map(({ dimensions, share, remaining }) => ({ dimensions: labelText(dimensions), share, remaining })),
        [
          ['dimensions', 'string', undefined, 'what'],
          ['share', 'number', 'percentunit', 'share of the change'],
          ['remaining', 'number', 'percentunit', 'left without it'],
        ],
      );
    case 'timeline':
      return tableFrame(
        incident.timeline.map(({ at, type, actor, text }) => ({ time: Date.parse(at), type, actor, text })),
        [
          ['time', 'time'],
          ['type', 'string'],
          ['actor', 'string'],
          ['text', 'string'],
        ],
      );
    case 'findings':
      return tableFrame(
        (incident.symptoms ?? []).map(({ at, ...symptom }) => ({ time: Date.parse(at), ...symptom })),
        [
          ['time', 'time'],
          ['title', 'string'],
          ['detector', 'string'],
          ['relation', 'string'],
          ['reason', 'string'],
        ],
      );
    case 'evidence':
      return tableFrame(
        [
          ...[incident.finding.evidence.sql].filter((sql) => sql !== '').map((sql) => ({ kind: 'SQL', value: sql })),
          ...incident.finding.evidence.sample_record_ids.map((id) => ({ kind: 'record', value: id })),
          ...(incident.change_suspects ?? []).map((suspect) => ({ kind: 'change before it', value: JSON.stringify(suspect) })),
        ],
        [
          ['kind', 'string'],
          ['value', 'string'],
        ],
      );
    default:
      return chartFrame(context, incident, range);
  }
}

const empty = (text: string): Frame =>
  frameOf(
    [
      { name: 'time', type: 'time', values: [] },
      { name: 'value', type: 'number', values: [] },
    ],
    { notices: [{ severity: 'info', text }] },
  );

const labelText = (labels: Readonly<Record<string, unknown>>): string =>
  Object.entries(labels)
    .map(([name, value]) => `${name}=${Array.isArray(value) ? value.join('|') : value}`)
    .join(' ');

function summaryFrame(incident: Incident, currency: string): Frame {
  const { finding, impact } = incident;
  const of = unitOf('currency', impact.money?.currency ?? currency);
  const unit = unitOf(finding.unit, currency);
  const row = {
    title: incident.title,
    summary: incident.summary,
    state: incident.state,
    severity: incident.severity,
    severity_name: severityNames[incident.severity],
    category: incident.category,
    team: incident.team,
    assignee: incident.assignee,
    detector: finding.detector,
    scope: labelText(finding.scope),
    money: impact.money?.amount ?? null,
    money_class: impact.money?.class ?? '',
    money_method: impact.money?.method ?? '',
    recoverable_until: impact.money?.recoverable_until ?? '',
    customers: impact.customers?.count ?? null,
    observed: finding.observed,
    expected: finding.expected,
    lower: finding.lower,
    upper: finding.upper,
    score: finding.score,
    began_at: Date.parse(incident.began_at),
    detected_at: Date.parse(incident.detected_at),
  };
  return tableFrame(
    [row],
    [
      ...(['title', 'summary', 'state'] as const).map((name): Shape => [name, 'string']),
      ['severity', 'number'],
      ...(['severity_name', 'category', 'team', 'assignee', 'detector', 'scope'] as const).map((name): Shape => [name, 'string']),
      ['money', 'number', of],
      ...(['money_class', 'money_method', 'recoverable_until'] as const).map((name): Shape => [name, 'string']),
      ['customers', 'number', 'short'],
      ...(['observed', 'expected', 'lower', 'upper'] as const).map((name): Shape => [name, 'number', unit]),
      ['score', 'number'],
      ['began_at', 'time'],
      ['detected_at', 'time'],
    ],
  );
}

/** The incident in words, one fact a row; what is not known is left out. */
function factsOf({ finding, impact, ...incident }: Incident): { readonly what: string; readonly value: string }[] {
  const { money, customers } = impact;
  const number = (value: number): string => String(Math.round(value * 1000) / 1000);
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['title', incident.title],
    ['summary', incident.summary],
    ['state', [incident.state, incident.team, incident.assignee].filter((each) => each !== '').join(', ')],
    ['severity', `${incident.severity} ${severityNames[incident.severity] ?? ''}`],
    ['since', incident.began_at],
    ['detected', incident.detected_at],
    ['found by', `${finding.detector} (${incident.category})`],
    ['scope', labelText(finding.scope)],
    ['observed', `${number(finding.observed)} ${finding.unit}`],
    ['expected', `${number(finding.expected)} (${number(finding.lower)} to ${number(finding.upper)}) ${finding.unit}`],
    ['money', money && `${money.amount} ${money.currency} (${money.class}; ${money.method})`],
    ['recoverable until', money?.recoverable_until],
    ['customers', customers && `${customers.count} ${labelText(customers.segments ?? {})}`],
    ['on hold', incident.hold_reason],
    ['part of', incident.merged_into],
  ];
  return facts.flatMap(([what, value]) => (value ? [{ what, value }] : []));
}

/** What was seen and what was expected around an incident: stored scores of its series, else what its control judged, else the finding itself. */
async function chartFrame({ store, tenant, currency }: IncidentContext, { finding }: Incident, { from, to }: Range): Promise<Frame> {
  const { direction: _direction, ...labels } = finding.scope;
  const range = { tenant, from: writeInstant(from), to: writeInstant(to) };
  const series_key = findingKey(tenant, finding.detector, finding.metric, labels);
  let rows: readonly object[] = await store.rows('api-query-scores', { ...range, detector: finding.detector, series_key }, deadline);
  if (rows.length === 0) {
    const judged = await store.rows<{ readonly at: string }>(
      'api-query-judgements',
      { ...range, control: finding.detector, keys: Object.keys(labels), values: Object.values(labels) },
      deadline,
    );
    rows = judged
      .map((row) => ({ lower: null, upper: null, score: null, ...row }))
      .filter(({ at }, index, all) => index === 0 || all[index - 1]!.at !== at);
  }
  if (rows.length === 0) rows = [{ ...finding, at: Math.min(Date.parse(finding.window.to), Date.parse(finding.detected_at)) }];
  const unit = unitOf(finding.unit, currency);
  const hidden = { hideFrom: { legend: true, tooltip: false, viz: false } };
  const table = tableFrame(rows, [
    ['at', 'time', undefined, 'time'],
    ['observed', 'number', unit],
    ['expected', 'number', unit],
    ['lower', 'number', unit],
    ['upper', 'number', unit],
  ]);
  const styles: Readonly<Record<string, object>> = {
    expected: { custom: { lineWidth: 1, lineStyle: { fill: 'dash', dash: [4, 4] }, fillOpacity: 0 } },
    lower: { custom: { lineWidth: 0, fillOpacity: 0, ...hidden } },
    upper: { custom: { lineWidth: 0, fillOpacity: 12, fillBelowTo: 'lower', ...hidden } },
  };
  const fields = table.schema.fields.map((field) => ({ ...field, config: { ...field.config, ...styles[field.name] } }));
  return { ...table, schema: { ...table.schema, fields, meta: { type: 'timeseries-wide', executedQueryString: finding.evidence.sql } } };
}
