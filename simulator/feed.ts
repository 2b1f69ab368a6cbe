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
  /** Start in ms, or a text that is written as it stands. */
  start: number | string;
  durationMs: number;
  billableMs: number;
  octetsUp: number | string;
  octetsDown: number | string;
  /** Micro-units in `charge` of this leg. */
  charge: number;
  wholesaleCharge: number;
  localSequence: number;
}

/** A feed of usage records as CSV. */
export interface UsageFeed {
  readonly feed: string;
  readonly leg: 'switch' | 'rating' | 'mno_wholesale';
  readonly node: string;
  readonly columns: readonly string[];
  /** Delay between the closing of a record and its writing, ms. */
  readonly delay: number;
  /** Files are closed no more often than this, ms. */
  readonly period: number;
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
 */
export function fillDraft(draft: Draft, feed: UsageFeed, event: UsageEvent, localSequence: number): void {
  const billable = event.answer === 0 ? 0 : event.end - event.answer;
  const own = feed.leg === 'switch';
  draft.event = event;
  draft.copies = 1;
  draft.start = feed.leg === 'mno_wholesale' ? event.start - (event.start % 1000) : event.start;
  draft.billableMs = own ? billable : Math.ceil(billable / 1000) * 1000;
  draft.durationMs = feed.leg === 'mno_wholesale' ? hostDurationMs(event, draft.billableMs) : event.end - event.start;
  draft.octetsUp = event.octetsUp;
  draft.octetsDown = event.octetsDown;
  draft.charge = feed.leg === 'rating' ? event.charge : 0;
  draft.wholesaleCharge = feed.leg === 'mno_wholesale' ? event.wholesaleCharge : 0;
  draft.localSequence = localSequence;
}

function hostDurationMs(event: UsageEvent, billableMs: number): number {
  return event.service === 'data' ? Math.ceil((event.end - event.start) / 1000) * 1000 : billableMs;
}
