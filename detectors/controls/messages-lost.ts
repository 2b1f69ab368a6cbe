/** messages_lost: retention of a topic has passed what was read of it. */
import { calm, define, type Evaluation, type Judgement, notApplicable } from '../../core/definition.ts';
import type { RowOf } from '../../core/row.ts';
import { groupedBy } from '../grouped.ts';
import { figure, utc } from './texts.ts';

const columns = { source: 'text', partition: 'text', positions: 'number', noticed: 'instant' } as const;

type Row = RowOf<typeof columns>;

const query = 'control-messages-lost';
const needs = 'sources of type kafka';

function judge(source: string, rows: readonly Row[], { tenant, window, source: facts }: Evaluation): Judgement {
  if (rows.length === 0 && facts(source).type !== 'kafka') return notApplicable(query, { source }, window, needs);
  const start = { ...calm({ source }, window), unit: 'positions' };
  if (rows.length === 0) return start;
  const lost = rows.reduce((sum, { positions }) => sum + positions, 0);
  const beganAt = rows.reduce((least, { noticed }) => Math.min(least, noticed), Number.POSITIVE_INFINITY);
  const where = rows.slice(0, 3).map(({ partition, positions }) => `${partition}: ${figure(positions)}`);
  return {
    ...start,
    state: 'violation',
    observed: lost,
    direction: 'up',
    p: 0,
    note: 'no amount: what was lost was never read',
    title: `${source}: messages lost before they were read`,
    summary: `Retention removed ${figure(lost)} positions of ${source} from Kafka before they were read. ${where.join('; ')}${rows.length > 3 ? '; …' : ''}. Since ${utc(beganAt)}.`,
    beganAt,
    evidence: { query: 'control-messages-lost-evidence', params: { tenant, source } },
  };
}

/** Ranges that the ledger holds with the state lost. */
export const messagesLost = define({
  identity: 'messages_lost',
  title: 'Messages lost',
  kind: 'data',
  rater: 'assurance',
  metric: 'messages_lost',
  trigger: 'batch-stored',
  windowMs: 0,
  needs: { legs: [], tables: ['batches'], data: needs },
  query,
  columns,
  lookbackMs: 86_400_000,
  limits: [],
  scope: ['source'],
  holdMs: 0,
  store: 'all',
  evaluate(rows, evaluation) {
    const bySource = groupedBy(rows, ({ source }) => source);
    return evaluation.sources.map((source) => judge(source, bySource.get(source) ?? [], evaluation));
  },
  documentation: {
    meaning:
      'Kafka no longer had messages that Weir had not read yet: the retention of the topic was shorter than an outage or a lag. They are gone for good.',
    formula: 'violation while the ledger has a range with the state lost in the last day.',
    proof: 'The ranges by topic partition, in `batches`. With `recordsPerMessage` above 1 a message has that many positions.',
    recovery: 'Have the sender send them again; give the topic a longer retention.',
  },
});
