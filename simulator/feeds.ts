/** The feeds of usage records: which leg writes which records, with which columns, how late and how often. */
import type { UsageEvent } from './event.ts';
import { amountText, type Draft, secondsText, type UsageFeed } from './feed.ts';
import { hour, isoText, minute, offsetText } from './instant.ts';
import { mediaOf } from './media.ts';
import { currency } from './plans.ts';
import { offsetAt, type World } from './world.ts';

// Rows are joined from a list: a template would leave a tree of fifty parts that lives as long as the open file (measured: half of the run time).

const suffixes = new Map<number, string>();

function iso(instant: number, world: World): string {
  const offset = offsetAt(world, instant);
  let suffix = suffixes.get(offset);
  if (suffix === undefined) {
    suffix = offsetText(offset);
    suffixes.set(offset, suffix);
  }
  return isoText(instant, offset, suffix);
}

const startText = ({ start, clockMs }: Draft, world: World): string => (typeof start === 'string' ? start : iso(start + clockMs, world));
const lengthText = (ms: number | string): string => (typeof ms === 'string' ? ms : secondsText(ms));

/** A clock that is right, and no session is cut. */
const plainly = { clockMs: 0, cutMs: 0, partials: false } as const;

const voiceColumns = [
  'leg',
  'node',
  'service',
  'direction',
  'partner',
  'answered',
  'cause',
  'release_side',
  'final_status',
  'setup_delay_ms',
  'post_dial_delay_ms',
  'charging_id',
  'local_sequence',
  'start_time',
  'answer_time',
  'end_time',
  'duration_seconds',
  'billable_seconds',
  'mcc_mnc',
  'trunk_in',
  'route',
  'cell',
  'rat',
  'subscriber_number',
  'other_party_number',
  'imsi_number',
  'imei_number',
  'mos',
  'jitter_ms',
  'loss_percent',
] as const;

function voiceFeed(node: 'msc-1' | 'msc-2'): UsageFeed {
  return {
    feed: node,
    leg: 'switch',
    node,
    columns: voiceColumns,
    delay: 0,
    period: 0,
    ...plainly,
    takes: (event) => event.service === 'voice' && (event.cell?.node ?? 'msc-1') === node,
    row: (draft, world) => {
      const { event } = draft;
      const { subscriber, cell } = event;
      const setup = event.answer === 0 ? 0 : event.answer - event.start;
      return [
        'switch',
        draft.node,
        'voice',
        event.direction,
        event.partner,
        event.answered,
        event.cause,
        event.releaseSide,
        event.status,
        setup,
        event.postDialDelayMs,
        event.reference,
        draft.localSequence,
        startText(draft, world),
        event.answer === 0 ? '' : iso(event.answer + draft.clockMs, world),
        iso(draft.end + draft.clockMs, world),
        lengthText(draft.durationMs),
        secondsText(draft.billableMs),
        event.network,
        event.trunkIn,
        event.route,
        cell ? cell.cell : '',
        cell ? cell.rat : '4g',
        `+${subscriber.number}`,
        `+${event.other}`,
        subscriber.imsi,
        subscriber.imei,
        ...mediaOf(event),
      ].join(',');
    },
  };
}

const smsColumns = [
  'leg',
  'node',
  'service',
  'direction',
  'partner',
  'answered',
  'final_status',
  'charging_id',
  'local_sequence',
  'start_time',
  'end_time',
  'events',
  'mcc_mnc',
  'trunk_in',
  'route',
  'cell',
  'rat',
  'subscriber_number',
  'other_party_number',
  'imsi_number',
  'imei_number',
] as const;

