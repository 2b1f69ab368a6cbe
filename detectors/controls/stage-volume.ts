/** S07: volume and value from stage to stage of the chain. */
import { calm, define, type Evaluation, type Judgement, type Limit } from '../../core/definition.ts';
import type { Explanation } from '../../core/finding.ts';
import { normalTail } from '../statistics/normal-tail.ts';
import { usageWorth } from '../usage-worth.ts';
import { amountOf } from './amount.ts';
import { type Cell, cellsOf, stageColumns as columns, type Measure, measuresOf, records } from './stage-chain.ts';
import { judgedHours, type Verdict, verdictOf } from './stage-verdict.ts';
import { figure, percent, utc } from './texts.ts';

const query = 'control-stage-volume';
const hourMs = 3_600_000;
const dayHours = 24;
const limits: readonly Limit[] = [
  {
    name: 'effect',
    default: 0.005,
    unit: 'ratio',
    min: 0.0001,
    max: 0.5,
    description: 'Relative departure from the usual ratio that counts',
  },
  {
    name: 'z',
    default: 5,
    unit: 'z',
    min: 3,
    max: 12,
    description: 'Standard deviations beyond which the three latest hours count',
    learns: 'up',
  },
  { name: 'hours', default: 12, unit: 'hours', min: 3, max: 336, description: 'Hours of history that make the usual ratio known' },
  { name: 'records', default: 30, unit: 'records', min: 5, max: 1e9, description: 'Records per hour below which a cell is too thin' },
  {
    name: 'floor',
    default: 0.0005,
    unit: 'ratio',
    min: 0,
    max: 0.1,
    description: 'Share of the revenue of the service in a day below which nothing is said',
  },
  {
    name: 'unread',
    default: 0.01,
    unit: 'ratio',
    min: 0,
    max: 1,
    description: 'Share of rejected records from which an hour is left to the control of suspense',
  },
];

const labelsOf = ({ cell, measure }: Pick<Verdict, 'cell' | 'measure'>): Readonly<Record<string, string>> => ({
  from: cell.a,
  to: cell.b,
  service: cell.service,
  dimension: cell.dimension,
  value: cell.value,
  measure: measure.name,
});

/** Revenue of the service on the downstream leg in a day, micro-units. */
const dailyOf = ({ hours }: Cell): number => hours.slice(-dayHours).reduce((sum, { b }) => sum + b.charge, 0);

const means: Readonly<Record<Measure['name'], string>> = {
  records: 'records are lost on the way',
  seconds: 'records are there but shorter: rounding, or parts that are missing',
  octets: 'records are there but smaller: counters or parts that are missing',
  charge: 'usage is there but charged less: a tariff, a discount or a zero price',
};
const meansMore: Readonly<Record<Measure['name'], string>> = {
  records: 'records are doubled, or missing upstream',
  seconds: 'records are longer: rounding against the customer',
  octets: 'records are larger: counted twice, or in another unit',
  charge: 'usage is charged more: a tariff that is too high',
};

