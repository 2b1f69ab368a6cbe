/**
 * One topic partition that is ours: takes its messages in order, fills a batch, sends it, one at a time. What it may not take it leaves
 * to be offered again. After any failure it is opened again from the ledger, which knows where it stands.
 */
import { dropped } from '../../core/outcome.ts';
import type { KafkaMessage, TopicPartition } from '../../ingest/kafka/consumer.ts';
import type { Ticket } from '../../ingest/kafka/in-flight.ts';
import { firstPosition, offsetOf } from '../../ingest/kafka/message-reader.ts';
import { type OpenBatch, openBatch } from './kafka-batch.ts';
import type { PartitionDesk } from './kafka-desk.ts';
import { newGaps } from './kafka-gaps.ts';
import { type KafkaResume, markOf, type PlannedRange } from './kafka-ledger.ts';
import { idOf, newMessageIds, recordsOf } from './message-ids.ts';
import type { UnitTotals } from './unit-writer.ts';

/** A message that was sent again by whoever published it. */
const repeat = dropped('repeat');

/** A partition with more to read that gives nothing for this long is opened again; after each time in vain it may take twice as long, ms. */
const stuckMs = 30_000;
const longestStuckMs = 3_600_000;
/** How much longer a batch may be filled while more waits, ms. */
const behindMs = 15_000;

/** Bytes of dead letters held before the batch is closed early. */
const letterBytes = 33_554_432;

/** `opening`: the ledger is asked; `checking`: the next message must be the one that the ledger knows; `leaving`: it goes to somebody else. */
export type PartitionState = 'opening' | 'checking' | 'running' | 'leaving';

export class KafkaPartition {
  readonly id: TopicPartition;
  /** topic/partition. */
  readonly key: string;
  state: PartitionState = 'opening';
  /** Messages that could not be taken yet, in order. */
  backlog: KafkaMessage[] = [];
  /** When the backlog began, ms; 0 = there is none. */
  backlogSince = 0;
  paused = true;
  /** The offset expected next. */
  next = 0;
  /** First offset that is there, as the broker said last. */
  low = 0;
  /** Offset behind the last message there is, as the broker said last. */
  high = 0;
  /** Openings that failed one after the other. */
  failures = 0;
  /** The newest opening, and its end: two at once would seek against each other. */
  openings = 0;
  opened: Promise<void> = Promise.resolve();
  lastStoredAt = 0;
  sending: Promise<void> | undefined;
  /** Where it stood when it was last seen to move, and when that was, ms. */
  #seenNext = -1;
  #seenAt = 0;
  #patienceMs = stuckMs;
  readonly #desk: PartitionDesk;
  #batch: OpenBatch | undefined;
  #resume: KafkaResume = { partition: '', storedTo: -1, storedMark: '', planned: undefined, epoch: 1 };
  #planned: PlannedRange | undefined;
  #storedTo = -1;
  #ids = newMessageIds();
  #checkAt = -1;
  #begun = -1;
  readonly #gaps = newGaps();

  constructor(id: TopicPartition, desk: PartitionDesk) {
    this.id = { topic: id.topic, partition: id.partition };
    this.key = `${id.topic}/${id.partition}`;
    this.#desk = desk;
  }

  /** Positions in the open batch; a planned one counts as none, since it is sent whole or not at all. */
  get batchRows(): number {
    return this.#batch && !this.#batch.planned ? this.#batch.writer.taken : 0;
  }

  /** Offset behind the last message that is stored; where it was begun, or begins, while nothing is. */
  get storedOffset(): number {
    return this.#storedTo < 0 ? Math.max(this.#begun, this.low, 0) : offsetOf(this.#storedTo, this.#desk.recordsPerMessage) + 1;
  }

  get ledgerName(): string {
    return this.#resume.partition;
  }

  /** Offset at which it was begun, as long as nothing of it is stored; -1 = not begun, or stored. */
  get begun(): number {
    return this.#storedTo < 0 ? this.#begun : -1;
  }

