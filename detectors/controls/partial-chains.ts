/** S05: chains of partial records: holes in them, and sessions that were never closed. */
import { calm, define, type Evaluation, type Judgement, type Limit, notApplicable } from '../../core/definition.ts';
import type { RowOf } from '../../core/row.ts';
import { usageWorth } from '../usage-worth.ts';
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
  holes_worth: 'number',
  holes_known: 'number',
  unclosed_worth: 'number',
  unclosed_known: 'number',
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
    description: 'Chains of a day that fell silent below which nothing is said',
  },
];

interface Part {
  readonly check: 'hole' | 'unclosed';
  readonly from: number;
  readonly to: number;
  readonly records: number;
  /** What those of which a charge is known are worth, in units of the currency, and how many they are. */
  readonly worth: number;
  readonly known: number;
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

/** At the charge of a second of the same chains, else the mean charge of the partials that are there; else asked of other legs. */
function worthOf({ charge, partials }: Row, { records, worth, known, what, perhaps }: Part) {
  const kind = perhaps ? ('risk' as const) : ('leakage' as const);
  if (known > 0) {
    const micro = ((worth * records) / known) * 1e6;
    const error = perhaps ? 1 : 0.2;
    return {
      micro,
      low: micro * (1 - error),
      high: micro * (1 + error),
      class: kind,
      method: `time of ${figure(records)} ${what} at what a second of their sessions was charged${perhaps ? ', half a part each' : ''}`,
    };
  }
  const micro = partials > 0 ? (charge / partials) * records : 0;
  return {
    micro,
    low: 0,
    high: 2 * micro,
    class: kind,
    method: `${figure(records)} ${what} x mean charge of the partial records of a day`,
  };
}

function violation(row: Row, part: Part, figures: Judgement, evaluation: Evaluation): Judgement {
  const { tenant, currency } = evaluation;
  const amount = worthOf(row, part);
  return {
    ...figures,
    // The sessions began before the hour in which their end is judged.
    window: { from: Math.min(part.from, figures.window.from), to: figures.window.to },
    state: 'violation',
    p: 0,
    ...(amount.micro > 0 ? { money: amountOf(amount, currency) } : {}),
    valued: {
      ...usageWorth({ tenant, source: row.source, service: row.service, from: part.from, to: Math.max(part.to, part.from + 1) }),
      records: part.records,
      class: amount.class,
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
    worth: row.holes_worth,
    known: row.holes_known,
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
    worth: row.unclosed_worth,
    known: row.unclosed_known,
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
  if (row.unclosed === 0 || share <= limit('unclosed') || row.unclosed_in_day < limit('unclosed_minimum')) return figures;
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
      'chain = records of a node with the same charging id, else session id, numbered 1 to k. Holes: k less the numbers that are there, of chains that began within the day and have been silent for an hour; violation above `holes`. Unclosed: the last record says partialRecord, volumeLimit, timeLimit, servingNodeChange, maxChangeCond, RATChange, interim or alike, and nothing came for three times the mean interval of the chain, at least an hour; violation when one fell silent in the hour, and of the chains of the day at least `unclosed_minimum` and a share above `unclosed` did. Worth: the missing time at what a second of the same session is charged on the leg that charges it; a part is as long as the longest of its session, an end half of that. An hour counts for 24 hours.',
    proof:
      'Run the SQL of the finding: the chains with the numbers that are there and their last cause. Ask the node for one of the missing parts.',
    recovery:
      'Have the missing parts sent again. Close stale sessions from the counters of the network, and mend what lost the ends: time-outs, a restart without recovery, packets of accounting lost.',
  },
});
