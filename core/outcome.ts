/**
 * What became of one record. Every step returns one; nothing is thrown for bad data.
 * accepted: goes on. rejected: kept with its bytes and reason, can be replayed. dropped: left out by a rule, counted by reason.
 */
export type Outcome = Accepted | Rejected | Dropped;

export interface Accepted {
  readonly kind: 'accepted';
}

export interface Rejected {
  readonly kind: 'rejected';
  /** Stable code, e.g. `bad_time`; see docs/rejects.md. */
  readonly reason: RejectReason;
  /** Column or field at fault; empty = the record as a whole. */
  readonly field: string;
  /** What is wrong, for a person; never holds a subscriber's identity. */
  readonly detail: string;
}

export interface Dropped {
  readonly kind: 'dropped';
  /** The rule that left it out, e.g. `header`, `merged`, `filtered`. */
  readonly reason: string;
}

/** Every reason for which a record can be rejected. Decoders and processors use these and no others. */
export const rejectReasons = {
  unreadable: 'bytes that are not the format',
  column_count: 'more or fewer columns than the format has',
  too_long: 'a record longer than the limit',
  too_deep: 'nested deeper than the limit',
  missing_field: 'a required field is empty or absent',
  bad_number: 'not a number, or out of range',
  bad_time: 'not a time in the stated format, or an impossible one',
  bad_unit: 'a unit that is not known',
  bad_encoding: 'bytes that are not text in the stated encoding',
  negative_duration: 'ends before it starts',
  negative_volume: 'a volume below zero',
  impossible_value: 'a value that cannot be, e.g. a duration of more than 366 days',
  unknown_kind: 'a record of a kind that the source does not bring',
} as const;

export type RejectReason = keyof typeof rejectReasons;

/** The one accepted outcome: returned for nearly every record, so it is not made anew. */
export const accepted: Accepted = { kind: 'accepted' };

/** @example rejected('bad_time', 'start_time', 'hour 25').reason // 'bad_time' */
export function rejected(reason: RejectReason, field: string, detail: string): Rejected {
  return { kind: 'rejected', reason, field, detail };
}

/** @example dropped('header').reason // 'header' */
export function dropped(reason: string): Dropped {
  return { kind: 'dropped', reason };
}
