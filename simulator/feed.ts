/** What a feed of usage records is, and the record it is about to write. */

import type { UsageEvent } from './event.ts';
import type { World } from './world.ts';

/**
 * A record as one leg is about to write it. Reused for every record; a scenario may change it before it becomes text.
 * `seconds` and `octets` are what the trailer adds up.
 */
export interface Draft {
  event: UsageEvent;
  /** How often the record is written: 1, 0 = lost after it was numbered, 2 = twice. */
  copies: number;
  /** Instant from which on it may be written, ms; 0 = at once. */
  heldUntil: number;
  node: string;
  /** How far the clock of the node is ahead, ms: moves every instant of the record. */
  clockMs: number;
  /** Start in ms before the clock's offset, or a text that is written as it stands. */
  start: number | string;
  /** End in ms before the clock's offset. */
  end: number;
  durationMs: number | string;
  billableMs: number;
  octetsUp: number | string;
  octetsDown: number | string;
  /** Micro-units in `charge` of this leg. */
  charge: number;
  wholesaleCharge: number;
  /** Micro-units of the retail price behind the record: what its loss puts at risk. */
  value: number;
  /** Why it costs nothing; undefined = as the rate says. */
  zeroReason: string | undefined;
  status: string;
  /** Number in a chain of partial records from 1, and why this one was closed. */
  partial: number;
  closing: string;
  localSequence: number;
}

/** A feed of usage records as CSV. */
export interface UsageFeed {
  readonly feed: string;
  readonly leg: 'switch' | 'mediation' | 'rating' | 'mno_wholesale';
  readonly node: string;
  readonly columns: readonly string[];
  /** Delay between the closing of a record and its writing, ms. */
  readonly delay: number;
  /** Files are closed no more often than this, ms. */
  readonly period: number;
  /** How far its clock is ahead of the true time, ms. */
  readonly clockMs: number;
  /** Data sessions are cut after this time into records of their own, ms; 0 = never. */
  readonly cutMs: number;
  /** Whether the parts are written as they are closed, numbered; else all at the end. */
  readonly partials: boolean;
  /** Whether this feed writes a record of the event. */
  readonly takes: (event: UsageEvent) => boolean;
  readonly row: (draft: Draft, world: World) => string;
}

const decimals = Array.from({ length: 1000 }, (_, n) => (n === 0 ? '' : `.${`${n}`.padStart(3, '0').replace(/0+$/, '')}`));

/**
 * Seconds of ms that are not negative, as short as it goes.
 * @example secondsText(61_500) // '61.5'
 */
export function secondsText(ms: number): string {
  return `${Math.floor(ms / 1000)}${decimals[ms % 1000]}`;
}

/** Decimal text of micro-units that are not negative. */
export function amountText(micro: number): string {
  const whole = Math.floor(micro / 1e6);
  const rest = micro - whole * 1e6;
  return rest === 0 ? `${whole}` : `${whole}.${`${rest}`.padStart(6, '0')}`;
}

/**
 * Fills a draft with what an honest leg would write. Rating and host bill whole seconds, rounded up; the host also cuts the start to the second
 * and knows no ringing.
 * @param part from 0 of `parts`, of a data session that the feed cuts.
 */
export function fillDraft(draft: Draft, feed: UsageFeed, event: UsageEvent, localSequence: number, part = 0, parts = 1): void {
  const billable = event.answer === 0 ? 0 : event.end - event.answer;
  const rounds = feed.leg === 'rating' || feed.leg === 'mno_wholesale';
  draft.event = event;
  draft.copies = 1;
  draft.heldUntil = 0;
  draft.node = feed.node;
  draft.clockMs = feed.clockMs;
  draft.start = feed.leg === 'mno_wholesale' ? event.start - (event.start % 1000) : event.start;
  draft.end = event.end;
  draft.billableMs = rounds ? Math.ceil(billable / 1000) * 1000 : billable;
  draft.durationMs = feed.leg === 'mno_wholesale' ? hostDurationMs(event, draft.billableMs) : event.end - event.start;
  draft.octetsUp = event.octetsUp;
  draft.octetsDown = event.octetsDown;
  draft.charge = feed.leg === 'rating' ? event.charge : 0;
  draft.wholesaleCharge = feed.leg === 'mno_wholesale' ? event.wholesaleCharge : 0;
  draft.value = event.charge;
  draft.zeroReason = undefined;
  draft.status = 'rated';
  draft.partial = feed.partials ? part + 1 : 0;
  draft.closing = feed.partials ? (part + 1 < parts ? 'timeLimit' : 'normalRelease') : '';
  draft.localSequence = localSequence;
  if (parts > 1) cutDraft(draft, feed, event, part, parts);
}

/** One part of a session: its time, and as much of volume and value as of the time. The parts add up to the whole. */
function cutDraft(draft: Draft, feed: UsageFeed, event: UsageEvent, part: number, parts: number): void {
  const start = event.start + part * feed.cutMs;
  const end = part + 1 < parts ? start + feed.cutMs : event.end;
  const share = feed.cutMs / (event.end - event.start);
  const cut = (whole: number): number => {
    const each = Math.floor(whole * share);
    return part + 1 < parts ? each : whole - each * (parts - 1);
  };
  draft.start = feed.leg === 'mno_wholesale' ? start - (start % 1000) : start;
  draft.end = end;
  draft.durationMs = feed.leg === 'mno_wholesale' ? Math.ceil((end - start) / 1000) * 1000 : end - start;
  draft.octetsUp = cut(event.octetsUp);
  draft.octetsDown = cut(event.octetsDown);
  draft.wholesaleCharge = cut(draft.wholesaleCharge);
  draft.value = cut(event.charge);
}

function hostDurationMs(event: UsageEvent, billableMs: number): number {
  return event.service === 'data' ? Math.ceil((event.end - event.start) / 1000) * 1000 : billableMs;
}

/** Into how many records a feed cuts an event. */
export function partsOf(event: UsageEvent, cutMs: number): number {
  return cutMs === 0 || event.service !== 'data' ? 1 : Math.max(1, Math.ceil((event.end - event.start) / cutMs));
}
