/**
 * Where each microsecond of a record goes on the way from bytes to a block: the path of the ingest benchmark without files and
 * without ClickHouse, walked again and again with one stage more. Processor time of the whole process (garbage collection included),
 * the least of several passes, because a shared machine only ever adds.
 */
import { parseArgs } from 'node:util';
import type { Columns, RecordOf } from '../core/column.ts';
import type { ProcessorContext } from '../core/context.ts';
import type { RecordSink } from '../core/decoder.ts';
import { usage } from '../core/kinds/index.ts';
import { accepted } from '../core/outcome.ts';
import { newRecord, resetter } from '../core/record.ts';
import { formatOfMapping } from '../ingest/decode/index.ts';
import type { KafkaMessage } from '../ingest/kafka/consumer.ts';
import { createMessageReader } from '../ingest/kafka/message-reader.ts';
import { enrich } from '../processors/enrich.ts';
import { identify } from '../processors/identify.ts';
import { createPseudonym, createRecentKeys, createReference } from '../processors/index.ts';
import { markDuplicates } from '../processors/mark-duplicates.ts';
import { masker } from '../processors/mask.ts';
import { usageNormaliser } from '../processors/normalise.ts';
import type { ReferenceRows } from '../processors/reference.ts';
import { inOrder, type Processor, type Step } from '../processors/step.ts';
import { validator } from '../processors/validate.ts';
import { homeNumber } from '../simulator/numbers.ts';
import { newBlockBuilder } from '../sql/native/builder.ts';
import { jsonMapping, jsonRecord } from './kafka-load.ts';
import { defaultLoad, loadHeader, loadMapping, loadTables, record } from './load.ts';

const chunkBytes = 65_536;
const batchRecords = 50_000;

interface Stage {
  readonly name: string;
  readonly steps: readonly Step[];
  /** Records are appended to a block and the block encoded. */
  readonly encodes: boolean;
}

/** Options: `--records 50000 --passes 5 --only NAME --as csv|json`; json = a message for each record, as from a topic. */
export async function benchProfile(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      records: { type: 'string', default: '50000' },
      passes: { type: 'string', default: '5' },
      only: { type: 'string', default: '' },
      as: { type: 'string', default: 'csv' },
    },
  });
  const records = Number(values.records);
  const json = values.as === 'json';
  const all = [validator(usage), usageNormaliser({ homeCountry: 'US' }), identify, markDuplicates, enrich, masker(usage)] as Step[];
  const names = ['validate', 'normalise', 'identify: pseudonyms and key', 'mark duplicates', 'enrich', 'mask'];
  const stages: Stage[] = [
    { name: json ? 'decode JSON messages' : 'decode CSV', steps: [], encodes: false },
    ...names.map((name, index) => ({ name, steps: all.slice(0, index + 1), encodes: false })),
    { name: 'Native block', steps: all, encodes: true },
  ].filter(({ name }) => name.includes(values.only));
  const context = contextOfLoad();
  let first = 0;
  const least = stages.map(() => Number.POSITIVE_INFINITY);
  for (let pass = 0; pass < Number(values.passes); pass++) {
    stages.forEach((stage, index) => {
      // New records each time: strangers must be strangers, while the subscribers are known.
      const chunks = json ? loadMessages(first, records) : loadChunks(first, records);
      first += records;
      const before = process.cpuUsage();
      if (json) walkMessages(stage, chunks, context);
      else walk(stage, chunks, context);
      const { user, system } = process.cpuUsage(before);
      least[index] = Math.min(least[index]!, (user + system) / records);
    });
  }
  stages.forEach(({ name }, index) => {
    const own = least[index]! - (index === 0 ? 0 : least[index - 1]!);
    console.log(`${name.padEnd(32)} ${own.toFixed(2).padStart(6)} us   together ${least[index]!.toFixed(2).padStart(6)} us`);
  });
}

/** Written piece by piece into one buffer: what the load leaves on the heap would be collected at the expense of what is measured. */
function loadChunks(first: number, records: number): Buffer[] {
  const sums = { rejected: 0, billableSeconds: 0, charge: 0 };
  const bytes = Buffer.allocUnsafeSlow((records + 1) * 512);
  let size = bytes.write(`${loadHeader}\n`, 0, 'latin1');
  for (let i = first; i < first + records; i++) size += bytes.write(`${record(i, defaultLoad, sums)}\n`, size, 'latin1');
  const chunks: Buffer[] = [];
  for (let at = 0; at < size; at += chunkBytes) chunks.push(bytes.subarray(at, Math.min(size, at + chunkBytes)));
  return chunks;
}

