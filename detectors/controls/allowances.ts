/** S19, second part: usage that an allowance made free beyond the usual. */
import { calm, define, type Evaluation, type Judgement, notApplicable } from '../../core/definition.ts';
import type { RowOf } from '../../core/row.ts';
import { binomialTail } from '../statistics/binomial-tail.ts';
import { amountOf } from './amount.ts';
import { counted, figure, percent, utc } from './texts.ts';

const dayMs = 86_400_000;

const columns = {
  leg: 'text',
  service: 'text',
  zone: 'text',
  plan: 'text',
  blocks: 'numbers',
  n: 'numbers',
  free: 'numbers',
  customers: 'number',
  charged: 'number',
  total: 'number',
  free_units: 'number',
  charged_units: 'number',
  ends: 'instant',
} as const;

const query = 'control-allowances';
/** Rise that counts where one earlier day is all that is known. */
const alone = 0.03;
/** Records beyond the usual below which nothing is said. */
const fewest = 3;

function allowance(row: RowOf<typeof columns>, evaluation: Evaluation): Judgement {
  const { limit, tenant, currency } = evaluation;
  const window = { from: row.ends - dayMs, to: row.ends };
  const cell = { leg: row.leg, service: row.service, zone: row.zone, plan: row.plan };
  const at = row.blocks.indexOf(0);
  const [n, free] = at === -1 ? [0, 0] : [row.n[at]!, row.free[at]!];
  const shares = row.blocks.flatMap((block, place) =>
    block > 0 && row.n[place]! >= limit('records') ? [row.free[place]! / row.n[place]!] : [],
  );
  const start: Judgement = { ...calm(cell, window), observed: free, unit: 'records', statistic: n === 0 ? 0 : free / n };
  if (shares.length === 0)
    return { ...start, state: 'not_applicable', note: `not applicable, needs ${limit('records')} records of an earlier day` };
  const usual = Math.max(...shares);
  // Of one earlier day nobody knows how much the days differ.
  const apart = shares.length > 1 ? 3 * (usual - Math.min(...shares)) : alone;
  const accepted = Math.min(1, usual + Math.max(limit('rise'), apart));
  const excess = free - usual * n;
  const p = n === 0 ? 1 : binomialTail(free, n, accepted).upper;
  const figures: Judgement = { ...start, expected: usual * n, upper: accepted * n, p };
  const mean = row.charged > 0 ? row.total / row.charged : 0;
  // Few records are seldom of mean size: what they used counts, where it is known.
  const used = row.charged_units > 0 ? (row.free_units * row.total) / row.charged_units : 0;
  const each = used > 0 ? used / free : mean;
  const worth = excess * each;
  if (free <= accepted * n || p > limit('p') || excess < fewest || worth <= 0 || worth < limit('floor') * row.total) return figures;
  const where = [row.zone, row.plan && `plan ${row.plan}`].filter(Boolean).join(', ');
  return {
    ...figures,
    state: 'violation',
    direction: 'up',
    money: amountOf(
      {
        micro: worth * 1e6,
        low: Math.max(0, free - accepted * n) * each * 1e6,
        high: free * each * 1e6,
        class: 'leakage',
        method: `${figure(Math.round(excess))} records beyond the usual share x ${used > 0 ? 'what they used at the mean price' : 'mean charge'} of the service in the zone`,
      },
      currency,
    ),
    customers: { count: row.customers, segments: {} },
    title: `${row.service} (${where}): ${percent(free / n, 2)} free by an allowance, usual are ${percent(usual, 2)}`,
    summary: `${counted(free, 'record')} of ${figure(n)} of ${row.service} (${where}) on ${row.leg} were free by an allowance in the day to ${utc(row.ends)} (${percent(free / n)}); ${percent(usual)} on the days before.`,
    beganAt: window.from,
    evidence: {
      query: 'control-allowances-evidence',
      params: { tenant, ...cell, from: new Date(window.from).toISOString(), to: new Date(window.to).toISOString() },
    },
  };
}

/**
 * S19, second part: usage that allowances made free beyond the usual share.
 * @example allowances.metric // 'allowance_share'
 */
export const allowances = define({
  identity: 'S19',
  title: 'Allowance beyond the usual',
  kind: 'revenue',
  rater: 'assurance',
  metric: 'allowance_share',
  trigger: 'nightly',
  windowMs: 0,
  needs: {
    legs: ['rating', 'ocs', 'billing'],
    tables: ['usage', 'usage_hour'],
    data: 'charged usage that says what an allowance made free',
  },
  query: query,
  columns: columns,
  lookbackMs: 8 * dayMs,
  limits: [
    {
      name: 'rise',
      default: 0.002,
      unit: 'ratio',
      min: 0.001,
      max: 0.9,
      description: 'Rise of the share of free usage above the highest of the days before, or three times what those differ if that is more',
      learns: 'up',
    },
    {
      name: 'p',
      default: 1e-5,
      unit: 'p',
      min: 1e-12,
      max: 0.01,
      description: 'Largest tail probability of the count at the share that is accepted',
    },
    {
      name: 'records',
      default: 50,
      unit: 'records',
      min: 10,
      max: 1e9,
      description: 'Records of an earlier day that make its share known',
    },
    {
      name: 'floor',
      default: 0.0005,
      unit: 'ratio',
      min: 0,
      max: 0.5,
      description: 'Share of the charges of the service in the zone, of the days compared, below which nothing is said',
    },
  ],
  scope: ['leg', 'service', 'zone', 'plan'],
  holdMs: 2 * dayMs,
  store: 'all',
  evaluate: (rows, evaluation) =>
    rows.length === 0
      ? [
          notApplicable(
            query,
            { leg: '', service: '', zone: '', plan: '' },
            evaluation.window,
            'charged usage that says what an allowance made free',
          ),
        ]
      : rows.map((row) => allowance(row, evaluation)),
  documentation: {
    meaning:
      'An allowance covers what it was not sold for: a bundle that applies to roaming or premium numbers after a change, units that no longer count down, a bundle that outlives its month. The usage looks rightly free, record by record.',
    formula:
      'share = answered records with charge 0 and zero reason allowance / answered records, by leg, service, zone and plan in the latest day; violation above the highest share of the day before and of the same day a week before by `rise` and by three times what those two differ, with an exact binomial tail of at most p, and the records beyond it, for what they used at the mean price of the service in the zone, above `floor`.',
    proof:
      'Run the SQL of the finding: the subscribers with the most free usage and their tariffs. Compare one with the terms of the bundle and its counter.',
    recovery: 'Mend the scope or the validity of the bundle, have the usage rated again and billed where the contract allows.',
  },
});
