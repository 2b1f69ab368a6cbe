/** Writes the usage records of one feed into its open file, with what scenarios make of them. */
import type { UsageEvent } from './event.ts';
import { type Draft, fillDraft, partsOf, type UsageFeed } from './feed.ts';
import type { LineFigures } from './file.ts';
import type { Injection } from './scenario.ts';
import { comesOut, deciding } from './stages.ts';
import type { World } from './world.ts';

/** Lines and figures of the file that is open. */
export interface Sheet {
  lines: string[];
  figures: LineFigures[];
}

/** Told of each record that a feed has written. @param charge micro-units that it states. @param quantity seconds, octets or messages. */
export type Written = (event: UsageEvent, charge: number, quantity: number) => void;

export interface UsageWriter {
  /** Writes the records of the events that the feed closes before an instant. @param closed in order of closing. */
  write(closed: readonly UsageEvent[], to: number, into: Sheet): void;
}

/** A record that a scenario holds back. */
interface Held {
  readonly until: number;
  readonly line: string;
  readonly figures: LineFigures;
  readonly event: UsageEvent;
  readonly charge: number;
  readonly quantity: number;
}

const scratch = {} as Draft;

/**
 * @param from first instant that counts: what was written before belongs to an earlier run.
 * @param firstNumber number before the first record of the node.
 */
export function usageWriter(
  usage: UsageFeed,
  world: World,
  injections: readonly Injection[],
  from: number,
  firstNumber: number,
  tell?: Written,
): UsageWriter {
  const changing = injections.filter(({ record, feeds }) => record && (feeds === undefined || feeds.includes(usage.feed)));
  const stage = usage.leg === 'mediation' || usage.leg === 'rating' ? usage.leg : undefined;
  const decide = stage ? deciding(injections) : [];
  let number = firstNumber;
  let writtenTo = from;
  let held: Held[] = [];

  function put(event: UsageEvent, part: number, parts: number, into: Sheet): void {
    fillDraft(scratch, usage, event, ++number, part, parts);
    for (let i = 0; i < changing.length; i++) changing[i]!.record!(scratch, usage, world);
    for (let copy = 0; copy < scratch.copies; copy++) {
      const line = usage.row(scratch, world);
      const figures = figuresOf(scratch);
      const charge = usage.leg === 'mno_wholesale' ? scratch.wholesaleCharge : figures.charge;
      const quantity = event.service === 'voice' ? scratch.billableMs / 1000 : event.service === 'data' ? figures.octets : 1;
      if (scratch.heldUntil > 0) {
        held.push({ until: scratch.heldUntil, line, figures, event, charge, quantity });
        continue;
      }
      into.lines.push(line);
      into.figures.push(figures);
      tell?.(event, charge, quantity);
    }
  }

  return {
    write(closed, to, into) {
      const last = to - usage.delay;
      for (let i = firstAt(closed, writtenTo - usage.delay); i < closed.length; i++) {
        const event = closed[i]!;
        if (event.closedAt >= last) break;
        if (!usage.takes(event) || (event.only !== '' && event.only !== usage.feed)) continue;
        if (usage.partials) {
          const parts = partsOf(event, usage.cutMs);
          put(event, event.interim === 0 ? parts - 1 : event.interim - 1, parts, into);
          continue;
        }
        if (event.interim !== 0 || (stage && !comesOut(event, stage, decide))) continue;
        const parts = partsOf(event, usage.cutMs);
        for (let part = 0; part < parts; part++) put(event, part, parts, into);
      }
      writtenTo = to;
      if (held.length === 0) return;
      for (const { until, line, figures, event, charge, quantity } of held) {
        if (until > to) continue;
        into.lines.push(line);
        into.figures.push(figures);
        tell?.(event, charge, quantity);
      }
      held = held.filter(({ until }) => until > to);
    },
  };
}

/** Index of the first event closed at or after an instant. */
export function firstAt(closed: readonly UsageEvent[], instant: number): number {
  let low = 0;
  let high = closed.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (closed[middle]!.closedAt < instant) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The host's trailer adds up what it charges us, as its records do. */
function figuresOf({ durationMs, octetsUp, octetsDown, charge, wholesaleCharge, value }: Draft): LineFigures {
  return {
    durationMs: typeof durationMs === 'number' ? durationMs : 0,
    octets: (typeof octetsUp === 'number' ? octetsUp : 0) + (typeof octetsDown === 'number' ? octetsDown : 0),
    charge: charge + wholesaleCharge,
    value,
  };
}