/** A message for each record, in one buffer for the same reason. */
function loadMessages(first: number, records: number): Buffer[] {
  const sums = { records, bytes: 0, rejected: 0, billableSeconds: 0, charge: 0 };
  const bytes = Buffer.allocUnsafeSlow((records + 1) * 768);
  const messages: Buffer[] = [];
  for (let i = first, at = 0; i < first + records; i++) {
    const end = at + bytes.write(jsonRecord(i, sums), at, 'latin1');
    messages.push(bytes.subarray(at, end));
    at = end;
  }
  return messages;
}

function contextOfLoad(): ProcessorContext {
  const pseudonym = createPseudonym(new Uint8Array(32).fill(7));
  for (let i = 0; i < defaultLoad.subscribers; i++) pseudonym.of(homeNumber(20_000 + i));
  return {
    clock: { now: () => defaultLoad.from + 2 * 86_400_000 },
    pseudonym,
    recentKeys: createRecentKeys(500_000),
    reference: createReference(referenceRows((number) => `${pseudonym.of(number)}`)),
  };
}

function referenceRows(pseudonymOf: (number: string) => string): ReferenceRows {
  const tables = Object.fromEntries(loadTables().map(({ kind, text }) => [kind, rowsOf(text)]));
  return {
    partners: tables['partner'],
    cells: tables['cell'],
    prefix_zones: tables['prefix_zone'],
    causes: tables['cause_mapping'],
    subscriptions: tables['subscription']?.map((row) => ({ ...row, subscription: pseudonymOf(row['subscription_number'] ?? '') })),
  } as unknown as ReferenceRows;
}

/** Rows of a reference table of the load: fields are quoted where they hold a comma. */
function rowsOf(text: string): Record<string, string>[] {
  const [names = [], ...rows] = text
    .trimEnd()
    .split('\n')
    .map((line) => [...line.matchAll(/"([^"]*)"|([^,]+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? ''));
  return rows.map((row) => Object.fromEntries(names.map((name, index) => [name, row[index] ?? ''])));
}

function walk({ steps, encodes }: Stage, chunks: readonly Buffer[], context: ProcessorContext): void {
  const sink = new ProfiledSink(inOrder(steps, accepted), context, encodes);
  const decoder = formatOfMapping(loadMapping, 'mapping').open(sink);
  for (const chunk of chunks) decoder.read(chunk, 0);
  decoder.end();
  sink.encode();
}

function walkMessages({ steps, encodes }: Stage, messages: readonly Buffer[], context: ProcessorContext): void {
  const sink = new ProfiledSink(inOrder(steps, accepted), context, encodes);
  const reader = createMessageReader({ format: formatOfMapping(jsonMapping, 'mapping'), recordsPerMessage: 1, limits: {} });
  let offset = 0;
  for (const value of messages)
    reader.read(
      { value, offset: offset++, topic: 'load', partition: 0, size: value.length, key: null, timestamp: 0 } as KafkaMessage,
      sink,
    );
  sink.encode();
}

const builder = newBlockBuilder(usage, batchRecords);

class ProfiledSink implements RecordSink {
  readonly record = newRecord(usage) as RecordOf<Columns>;
  readonly #reset = resetter(usage) as (record: RecordOf<Columns>) => void;
  readonly #process: Processor;
  readonly #context: ProcessorContext;
  readonly #encodes: boolean;

  constructor(process: Processor, context: ProcessorContext, encodes: boolean) {
    this.#process = process;
    this.#context = context;
    this.#encodes = encodes;
    this.encode();
  }

  accept(position: number): boolean {
    const outcome = this.#process(this.record, this.#context);
    if (this.#encodes && outcome === accepted) {
      builder.append(this.record as never, position);
      if (builder.rows === batchRecords) this.encode();
    }
    this.#reset(this.record);
    return true;
  }

  reject(): boolean {
    return true;
  }

  drop(): boolean {
    return true;
  }

  encode(): void {
    if (builder.rows > 0) builder.encode();
    builder.reset({ tenant: 'bench', source: 'switch', partition: 'load', file: 'load.csv', ingestTime: defaultLoad.from });
  }
}
