/** S05: chains of partial records: holes in them, and sessions that were never closed. */
import { calm, define, type Evaluation, type Judgement, type Limit, notApplicable } from '../../core/definition.ts';
import type { RowOf } from '../../core/row.ts';
import { amountOf } from './amount.ts';
import { counted, figure, percent, utc } from './texts.ts';

const columns = {
  source: 'text',
  node: 'text',
  service: 'text',
  chains: 'number',
  holes: 'number',
  holed: 'number',
  unclosed: 'number',
  unclosed_in_day: 'number',
  holed_customers: 'number',
  unclosed_customers: 'number',
  charge: 'money',
  partials: 'number',
  holes_from: 'instant',
  holes_to: 'instant',
  unclosed_from: 'instant',
  unclosed_to: 'instant',
  samples: 'texts',
} as const;

type Row = RowOf<typeof columns>;

const query = 'control-partial-chains';
const hourMs = 3_600_000;
const dayMs = 86_400_000;

const limits: readonly Limit[] = [
  {
    name: 'holes',
    default: 0,
    unit: 'records',
    min: 0,
    max: 1e9,
    description: 'Partial records of an hour, node and service that may be missing',
  },
  {
    name: 'unclosed',
    default: 0.005,
    unit: 'ratio',
    min: 0,
    max: 0.5,
    description: 'Share of the chains of a day that may be left unclosed',
    learns: 'up',
  },
  {
    name: 'unclosed_minimum',
    default: 5,
    unit: 'chains',
    min: 1,
    max: 1e9,
    description: 'Chains that fell silent in the hour below which nothing is said',
  },
];

interface Part {
  readonly check: 'hole' | 'unclosed';
  readonly from: number;
  readonly to: number;
  readonly records: number;
  readonly customers: number;
  readonly what: string;
  readonly perhaps: boolean;
}

function frame(row: Row, part: Part, evaluation: Evaluation): Judgement {
  const { leg, window, tenant } = evaluation;
  const cell = {
    leg,
    source: row.source,
    node: row.node,
    service: row.service,
    check: part.check,
    at: new Date(window.from).toISOString(),
  };
  return {
    ...calm(cell, window),
    evidence: {
      query: 'control-partial-chains-evidence',
      params: {
        tenant,
        leg,
        source: row.source,
        node: row.node,
        service: row.service,
        check: part.check,
        from: new Date(Math.max(part.from, window.from - dayMs)).toISOString(),
        to: new Date(window.to).toISOString(),
      },
    },
  };
}

/** At the mean charge of the partials that are there, or the value of such records on other legs. */
function violation(row: Row, part: Part, figures: Judgement, evaluation: Evaluation): Judgement {
  const { tenant, currency } = evaluation;
  const kind = part.perhaps ? 'risk' : 'leakage';
  const worth = row.partials > 0 ? (row.charge / row.partials) * part.records : 0;
  return {
    ...figures,
    state: 'violation',
    p: 0,
    ...(worth > 0
      ? {
          money: amountOf(
            {
              micro: worth,
              low: 0,
              high: 2 * worth,
              class: kind,
              method: `${figure(part.records)} ${part.what} x mean charge of the partial records of a day`,
            },
            currency,
          ),
        }
      : {}),
    valued: {
      query: 'detect-worth',
      params: {
        tenant,
        source: row.source,
        file: '',
        leg: '',
        service: row.service,
        from: new Date(part.from).toISOString(),
        to: new Date(Math.max(part.to, part.from + 1)).toISOString(),
      },
      records: part.records,
      class: kind,
      what: part.what,
      perhaps: part.perhaps,
    },
    ...(part.customers > 0 ? { customers: { count: part.customers, segments: {} } } : {}),
    beganAt: part.from,
    samples: row.samples,
  };
}

function holes(row: Row, evaluation: Evaluation): Judgement {
  const { limit } = evaluation;
  const part: Part = {
    check: 'hole',
    from: row.holes_from,
    to: row.holes_to,
    records: row.holes,
    customers: row.holed_customers,
    what: 'missing partial records',
    perhaps: false,
  };
  const figures: Judgement = {
    ...frame(row, part, evaluation),
    observed: row.holes,
    upper: limit('holes'),
    unit: 'records',
    statistic: row.holes / Math.max(1, row.holes + row.partials),
  };
  if (row.holes <= limit('holes')) return figures;
  const name = row.node || row.source;
  return {
    ...violation(row, part, figures, evaluation),
    direction: 'up',
    title: `${name} ${row.service}: ${counted(row.holes, 'partial record')} missing in ${counted(row.holed, 'session')}`,
    summary: `${counted(row.holes, 'partial record')} of ${row.service} on ${name} never came, in ${counted(row.holed, 'session')} that ended in the hour to ${utc(evaluation.window.to - hourMs)}: their chains are numbered on without them.`,
  };
}