function violation(verdict: Verdict, evaluation: Evaluation, start: Judgement, explanation: readonly Explanation[]): Judgement {
  const { cell, measure, all, run, observed, expected, worth, usual } = verdict;
  const down = all.effect < 0;
  const error =
    (2 * Math.abs(worth) * Math.max(usual.spread, measure.least)) /
    (Math.abs(all.effect) *
      Math.sqrt(
        Math.max(
          1,
          run.reduce((sum, { a }) => sum + a.n, 0),
        ),
      ));
  const what = measure.name === 'charge' ? 'charge' : measure.name;
  const where = cell.dimension === '' ? '' : ` of ${cell.dimension} ${cell.value}`;
  const span = `${Math.round((evaluation.window.to - run[0]!.at) / hourMs)} hours to ${utc(evaluation.window.to)}`;
  const unit = measure.name === 'charge' ? 1e6 : 1;
  const method = `${figure(Math.abs(expected - observed) / unit)} ${what} ${down ? 'less' : 'more'} than the usual ratio lets expect, in the ${span}${
    measure.name === 'charge' ? '' : ', at the mean charge in those hours'
  }`;
  const money =
    worth !== 0
      ? {
          money: amountOf(
            {
              micro: Math.abs(worth),
              low: down || measure.name !== 'records' ? Math.max(0, Math.abs(worth) - error) : 0,
              high: Math.abs(worth) + error,
              class: down ? 'leakage' : measure.name === 'records' ? 'risk' : 'over_charge',
              method,
            },
            evaluation.currency,
          ),
        }
      : {};
  const params = {
    tenant: evaluation.tenant,
    leg: cell.a,
    next: cell.b,
    service: cell.service,
    dimension: cell.dimension,
    value: cell.value,
    from: new Date(run[0]!.at - dayHours * hourMs).toISOString(),
    to: new Date(evaluation.window.to).toISOString(),
  };
  const amount = percent(Math.abs(all.effect), 2);
  return {
    ...start,
    // Figures and amount are those of the whole run.
    window: { from: run[0]!.at, to: evaluation.window.to },
    state: 'violation',
    direction: down ? 'down' : 'up',
    ...money,
    valued: {
      ...usageWorth({ tenant: evaluation.tenant, leg: cell.b, service: cell.service, from: run[0]!.at, to: evaluation.window.to }),
      records: measure.name === 'records' ? Math.round(Math.abs(expected - observed)) : 0,
      class: down ? 'leakage' : 'risk',
      ...(down && measure.name === 'records' ? { known: 'lacking' as const } : {}),
      what: down ? 'records that did not reach the next stage' : 'records too many',
      perhaps: !down,
    },
    affected: {
      query: 'control-usage-customers',
      params: { ...params, leg: cell.b, from: new Date(run[0]!.at).toISOString() },
      share: measure.name === 'records' ? Math.min(1, Math.abs(all.effect)) : 1,
    },
    title: `${cell.service || 'usage'}${where}: ${cell.b} has ${amount} ${down ? 'less' : 'more'} ${what} than ${cell.a} lets expect`,
    summary: `${cell.service || 'usage'}${where}: ${what} of ${cell.b} ${down ? 'fell' : 'rose'} to ${percent(1 + all.effect)} of the usual ratio to ${cell.a} in the three hours to ${utc(evaluation.window.to)}; since ${utc(run[0]!.at)}. ${down ? means[measure.name] : meansMore[measure.name]}${explained(explanation)}.`,
    beganAt: run[0]!.at,
    explanation,
    evidence: { query: 'control-stage-volume-evidence', params },
  };
}

function judgementOf(
  verdict: Verdict,
  evaluation: Evaluation,
  told: boolean,
  explanation: readonly Explanation[],
  left = 'part of a larger departure',
): Judgement {
  const { cell, all, observed, expected, worth, beyond, measure, usual } = verdict;
  const { window, limit } = evaluation;
  const unit = measure.name === 'charge' ? 1e6 : 1;
  const margin =
    (limit('z') * Math.max(usual.spread, measure.least)) /
    Math.sqrt(
      Math.max(
        1,
        verdict.run.reduce((sum, { a }) => sum + a.n, 0),
      ),
    );
  const start: Judgement = {
    ...calm(labelsOf(verdict), { from: window.to - judgedHours * hourMs, to: window.to }),
    observed: observed / unit,
    expected: expected / unit,
    lower: (expected * (1 - margin)) / unit,
    upper: (expected * (1 + margin)) / unit,
    unit: measure.name === 'charge' ? evaluation.currency : measure.name,
    statistic: all.effect,
    p: normalTail(all.z),
  };
  const charged = dailyOf(cell) > 0;
  if (beyond && told && (!charged || Math.abs(worth) >= limit('floor') * dailyOf(cell)))
    return violation(verdict, evaluation, start, explanation);
  if (beyond) return { ...start, note: told ? 'below the money floor' : left };
  const near = Math.abs(all.effect) >= limit('effect') / 2 && Math.abs(all.z) >= limit('z') / 2;
  return near ? { ...start, state: 'waiting', note: 'between half the limits and the limits' } : start;
}

