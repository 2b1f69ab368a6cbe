/**
 * Publishes the records of a unit to a topic instead of storing them: a block of records becomes messages of JSON lines, at most a hundred
 * records each. The unit is planned, sent and accounted as any other; a range that is sent again after a crash makes the same messages
 * with the same `weir-id`, which whoever reads the topic takes once.
 */
import type { Columns, Kind, RecordOf } from '../../core/column.ts';
import { accepted } from '../../core/outcome.ts';
import { ownJson } from '../../ingest/encode/own-json.ts';
import type { OutgoingMessage } from '../../ingest/kafka/producer.ts';
import type { BatchConstants, BlockBuilder } from '../../sql/native/builder.ts';
import type { Store } from '../../sql/store.ts';
import type { BatchFacts, Ledger } from './ledger.ts';
import type { PipelineSource } from './pipeline.ts';
import type { Publisher } from './publisher.ts';

/** Where a source publishes its records. */
export interface Outlet {
  readonly topic: string;
  readonly publisher: () => Publisher;
}

/** Both are part of what a message is: with others, one that is sent again after an update would be another message. */
const mostRecords = 100;
const mostBytes = 500_000;

/** The source, with a ledger that counts what is published as left out by the rule `published`. Processors run where it is stored. */
export function publishingSource(source: PipelineSource, outlet: Outlet): PipelineSource {
  const { ledger } = source;
  return { ...source, outlet, ledger: countingPublished(ledger), process: () => accepted };
}

function countingPublished(ledger: Ledger): Ledger {
  return {
    ...ledger,
    stored: (range, file, plannedAt, facts) => ledger.stored(range, file, plannedAt, publishedFacts(facts)),
  };
}

/**
 * Law: read = stored + rejected + dropped; what is published is not in the tables here.
 * @example publishedFacts({ counts: { read: 3, stored: 2, rejected: 1, dropped: 0 }, rejectedBy: {}, droppedBy: {}, eventFrom: 0, eventTo: 0 }).counts.dropped // 2
 */
export function publishedFacts(facts: BatchFacts): BatchFacts {
  const { read, stored, rejected, dropped } = facts.counts;
  return {
    ...facts,
    counts: { read, stored: 0, rejected, dropped: dropped + stored },
    droppedBy: stored > 0 ? { ...facts.droppedBy, published: stored } : facts.droppedBy,
  };
}

/** A builder and a store of which the blocks are messages. */
export function openOutlet(kind: Kind, store: Store, { topic, publisher }: Outlet): { records: BlockBuilder; store: Store } {
  const records = new MessageBuilder(kind);
  return {
    records,
    store: {
      ...store,
      insertBlock: (table, block, token) =>
        table === kind.table ? publisher().send(topic, records.messagesOf(block)) : store.insertBlock(table, block, token),
    },
  };
}

/** Takes records where blocks are built otherwise. */
export class MessageBuilder implements BlockBuilder {
  readonly kind: Kind;
  readonly capacity = Number.MAX_SAFE_INTEGER;
  readonly fault = '';
  readonly #write: (record: object) => string;
  readonly #messages = new WeakMap<Uint8Array, readonly OutgoingMessage[]>();
  #constants: BatchConstants | undefined;
  #lines: string[] = [];
  #positions: number[] = [];

  constructor(kind: Kind) {
    this.kind = kind;
    this.#write = ownJson(kind);
  }

  get rows(): number {
    return this.#lines.length;
  }

  append(record: RecordOf<Columns>, position: number): boolean {
    this.#lines.push(this.#write(record));
    this.#positions.push(position);
    return true;
  }

  /** A name for the messages of the block. */
  encode(): Uint8Array {
    const block = new Uint8Array();
    this.#messages.set(block, this.#pack());
    return block;
  }

  messagesOf(block: Uint8Array): readonly OutgoingMessage[] {
    return this.#messages.get(block) ?? [];
  }

  reset(constants: BatchConstants): void {
    this.#constants = constants;
    this.#lines = [];
    this.#positions = [];
  }

  #pack(): OutgoingMessage[] {
    if (!this.#constants) throw new RangeError('reset() gives a block its constants first');
    const { tenant, source, partition } = this.#constants;
    const messages: OutgoingMessage[] = [];
    for (let from = 0; from < this.#lines.length; ) {
      let to = from;
      for (let bytes = 0; to < this.#lines.length && to - from < mostRecords; to++) {
        bytes += Buffer.byteLength(this.#lines[to] as string) + 1;
        if (to > from && bytes > mostBytes) break;
      }
      const place = `${tenant}/${source}/${partition}`;
      messages.push({
        // Records of one file or body stay in order.
        key: `${source}/${partition}`,
        value: Buffer.from(this.#lines.slice(from, to).join('\n')),
        headers: [
          ['weir-id', `${place}/${this.#positions[from]}-${this.#positions[to - 1]}`],
          ['weir-records', String(to - from)],
        ],
      });
      from = to;
    }
    return messages;
  }
}