  /** Begins to take messages. @param checkAt offset of a message that must be the one of the ledger; -1 = none */
  run(resume: KafkaResume, next: number, checkAt: number): void {
    this.#resume = resume;
    this.#planned = resume.planned;
    this.#storedTo = resume.storedTo;
    this.#ids = newMessageIds(resume.messageIds);
    this.#checkAt = checkAt;
    this.next = checkAt >= 0 ? checkAt : next;
    if (resume.storedTo < 0) this.#begun = this.next;
    this.state = checkAt >= 0 ? 'checking' : 'running';
    this.#desk.inFlight.assign(this.key, this.next);
  }

  /** Leaves everything that is not sent; it will be read again. */
  drop(state: 'opening' | 'leaving'): void {
    this.state = state;
    this.backlog = [];
    this.backlogSince = 0;
    if (this.#batch) this.#desk.giveBuilders(this.#batch.builders);
    this.#batch = undefined;
  }

  /** Takes the message, or returns false: it must be offered again, before those behind it. */
  take(message: KafkaMessage): boolean {
    if (message.offset > this.next && (this.state === 'running' || this.state === 'checking') && !this.#gapIsReal(message.offset))
      return true;
    if (this.state === 'checking' && !this.#check(message)) return true;
    if (this.state !== 'running') return true;
    // A repeat of the library after a rebalance. An offset that begins anew is found by the look at the watermarks.
    if (message.offset < this.next) return true;
    let batch = this.#batch;
    if (batch && this.#ends(batch, message)) {
      if (!this.send()) return false;
      batch = undefined;
    }
    if (!batch && this.#planned && !this.sending && firstPosition(message.offset, this.#desk.recordsPerMessage) > this.#planned.last) {
      this.#settle();
      return false;
    }
    batch ??= this.#open(message);
    if (!batch) return false;
    if (message.headers === undefined || this.#isNew(message, batch)) this.#desk.reader.read(message, batch.writer);
    batch.last = message;
    this.next = message.offset + 1;
    const { batchRecords } = this.#desk.pipeline.settings.ingest;
    if (batch.planned) batch.full = message.offset >= offsetOf(batch.planned.last, this.#desk.recordsPerMessage);
    else batch.full = batch.writer.full || batch.writer.taken >= batchRecords || (batch.letters?.bytes ?? 0) > letterBytes;
    return true;
  }

  /**
   * Whether a batch waits to be sent.
   * @param now ms
   * @param ageMs longest time that a batch may stay open
   * @param isBehind asked of a batch of that age: whether more than another batch waits in Kafka. Then nobody waits for this one, and
   * ClickHouse is spared small ones: a row in a block of 10,000 costs it a multiple of one in a block of 100,000
   */
  due(now: number, ageMs: number, isBehind: () => boolean): boolean {
    const batch = this.#batch;
    if (!batch || this.sending || this.state !== 'running') return false;
    if (batch.full) return true;
    const age = now - batch.openedAt;
    // A planned range is sent when it is complete, however long that takes.
    return !batch.planned && age >= ageMs && (age >= ageMs + behindMs || !isBehind());
  }

  /**
   * Whether it should have given something and did not: more is there, nothing holds it up, and nothing came. Markers of transactions at the
   * end look like that too, so the wait doubles while opening it again changes nothing.
   * @param now ms
   */
  stuck(now: number): boolean {
    const reads = this.state === 'running' || this.state === 'checking';
    const waits = !reads || this.paused || this.backlog.length > 0 || this.next >= this.high;
    if (waits || this.next !== this.#seenNext) {
      if (this.next !== this.#seenNext) this.#patienceMs = stuckMs;
      this.#seenNext = this.next;
      this.#seenAt = now;
      return false;
    }
    if (now - this.#seenAt < this.#patienceMs) return false;
    this.#seenAt = now;
    this.#patienceMs = Math.min(longestStuckMs, this.#patienceMs * 2);
    return true;
  }

  /** Sends the open batch; false when the one before it is still on its way. */
  send(): boolean {
    const batch = this.#batch;
    if (!batch || this.sending) return false;
    this.#batch = undefined;
    const ticket = this.#desk.inFlight.begin(this.key, batch.first.offset, batch.last.offset);
    const marks = [markOf(batch.first), markOf(batch.last)] as const;
    if (!ticket) {
      this.#desk.giveBuilders(batch.builders);
      this.#desk.failed(this, new Error(`${this.key}: ${batch.first.offset} to ${batch.last.offset} do not follow what was sent before`));
      return true;
    }
    if (batch.planned && (batch.planned.firstMark !== marks[0] || batch.planned.lastMark !== marks[1])) {
      this.#desk.giveBuilders(batch.builders);
      this.#settle();
      return true;
    }
    // The block is encoded before the first wait, so the builders are free at once.
    const done = batch.writer.finish();
    this.#desk.giveBuilders(batch.builders);
    this.sending = this.#answer(done, ticket, batch);
    return true;
  }

  async #answer(done: Promise<UnitTotals>, ticket: Ticket, batch: OpenBatch): Promise<void> {
    try {
      const totals = await done;
      this.#storedTo = batch.planned?.last ?? batch.writer.last;
      this.#planned = undefined;
      this.failures = 0;
      this.sending = undefined;
      const offset = this.#desk.inFlight.complete(ticket);
      if (offset !== undefined) this.#desk.stored(this, offset, totals);
    } catch (error) {
      this.sending = undefined;
      this.#desk.inFlight.fail(ticket);
      this.#desk.failed(this, error as Error);
    }
  }

  /** The planned range holds other messages than it did, or none: it cannot be sent again as it was. */
  #settle(): void {
    const { first = 0, last = 0 } = this.#resume.planned ?? {};
    const [from, to] = [first, last].map((position) => offsetOf(position, this.#desk.recordsPerMessage)) as [number, number];
    this.sending = this.#desk.ledger
      .settle(this.#resume)
      .then((found) => {
        if (found === 0) this.#desk.lost({ ...this.id, from, to, why: 'planned' });
        return new Error(`${this.key}: a planned range changed before it was read again`);
      })
      .catch((error: Error) => error)
      .then((error) => {
        this.sending = undefined;
        this.#desk.failed(this, error);
      });
  }

  /** False = the partition is opened again. */
  #gapIsReal(found: number): boolean {
    if (this.#gaps.isReal(this.next, found)) return true;
    this.#desk.failed(this, new Error(`${this.key}: offset ${found} came where ${this.next} was expected`));
    return false;
  }

  /** False when the message is done with. */
  #check(message: KafkaMessage): boolean {
    if (message.offset < this.#checkAt) return false;
    const known = this.#resume.storedTo >= 0 ? this.#resume.storedMark : (this.#resume.planned?.firstMark ?? '');
    if (message.offset === this.#checkAt && markOf(message) !== known) {
      this.drop('opening');
      this.#desk.failed(this, new Error(`${this.key}: offset ${message.offset} is another message than it was`), this.#resume.partition);
      return false;
    }
    this.state = 'running';
    // The message of the last stored position is stored; that of a planned one is not.
    if (message.offset > this.#checkAt || this.#resume.storedTo < 0) return true;
    this.next = message.offset + 1;
    return false;
  }

  /** False when the message states an identity that was taken before: it is dropped. */
  #isNew(message: KafkaMessage, batch: OpenBatch): boolean {
    const id = idOf(message);
    if (id === '') return true;
    if (this.#ids.take(id)) {
      batch.ids.push(id);
      return true;
    }
    const { recordsPerMessage } = this.#desk;
    const first = firstPosition(message.offset, recordsPerMessage);
    const records = recordsOf(message, recordsPerMessage);
    for (let at = 0; at < records; at++) batch.writer.drop(first + at, repeat);
    return false;
  }

  #ends(batch: OpenBatch, message: KafkaMessage): boolean {
    return batch.full || (batch.planned !== undefined && firstPosition(message.offset, this.#desk.recordsPerMessage) > batch.planned.last);
  }

  #open(message: KafkaMessage): OpenBatch | undefined {
    const planned =
      this.#planned && firstPosition(message.offset, this.#desk.recordsPerMessage) <= this.#planned.last ? this.#planned : undefined;
    this.#batch = openBatch(this.#desk, {
      message,
      planned,
      partition: this.#resume.partition,
      // What the range follows is known when it is sent: the batch before may still be on its way.
      chain: () => this.#desk.ledger.chain(this.#storedTo, this.#resume.epoch),
    });
    return this.#batch;
  }
}
