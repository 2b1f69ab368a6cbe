/**
 * What of a topic partition may be committed: the ledger of ranges that are on their way. Pure. It alone decides, so it knows nothing of
 * Kafka: an offset is committable when everything from the start of the assignment up to it is stored, whatever the order of the answers.
 *
 * @example
 * const ledger = createInFlight();
 * ledger.assign('calls/0', 10);
 * const first = ledger.begin('calls/0', 10, 19);
 * const second = ledger.begin('calls/0', 20, 29);
 * ledger.complete(second); // undefined: 10 to 19 is not stored yet
 * ledger.complete(first); // 30
 */

/** A range on its way, and the assignment that it belongs to: an answer that comes after a revocation says nothing about the next owner. */
export interface Ticket {
  readonly partition: string;
  readonly assignment: number;
  readonly first: number;
  readonly last: number;
}

export interface InFlight {
  /** The partition is ours from here on; `from` is the first offset that is not known to be stored. Forgets what was before. */
  assign(partition: string, from: number): void;
  /** The partition is no longer ours: nothing of it is committable, and late answers are ignored. */
  revoke(partition: string): void;
  /**
   * A range is sent. Undefined, and nothing may be sent, when the partition is not ours, when a range before it failed, or when it
   * does not lie behind the one begun last: a repeat, or an offset that is none.
   */
  begin(partition: string, first: number, last: number): Ticket | undefined;
  /** The range is stored. Returns the offset to commit (the one behind the last stored), when that moved. */
  complete(ticket: Ticket): number | undefined;
  /** The range is not stored: it and all behind it stay uncommitted until the partition is assigned again. */
  fail(ticket: Ticket): void;
  /** Ranges of the partition that are neither stored nor failed. */
  open(partition: string): number;
}

interface Range {
  readonly ticket: Ticket;
  stored: boolean;
}

interface Held {
  readonly assignment: number;
  /** First offset that the next range may begin at. */
  next: number;
  failed: boolean;
  readonly ranges: Range[];
}

export function createInFlight(): InFlight {
  const partitions = new Map<string, Held>();
  let assignments = 0;
  const held = ({ partition, assignment }: Ticket): Held | undefined => {
    const found = partitions.get(partition);
    return found?.assignment === assignment ? found : undefined;
  };
  return {
    assign(partition, from) {
      partitions.set(partition, { assignment: ++assignments, next: from, failed: false, ranges: [] });
    },
    revoke(partition) {
      partitions.delete(partition);
    },
    begin(partition, first, last) {
      const found = partitions.get(partition);
      if (!found || found.failed || !Number.isSafeInteger(first) || !Number.isSafeInteger(last)) return undefined;
      if (first < found.next || last < first) return undefined;
      const ticket: Ticket = { partition, assignment: found.assignment, first, last };
      found.ranges.push({ ticket, stored: false });
      found.next = last + 1;
      return ticket;
    },
    complete(ticket) {
      const found = held(ticket);
      const range = found?.ranges.find((one) => one.ticket === ticket);
      if (!found || !range || range.stored) return undefined;
      range.stored = true;
      let committable: number | undefined;
      while (found.ranges[0]?.stored) committable = (found.ranges.shift() as Range).ticket.last + 1;
      return committable;
    },
    fail(ticket) {
      const found = held(ticket);
      const at = found?.ranges.findIndex((one) => one.ticket === ticket && !one.stored) ?? -1;
      if (!found || at < 0) return;
      found.failed = true;
      // What stands before it may still become committable; it and what stands behind it never.
      found.ranges.splice(at);
    },
    open: (partition) => partitions.get(partition)?.ranges.filter(({ stored }) => !stored).length ?? 0,
  };
}