/** The part of the whole that explains at least half of it. */
function explanationOf(whole: Verdict, parts: readonly Verdict[]): readonly Explanation[] {
  const gap = whole.expected - whole.observed;
  const most = parts
    .map((part) => ({ part, share: (part.expected - part.observed) / gap }))
    .filter(({ part, share }) => part.beyond && share >= 0.5 && share <= 1.5)
    .sort((one, other) => Math.abs(other.part.all.effect) - Math.abs(one.part.all.effect))[0];
  if (!most) return [];
  const share = Math.min(1, most.share);
  return [{ dimensions: { [most.part.cell.dimension]: most.part.cell.value }, share, remaining: 1 - share }];
}

const explained = (explanation: readonly Explanation[]): string =>
  explanation
    .map(
      ({ dimensions, share }) =>
        `; ${percent(share, 2)} of it in ${Object.entries(dimensions)
          .map((each) => each.join(' '))
          .join(', ')}`,
    )
    .join('');

/** Of a gap less than this share is left when all values of a dimension are added up: it was moved from one to another. */
const movedShare = 0.5;

/**
 * Whether what a part lacks another value of its dimension has too much: customers who moved to another plan, which one leg knows sooner than the other, or
 * whose plan one leg does not know. Nothing is lost by it. Records that are lost are missing of the whole as well; lengths and charges of the whole move by
 * themselves, so there the other values have to make up for it.
 */
function isMoved(part: Verdict, parts: readonly Verdict[], whole: Verdict | undefined): boolean {
  const all =
    whole && part.measure.name === 'records'
      ? whole.gap
      : parts.filter(({ cell }) => cell.dimension === part.cell.dimension).reduce((sum, { gap }) => sum + gap, 0);
  return Math.abs(all) < movedShare * Math.abs(part.gap);
}

/** Plans together have to make up so much of a charge for their prices to tell of it. */
const coveredShare = 0.8;

/**
 * Whether a charge departed because others used the service: each plan pays what it paid, but more of the usage is that of dear or of cheap ones.
 * Nothing is charged wrongly by it.
 */
function isMix({ cell, measure, seen, gap }: Verdict, all: readonly Verdict[]): boolean {
  if (measure.name !== 'charge' || cell.dimension === 'plan') return false;
  const plans = all.filter((each) => each.cell.dimension === 'plan');
  const whole = all.find((each) => each.cell.dimension === '')?.seen ?? seen;
  if (plans.reduce((sum, each) => sum + each.seen, 0) < coveredShare * whole) return false;
  return Math.abs(plans.reduce((sum, each) => sum + each.gap, 0)) < movedShare * Math.abs(gap);
}

/** Of one pair, service and measure the whole is told; where the whole is well, the one part that is worth most. */
function tell(given: readonly Verdict[], evaluation: Evaluation): readonly Judgement[] {
  const mixed = new Set(given.filter((each) => each.beyond && isMix(each, given)).map(({ cell }) => cell));
  const verdicts = given.map((each) => (mixed.has(each.cell) ? { ...each, beyond: false } : each));
  const whole = verdicts.find(({ cell }) => cell.dimension === '');
  const parts = verdicts.filter(({ cell }) => cell.dimension !== '');
  const worst = [...parts]
    .filter((part) => part.beyond && !isMoved(part, parts, whole))
    .sort((a, b) => Math.abs(b.worth) - Math.abs(a.worth) || Math.abs(b.all.z) - Math.abs(a.all.z))[0];
  return verdicts.map((verdict) => {
    const told = verdict === whole || (!whole?.beyond && verdict === worst);
    if (mixed.has(verdict.cell)) return { ...judgementOf(verdict, evaluation, false, []), state: 'ok', note: 'another mix of plans' };
    const moved = verdict !== whole && isMoved(verdict, parts, whole);
    const left = moved ? `moved to or from another ${verdict.cell.dimension}` : undefined;
    return judgementOf(verdict, evaluation, told, verdict === whole && verdict.beyond ? explanationOf(verdict, parts) : [], left);
  });
}