const smsc: UsageFeed = {
  feed: 'smsc',
  leg: 'switch',
  node: 'smsc-1',
  columns: smsColumns,
  delay: 0,
  period: 0,
  ...plainly,
  takes: (event) => event.service === 'sms',
  row: (draft, world) => {
    const { event } = draft;
    const { subscriber, cell } = event;
    return [
      'switch',
      draft.node,
      'sms',
      event.direction,
      event.partner,
      event.answered,
      event.status,
      event.reference,
      draft.localSequence,
      startText(draft, world),
      iso(draft.end + draft.clockMs, world),
      '1',
      event.network,
      event.trunkIn,
      event.route,
      cell ? cell.cell : '',
      cell ? cell.rat : '4g',
      `+${subscriber.number}`,
      `+${event.other}`,
      subscriber.imsi,
      subscriber.imei,
    ].join(',');
  },
};

const dataColumns = [
  'leg',
  'node',
  'service',
  'direction',
  'partner',
  'final_status',
  'charging_id',
  'local_sequence',
  'start_time',
  'end_time',
  'duration_seconds',
  'octets_up',
  'octets_down',
  'rating_group',
  'mcc_mnc',
  'cell',
  'apn',
  'rat',
  'subscriber_number',
  'imsi_number',
  'imei_number',
] as const;

const pgw: UsageFeed = {
  feed: 'pgw',
  leg: 'switch',
  node: 'pgw-1',
  columns: dataColumns,
  delay: 0,
  period: 0,
  ...plainly,
  takes: (event) => event.service === 'data',
  row: (draft, world) => {
    const { event } = draft;
    const { subscriber, cell } = event;
    const apn = event.plan.name === 'meter' ? 'm2m' : 'internet';
    return [
      'switch',
      draft.node,
      'data',
      'na',
      event.partner,
      event.status,
      event.reference,
      draft.localSequence,
      startText(draft, world),
      iso(draft.end + draft.clockMs, world),
      lengthText(draft.durationMs),
      draft.octetsUp,
      draft.octetsDown,
      '10',
      event.network,
      cell ? cell.cell : '',
      apn,
      cell ? cell.rat : '4g',
      `+${subscriber.number}`,
      subscriber.imsi,
      subscriber.imei,
    ].join(',');
  },
};

const mediationColumns = [
  'leg',
  'node',
  'service',
  'direction',
  'partner',
  'answered',
  'charging_id',
  'local_sequence',
  'start_time',
  'end_time',
  'duration_seconds',
  'billable_seconds',
  'octets_up',
  'octets_down',
  'events',
  'zone',
  'mcc_mnc',
  'route',
  'cell',
  'subscriber_number',
  'other_party_number',
  'imsi_number',
] as const;

const ratingColumns = [
  'leg',
  'node',
  'service',
  'direction',
  'answered',
  'charging_id',
  'local_sequence',
  'start_time',
  'end_time',
  'duration_seconds',
  'billable_seconds',
  'octets_up',
  'octets_down',
  'events',
  'zone',
  'plan',
  'segment',
  'charge',
  'currency',
  'tariff',
  'zero_reason',
  'status',
  'subscriber_number',
  'other_party_number',
  'imsi_number',
] as const;

/** Whether anybody pays: an outgoing call that was answered, a message that was delivered, any data session. */
export const chargeable = (event: UsageEvent): boolean => event.direction === 'mo' && event.answered;

const mediation: UsageFeed = {
  feed: 'mediation',
  leg: 'mediation',
  node: 'med-1',
  columns: mediationColumns,
  delay: 30_000,
  period: 0,
  ...plainly,
  takes: chargeable,
  row: (draft, world) => {
    const { event } = draft;
    const { subscriber, cell } = event;
    return [
      'mediation',
      draft.node,
      event.service,
      event.service === 'data' ? 'na' : 'mo',
      event.partner,
      'true',
      event.reference,
      draft.localSequence,
      startText(draft, world),
      iso(draft.end + draft.clockMs, world),
      lengthText(draft.durationMs),
      secondsText(draft.billableMs),
      draft.octetsUp,
      draft.octetsDown,
      event.service === 'sms' ? 1 : 0,
      event.zone,
      event.network,
      event.route,
      cell ? cell.cell : '',
      `+${subscriber.number}`,
      event.other === '' ? '' : `+${event.other}`,
      subscriber.imsi,
    ].join(',');
  },
};

