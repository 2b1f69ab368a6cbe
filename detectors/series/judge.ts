/** What stands against a part, in the words of the detection loop. */
import { calm, type Evidence, type Judgement } from '../../core/definition.ts';
import type { FindingMoney } from '../../core/finding.ts';
import { amountOf } from '../controls/amount.ts';
import { counted, figure, percent, utc } from '../controls/texts.ts';
import { usageWorth } from '../usage-worth.ts';
import type { SeriesDefinition } from './definition.ts';
import type { Part } from './part.ts';
import type { Standing } from './standing.ts';

const dayMs = 86_400_000;
const weekMs = 7 * dayMs;

export interface JudgeContext {
  readonly tenant: string;
  readonly currency: string;
}

/** Labels of a node: its dimensions and values. */
export function labelsOf({ definition, state }: Part, node: number): Record<string, string> {
  return Object.fromEntries(state.nodes.values(node).map((value, at) => [definition.dimensions[at]!, value]));
}

/** How a metric is called after whom it belongs to: "acme: voice traffic". */
const nouns: Readonly<Record<string, string>> = {
  usage_records: 'traffic',
  usage_answered: 'answered traffic',
  usage_seconds: 'billable seconds',
  usage_octets_down: 'octets down',
  usage_octets_up: 'octets up',
  usage_charge: 'charges',
  answer_ratio: 'answer ratio',
  call_seconds: 'call duration',
  setup_delay_ms: 'set-up delay',
  charge_per_record: 'mean charge',
  device_gauge: 'gauge',
  device_readings: 'readings',
  lifecycle_steps: 'steps',
  lifecycle_success: 'success ratio',
};

/**
 * What a finding is about.
 * @example subjectOf(usageVolume, { leg: 'switch', service: 'voice', partner: 'acme' }) // 'acme: voice traffic'
 */
export function subjectOf({ metric, where }: SeriesDefinition, labels: Readonly<Record<string, string>>): string {
  const { leg, service = where['service']?.length === 1 ? where['service'][0] : undefined, ...rest } = labels;
  const who = Object.values(rest).filter(Boolean);
  const what = [service, metric.name === 'device_gauge' ? '' : nouns[metric.name]].filter(Boolean).join(' ');
  if (who.length > 0) return what === '' ? who.join(', ') : `${who.join(', ')}: ${what}`;
  return leg === undefined ? what : `${what} of ${leg}`;
}

/** Figures of a standing in the unit of the metric: totals of counts and sums, ratios and means as such. */
function figuresOf({ metric }: SeriesDefinition, { onset }: Standing) {
  const per = metric.signal === 'ratio' || metric.signal === 'mean' ? Math.max(onset.carriers, 1e-9) : 1;
  const { observed, expected, lower, upper } = onset;
  return { observed: observed / per, expected: expected / per, lower: lower / per, upper: upper / per };
}

function amountText({ metric }: SeriesDefinition, { observed, expected }: { observed: number; expected: number }): string {
  if (metric.signal === 'ratio') return `${percent(observed, 2)}, ${percent(expected, 2)} expected`;
  if (expected === 0) return `${figure(observed)} where none was expected`;
  return `${percent(Math.abs((observed - expected) / expected), 2)} ${observed < expected ? 'below' : 'above'} expected`;
}

/** Money of metrics that are money themselves. */
function moneyOf({ metric }: SeriesDefinition, { onset }: Standing, currency: string): FindingMoney | undefined {
  if (metric.numerator !== 'charge') return undefined;
  const gap = onset.observed - onset.expected;
  return amountOf(
    {
      micro: Math.abs(gap) * 1e6,
      low: Math.max(0, gap < 0 ? onset.lower - onset.observed : onset.observed - onset.upper) * 1e6,
      high: Math.max(0, gap < 0 ? onset.upper - onset.observed : onset.observed - onset.lower) * 1e6,
      class: metric.signal === 'mean' ? (gap < 0 ? 'leakage' : 'over_charge') : 'risk',
      method: `charges since it began ${gap < 0 ? 'below' : 'above'} those expected from ${metric.signal === 'mean' ? 'the usual mean charge of such records' : 'time of day, weekday and level'}`,
    },
    currency,
  );
}

/** Parameters that single out the series of a node, for the queries about it. */
export function paramsOf({ definition, state, fixed }: Part, node: number, tenant: string): Record<string, string | readonly string[]> {
  const values = state.nodes.values(node);
  const usage = definition.metric.table === 'usage';
  const cut = definition.dimensions.map((dimension, at) => ({ dimension, value: values[at] })).slice(usage ? 1 : 0);
  const places = ['first', 'second', 'third'];
  const params: Record<string, string | readonly string[]> = { tenant, ...whereParams(definition) };
  if (usage) params['leg'] = fixed;
  places.forEach((place, at) => {
    const value = cut[at]?.value;
    params[place] = value === undefined ? 'tenant' : cut[at]!.dimension;
    params[`${place}_value`] = value ?? tenant;
  });
  return params;
}