function unclosed(row: Row, evaluation: Evaluation): Judgement {
  const { limit, window } = evaluation;
  const part: Part = {
    check: 'unclosed',
    from: row.unclosed_from,
    to: row.unclosed_to,
    records: row.unclosed,
    customers: row.unclosed_customers,
    what: 'closing records that never came, each at least one more partial',
    perhaps: true,
  };
  const share = row.unclosed_in_day / Math.max(1, row.chains);
  const figures: Judgement = {
    ...frame(row, part, evaluation),
    observed: row.unclosed,
    upper: limit('unclosed') * row.chains,
    unit: 'sessions',
    statistic: share,
  };
  if (share <= limit('unclosed') || row.unclosed < limit('unclosed_minimum')) return figures;
  const name = row.node || row.source;
  return {
    ...violation(row, part, figures, evaluation),
    direction: 'up',
    title: `${name} ${row.service}: ${counted(row.unclosed, 'session')} never closed`,
    summary: `${counted(row.unclosed, 'session')} of ${row.service} on ${name} fell silent in the hour to ${utc(window.to)} after a record that says that more follows; ${percent(share)} of the ${figure(row.chains)} chains of the day were left so.`,
  };
}

/**
 * S05: completeness of chains of partial records, and stale sessions.
 * @example partialChains.identity // 'S05'
 */
export const partialChains = define({
  identity: 'S05',
  title: 'Partial-record chains',
  kind: 'revenue',
  rater: 'assurance',
  metric: 'broken_chains',
  trigger: 'window-close',
  windowMs: hourMs,
  needs: { legs: [], tables: ['usage'], data: 'partial records with their number in the chain and a charging or session id' },
  query,
  columns,
  lookbackMs: dayMs,
  limits,
  scope: ['leg', 'source', 'node', 'service', 'check'],
  holdMs: dayMs,
  store: 'all',
  evaluate(rows, evaluation) {
    if (rows.length > 0) return rows.flatMap((row) => [holes(row, evaluation), unclosed(row, evaluation)]);
    const cell = { leg: evaluation.leg, source: '', node: '', service: '', check: '' };
    return [notApplicable(query, cell, evaluation.window, 'partial records with their number in the chain and a charging or session id')];
  },
  summarise(judgements) {
    const total = judgements.reduce((sum, { observed }) => sum + observed, 0);
    const { unit } = judgements[0]!;
    return `${counted(total, unit.replace(/s$/, ''))} in ${counted(judgements.length, 'hour')} of the last day. Latest: ${judgements.at(-1)!.summary}`;
  },
  entitle(judgements) {
    const total = judgements.reduce((sum, { observed }) => sum + observed, 0);
    const { cell } = judgements[0]!;
    const what = cell['check'] === 'hole' ? `${counted(total, 'partial record')} missing` : `${counted(total, 'session')} never closed`;
    return `${cell['node'] || cell['source']} ${cell['service']}: ${what}`;
  },
  documentation: {
    meaning:
      'A long call or data session is written in parts. A part that is missing in the middle, or an end that never comes (a RADIUS Stop, a SIP BYE, the last record of a gateway that restarted), means that only the beginning is billed.',
    formula:
      'chain = records of a node with the same charging id, else session id, numbered 1 to k. Holes: k less the numbers that are there, of chains that began within the day and have been silent for an hour; violation above `holes`. Unclosed: the last record says partialRecord, volumeLimit, timeLimit, servingNodeChange, maxChangeCond, RATChange, interim or alike, and nothing came for three times the mean interval of the chain, at least an hour; violation when `unclosed_minimum` fell silent in the hour and their share of the chains of the day is above `unclosed`. An hour counts for 24 hours.',
    proof:
      'Run the SQL of the finding: the chains with the numbers that are there and their last cause. Ask the node for one of the missing parts.',
    recovery:
      'Have the missing parts sent again. Close stale sessions from the counters of the network, and mend what lost the ends: time-outs, a restart without recovery, packets of accounting lost.',
  },
});