const rating: UsageFeed = {
  feed: 'rating',
  leg: 'rating',
  node: 'billing-1',
  columns: ratingColumns,
  delay: 90_000,
  period: 0,
  ...plainly,
  takes: chargeable,
  row: (draft, world) => {
    const { event } = draft;
    const { subscriber } = event;
    const { plan } = event;
    const reason = draft.zeroReason ?? (draft.charge === 0 ? event.rate.zeroReason || 'free' : '');
    return [
      'rating',
      draft.node,
      event.service,
      event.service === 'data' ? 'na' : 'mo',
      'true',
      event.reference,
      draft.localSequence,
      startText(draft, world),
      iso(draft.end + draft.clockMs, world),
      lengthText(draft.durationMs),
      secondsText(draft.billableMs),
      draft.octetsUp,
      draft.octetsDown,
      event.service === 'sms' ? 1 : 0,
      event.zone,
      plan.name,
      plan.segment,
      amountText(draft.charge),
      currency,
      `${plan.tariff}-${plan.version}`,
      reason,
      draft.status,
      `+${subscriber.number}`,
      event.other === '' ? '' : `+${event.other}`,
      subscriber.imsi,
    ].join(',');
  },
};

const wholesaleColumns = [
  'leg',
  'node',
  'service',
  'direction',
  'partner',
  'answered',
  'start_time',
  'duration_seconds',
  'billable_seconds',
  'octets_up',
  'octets_down',
  'events',
  'zone',
  'mcc_mnc',
  'wholesale_charge',
  'currency',
  'subscriber_number',
  'other_party_number',
  'imsi_number',
] as const;

const hostWholesale: UsageFeed = {
  feed: 'host-wholesale',
  leg: 'mno_wholesale',
  node: 'host-1',
  columns: wholesaleColumns,
  delay: 45 * minute,
  period: hour,
  ...plainly,
  takes: chargeable,
  row: (draft, world) => {
    const { event } = draft;
    const { subscriber } = event;
    return [
      'mno_wholesale',
      draft.node,
      event.service,
      event.service === 'data' ? 'na' : 'mo',
      'host-mno',
      'true',
      startText(draft, world),
      lengthText(draft.durationMs),
      secondsText(draft.billableMs),
      draft.octetsUp,
      draft.octetsDown,
      event.service === 'sms' ? 1 : 0,
      event.zone,
      event.network,
      amountText(draft.wholesaleCharge),
      currency,
      `+${subscriber.number}`,
      event.other === '' ? '' : `+${event.other}`,
      subscriber.imsi,
    ].join(',');
  },
};

/** The usage feeds of an operator without back office, in the order of the chain. */
export const usageFeeds: readonly UsageFeed[] = [voiceFeed('msc-1'), voiceFeed('msc-2'), smsc, pgw, rating, hostWholesale];

/** Clocks of a healthy operator differ by less than a second; the gateway closes a session each hour, the host cuts it where it likes. */
const chain: readonly UsageFeed[] = [
  { ...voiceFeed('msc-1'), clockMs: 240 },
  { ...voiceFeed('msc-2'), clockMs: -310 },
  { ...smsc, clockMs: 120 },
  { ...pgw, columns: [...dataColumns, 'partial_sequence', 'closing_cause'], clockMs: -80, cutMs: hour, partials: true, row: partialRow },
  { ...mediation, clockMs: 60 },
  { ...rating, clockMs: 150 },
  { ...hostWholesale, clockMs: -700, cutMs: 90 * minute },
];

function partialRow(draft: Draft, world: World): string {
  return `${pgw.row(draft, world)},${draft.partial},${draft.closing}`;
}

/**
 * Every usage feed of a world, in the order of the chain.
 * @example feedsOf({ backOffice: true }).map(({ leg }) => leg).includes('mediation') // true
 */
export function feedsOf({ backOffice }: Pick<World, 'backOffice'>): readonly UsageFeed[] {
  return backOffice ? chain : usageFeeds;
}
