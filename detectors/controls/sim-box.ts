/** N12: SIM-box: subscriptions that carry calls of others past interconnection. */
import { calm, define, type Evaluation, type Judgement, type Limit, notApplicable } from '../../core/definition.ts';
import type { RowOf } from '../../core/row.ts';
import { amountOf } from './amount.ts';
import { counted, figure, utc } from './texts.ts';

const columns = {
  subscriber: 'text',
  segment: 'text',
  calls: 'number',
  received: 'number',
  messages_received: 'number',
  numbers: 'number',
  places: 'number',
  seconds: 'number',
  sims: 'number',
  first_at: 'instant',
  sample: 'text',
  everybody: 'number',
  messages: 'number',
} as const;

type Row = RowOf<typeof columns>;

const query = 'control-sim-box';
const dayMs = 86_400_000;

const limits: readonly Limit[] = [
  {
    name: 'calls',
    default: 50,
    unit: 'calls',
    min: 21,
    max: 10_000,
    description: 'Outgoing calls in a day beyond which a subscriber is looked at',
    learns: 'up',
  },
  {
    name: 'numbers',
    default: 0.8,
    unit: 'ratio',
    min: 0.5,
    max: 1,
    description: 'Different numbers called / calls from which on it is a sign',
  },
  { name: 'received', default: 0.1, unit: 'ratio', min: 0, max: 0.3, description: 'Calls received / calls made up to which it is a sign' },
  { name: 'places', default: 2, unit: 'cells', min: 1, max: 20, description: 'Cells up to which it is a sign' },
  {
    name: 'sims',
    default: 4,
    unit: 'IMSIs',
    min: 2,
    max: 1_000,
    description: 'IMSIs in one equipment in a day from which on it is a sign',
  },
  {
    name: 'signs',
    default: 4,
    unit: 'signs',
    min: 2,
    max: 5,
    description: 'Signs of five (numbers, received, messages, cells, IMSIs) that make a suspect',
  },
  { name: 'rate', default: 0.05, unit: 'currency/minute', min: 0, max: 10, description: 'Termination fee that a bypassed minute costs' },
];

/**
 * Signs of a machine: ever new numbers, hardly any call received, no message received (where messages are seen at all), one place, many SIMs in a device.
 */
function signsOf(row: Row, messages: boolean, { limit }: Evaluation): readonly string[] {
  const signs: string[] = [];
  if (row.numbers >= limit('numbers') * row.calls) signs.push(`${figure(row.numbers)} different numbers in ${figure(row.calls)} calls`);
  if (row.received <= limit('received') * row.calls) signs.push(`${figure(row.received)} received`);
  if (messages && row.messages_received === 0) signs.push('no message received');
  if (row.places > 0 && row.places <= limit('places')) signs.push(`${counted(row.places, 'cell')}`);
  if (row.sims >= limit('sims')) signs.push(`${figure(row.sims)} IMSIs in its equipment`);
  return signs;
}

/**
 * N12: suspects of bypass, as a risk with evidence, never as a block: call centres look alike.
 * @example simBox.identity // 'N12'
 */
export const simBox = define({
  identity: 'N12',
  title: 'SIM-box (bypass)',
  kind: 'revenue',
  rater: 'assurance',
  metric: 'bypass_suspects',
  trigger: 'window-close',
  windowMs: dayMs,
  needs: { legs: ['switch'], tables: ['usage'], data: 'calls of the switch in both directions, with the other party' },
  query,
  columns,
  lookbackMs: dayMs,
  limits,
  scope: ['leg'],
  holdMs: 0,
  store: 'all',
  evaluate(rows, evaluation) {
    const { leg, window, limit, tenant, currency } = evaluation;
    const all = rows.find(({ subscriber }) => subscriber === '');
    // Without what is received, everybody looks like a machine.
    if (!all || all.calls === 0 || all.received === 0)
      return [notApplicable(query, { leg }, window, 'calls of the switch in both directions, with the other party')];
    const suspects = rows
      .filter(({ subscriber, calls }) => subscriber !== '' && calls > limit('calls'))
      .map((row) => ({ row, signs: signsOf(row, all.messages === 1, evaluation) }))
      .filter(({ signs }) => signs.length >= limit('signs'));
    const seconds = suspects.reduce((sum, { row }) => sum + row.seconds, 0);
    const start: Judgement = {
      ...calm({ leg }, window),
      observed: suspects.length,
      unit: 'subscribers',
      statistic: suspects.length / Math.max(1, all.everybody),
    };
    const first = suspects[0];
    if (!first) return [start];
    const segments: Record<string, number> = {};
    for (const { row } of suspects) segments[row.segment || 'unknown'] = (segments[row.segment || 'unknown'] ?? 0) + 1;
    const worth = (seconds / 60) * limit('rate') * 1e6;
    return [
      {
        ...start,
        state: 'violation',
        direction: 'up',
        p: 0,
        ...(worth > 0
          ? {
              money: amountOf(
                {
                  micro: worth,
                  low: 0,
                  high: worth,
                  class: 'risk',
                  method: `${figure(seconds / 60)} minutes of the suspects x termination fee of ${limit('rate')} (limit \`rate\`)`,
                },
                currency,
              ),
            }
          : {}),
        customers: { count: suspects.length, segments },
        note: worth > 0 ? '' : 'no amount: the limit `rate` is 0',
        title: `${leg}: ${counted(suspects.length, 'subscriber')} with the pattern of a SIM-box`,
        summary: `${counted(suspects.length, 'subscriber')} of ${figure(all.everybody)} on ${leg} called like a machine from ${utc(window.from)} to ${utc(window.to)}: ${figure(seconds / 60)} minutes. The first: ${first.signs.join(', ')}. Call centres and alarms look alike: look before anything is blocked.`,
        beganAt: suspects.reduce((earliest, { row }) => Math.min(earliest, row.first_at), first.row.first_at),
        evidence: {
          query: 'control-sim-box-evidence',
          params: {
            tenant,
            leg,
            subscribers: suspects.slice(0, 50).map(({ row }) => row.subscriber),
            from: new Date(window.from).toISOString(),
            to: new Date(window.to).toISOString(),
          },
        },
        samples: suspects.slice(0, 5).map(({ row }) => row.sample),
      },
    ];
  },
  documentation: {
    meaning:
      'A SIM-box hands calls from abroad to cheap local SIMs, so that nobody pays the termination fee. Each SIM calls ever new numbers all day from one place and receives nothing; several sit in one device.',
    formula:
      'Subscribers with more than `calls` outgoing calls in a day, and at least `signs` of five signs: different numbers / calls >= `numbers`; received / made <= `received`; no message received (where the leg brings messages); at most `places` cells; `sims` or more IMSIs in the same equipment. Worth: their minutes x `rate`, from nothing to all of it.',
    proof:
      'Run the SQL of the finding: the suspects hour by hour. A test call from abroad to an own number shows which number presents itself.',
    recovery:
      'Check the contracts of the suspects; suspend those that resell. Claim lost termination from the dealer who sold the SIMs, and cap the minutes of the plan they use.',
  },
});