/** The filters of a definition as parameters. */
export function whereParams({ where }: SeriesDefinition): Record<string, string | readonly string[]> {
  const [only, also] = Object.entries(where);
  return { only: only?.[0] ?? 'tenant', only_values: only?.[1] ?? [], also: also?.[0] ?? 'tenant', also_values: also?.[1] ?? [] };
}

/** The cell of a node: its labels and the direction, as a drop and a surge are two findings. */
export function cellOf(part: Part, node: number, direction: 'down' | 'up'): Record<string, string> {
  return { ...labelsOf(part, node), direction };
}

function sentenceOf(part: Part, standing: Standing, subject: string): string {
  const { definition } = part;
  const { metric } = definition;
  const { from, to, carriers } = standing.onset;
  const figures = figuresOf(definition, standing);
  const unit = metric.signal === 'ratio' ? '' : ` ${metric.unit === 'currency' ? '' : metric.unit}`.trimEnd();
  const value = (x: number) => (metric.signal === 'ratio' ? percent(x, 3) : figure(metric.signal === 'count' ? Math.round(x) : x));
  const of = metric.table === 'usage' ? ` of ${part.fixed}` : '';
  const rest = metric.signal === 'count' || metric.signal === 'sum' ? '' : ` over ${figure(Math.round(carriers))}`;
  const below =
    standing.kind === 'own' || standing.evidence.length === 0
      ? ''
      : `; ${counted(standing.evidence.length, 'series')} below it ${standing.evidence.length === 1 ? 'moves' : 'move'} with it`.replace(
          'seriess',
          'series',
        );
  return `${subject} ${amountText(definition, figures)}: ${value(figures.observed)}${unit}${rest}${of} from ${utc(from)} to ${utc(to)}, ${value(figures.expected)}${unit} expected from time of day, weekday and level${below}.`;
}

/** The violation that a standing is. */
export function violationOf(part: Part, standing: Standing, { tenant, currency }: JudgeContext): Judgement {
  const { definition } = part;
  const { metric } = definition;
  const { onset, node } = standing;
  const labels = labelsOf(part, node);
  const figures = figuresOf(definition, standing);
  const subject = subjectOf(definition, labels);
  const params = paramsOf(part, node, tenant);
  const money = moneyOf(definition, standing, currency);
  const change = figures.expected === 0 ? 1 : Math.abs((figures.observed - figures.expected) / figures.expected);
  const evidence: Evidence = {
    query: `series-${metric.table}-evidence`,
    params: {
      ...params,
      window_seconds: definition.bucketMs / 1000,
      numerator: metric.table === 'usage' ? metric.numerator : '',
      denominator: metric.table === 'usage' ? metric.denominator || 'records' : '',
      since: new Date(onset.to - 2 * dayMs).toISOString(),
      to: new Date(onset.to).toISOString(),
    },
  };
  return {
    ...calm(cellOf(part, node, onset.direction), { from: onset.from, to: onset.to }),
    ...figures,
    state: 'violation',
    unit: metric.unit === 'currency' ? currency : metric.unit,
    direction: onset.direction,
    statistic: onset.score,
    p: 10 ** -Math.min(onset.score, 30),
    ...(money ? { money } : {}),
    ...(metric.table === 'usage'
      ? {
          affected: {
            query: 'series-customers',
            params: { ...params, since: new Date(onset.from - weekMs).toISOString(), to: new Date(onset.to - weekMs).toISOString() },
            share: Math.min(1, change),
          },
        }
      : {}),
    ...valuedOf(part, standing, labels, tenant),
    note: '',
    title: `${subject} ${amountText(definition, figures)}`,
    summary: sentenceOf(part, standing, subject),
    beganAt: onset.from,
    evidence,
  };
}

/** Records of a service are worth what its charging leg charges for them. */
function valuedOf(
  { definition, fixed }: Part,
  { onset }: Standing,
  labels: Readonly<Record<string, string>>,
  tenant: string,
): Pick<Judgement, 'valued'> {
  const { metric, where } = definition;
  const service = labels['service'] ?? (where['service']?.length === 1 ? where['service'][0] : undefined);
  if (metric.name !== 'usage_records' || service === undefined) return {};
  return {
    valued: {
      ...usageWorth({ tenant, leg: fixed, service, from: onset.from, to: onset.to }),
      records: Math.abs(Math.round(onset.observed - onset.expected)),
      class: 'risk',
      what: onset.direction === 'down' ? 'records missing' : 'records too many',
    },
  };
}