function judge(cells: readonly Cell[], evaluation: Evaluation): readonly Judgement[] {
  const found: Judgement[] = [];
  const verdicts = new Map<string, Verdict[]>();
  for (const cell of cells) {
    for (const measure of cell.complete ? measuresOf(cell.hours) : [records]) {
      const start = calm(labelsOf({ cell, measure }), evaluation.window);
      const verdict = cell.complete ? verdictOf(cell, measure, evaluation) : 'waiting for the other leg';
      if (typeof verdict !== 'string') {
        const key = JSON.stringify([cell.a, cell.b, cell.service, measure.name]);
        verdicts.set(key, [...(verdicts.get(key) ?? []), verdict]);
      } else if (cell.dimension === '') {
        found.push({ ...start, state: verdict.startsWith('waiting') ? 'waiting' : 'not_applicable', note: verdict });
      }
    }
  }
  for (const own of verdicts.values()) found.push(...tell(own, evaluation));
  return found;
}

/**
 * S07: records, seconds, octets and charge of two neighbouring stages, against the ratio that is usual between them.
 * @example stageVolume.identity // 'S07'
 */
export const stageVolume = define({
  identity: 'S07',
  title: 'Stage volume and value',
  kind: 'revenue',
  rater: 'assurance',
  metric: 'conversion',
  trigger: 'window-close',
  windowMs: hourMs,
  mostWindows: 3,
  needs: {
    legs: ['switch', 'aaa', 'mediation', 'ocs', 'rating', 'billing'],
    tables: ['usage_hour', 'usage', 'batches', 'findings', 'watermarks'],
    data: 'two neighbouring legs of the chain (switch or aaa, mediation, ocs, rating, billing) with half a day of history',
  },
  query,
  columns,
  lookbackMs: 14 * 86_400_000,
  limits,
  scope: ['from', 'to', 'service', 'dimension', 'value', 'measure'],
  holdMs: 0,
  // What is lost on the way comes and goes with the traffic: by night too little passes to tell.
  calmMs: dayHours * hourMs,
  store: 'all',
  evaluate(rows, evaluation) {
    const cells = cellsOf(rows, evaluation);
    if (cells.length > 0) return judge(cells, evaluation);
    const cell = { from: evaluation.leg, to: '', service: '', dimension: '', value: '', measure: '' };
    return [{ ...calm(cell, evaluation.window), state: 'not_applicable', note: 'not applicable, needs a neighbouring leg of the chain' }];
  },
  documentation: {
    meaning:
      'The same usage passes switch, mediation, rating and billing. What one stage has and the next has not is not billed. Equal records but fewer seconds are rounding or lost parts; equal records and seconds but less charge are a tariff. More than the stage before means doubled records, records missing upstream, or charging too much.',
    formula:
      'ratio = records of B / records of A; mean seconds, octets or charge of B / those of A; where A charges nothing, charge of B per octet, second or record of B. Usual: the median of the hours of two weeks, weighted by records; spread by their median absolute deviation. Violation when the three latest hours together depart by `effect` and by z standard deviations (at least as wide as if one record in 200 came later; for prices at least as wide as their mix), two of the three hours are beyond chance with at least a quarter of the departure each, and the money is above `floor` of the revenue of a day. Only hours that both watermarks have passed; hours in which a feed of either leg has a fault that S01, S02, S03 or S12 names are left out. As a whole, and by zone and plan where only a part departs and no other value of the dimension makes up for at least half of it (customers who moved to another plan, which one leg knows sooner; records that are lost are missing of the whole as well). A charge that departs while each plan pays what it paid is another mix of users, and no departure. The sum runs from the first hour of the departure. A departure that lasts a week becomes the usual.',
    proof: 'Run the SQL of the finding: both legs hour by hour, the day before beside it. Then match record by record where they differ.',
    recovery:
      'Find what changed at that hour on the way between the two stages. Lost records: send them through again. Wrong lengths or prices: mend the rule and have the usage rated again within the limit for billing late.',
  },
});
