/** What a processor may ask of the world. Interfaces only: `app/` fills them, so processors stay pure. */
import type { CauseScheme } from './causes.ts';
import type { Clock } from './clock.ts';

export interface ProcessorContext {
  readonly clock: Clock;
  readonly pseudonym: Pseudonym;
  readonly reference: Reference;
  readonly recentKeys: RecentKeys;
}

/** Keyed HMAC-SHA256 of an identity, first 64 bits. The same identity gives the same pseudonym; without the key nothing can be read back. */
export interface Pseudonym {
  /**
   * @param identity normalised: E.164 digits without +, IMSI digits, or a user name. Empty gives 0n.
   * @param lasting false = likely a stranger, asked once: it must not push a subscriber out of the cache. Changes no result.
   */
  of(identity: string, lasting?: boolean): bigint;
}

/** Business keys seen lately, bounded: marks repeats as they come in. The authority is SQL. */
export interface RecentKeys {
  /** 0 = not seen, 1 = seen in this batch, 2 = seen before this batch; and remembers it. */
  seen(key: bigint): 0 | 1 | 2;
}

/** Small reference data held in memory and replaced as a whole. Undefined = not known. */
export interface Reference {
  /** Longest known prefix of an E.164 number (digits without +). */
  destination(digits: string): Destination | undefined;
  cell(cell: string): CellFacts | undefined;
  /** Whether any cell is known: without, an unknown one says nothing. */
  readonly knowsCells: boolean;
  /** Partner behind a serving network or a route. */
  partnerOfNetwork(mccMnc: string): string | undefined;
  partnerOfRoute(route: string): string | undefined;
  /** Plan and segment by subscription pseudonym: only where the base is small enough to be held. */
  subscription(pseudonym: bigint): SubscriptionFacts | undefined;
  causeClass(scheme: CauseScheme, value: number, partner: string): string | undefined;
}

export interface Destination {
  readonly prefix: string;
  readonly country: string;
  readonly zone: string;
}

export interface CellFacts {
  readonly site: string;
  readonly zone: string;
  readonly rat: string;
  readonly node: string;
}

export interface SubscriptionFacts {
  readonly plan: string;
  readonly segment: string;
}
