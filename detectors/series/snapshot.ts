/**
 * A part as bytes: length of the header, checksum, a JSON header, the arrays of the part, then the bank with its own version and checksum.
 */
import { checksum } from '../score/snapshot.ts';
import type { SeriesDefinition } from './definition.ts';
import type { Onset } from './onset.ts';
import { newState, type Part, type PartBeginning, type PartState } from './part.ts';

const version = 2;
/** Bytes before the JSON header. */
const prefix = 8;

interface Header {
  readonly version: number;
  /** What the series are cut from: another cut must learn anew. */
  readonly cut: string;
  readonly fixed: string;
  readonly judgedTo: number;
  readonly room: number;
  readonly keys: readonly string[];
  readonly onsets: readonly (readonly [number, Onset])[];
}

const cutOf = ({ metric, dimensions, total, where, bucketMs, shards }: SeriesDefinition): string =>
  JSON.stringify([metric.name, dimensions, total, where, bucketMs, shards]);

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array => new Uint8Array(buffer, byteOffset, byteLength);

/** The arrays of a part beside its bank, in the order in which they are written. */
const arraysOf = ({ persistence, firstSeen, lastSeen, level, heldFor, missed }: PartState): Uint8Array[] =>
  [persistence.looks, persistence.quiet, persistence.open, firstSeen, lastSeen, level, heldFor, missed].map(bytesOf);

/** Everything that the part holds. About 1.1 kB a series. */
export function snapshotPart(part: Part): Uint8Array {
  const { definition, fixed, state } = part;
  const header: Header = {
    version,
    cut: cutOf(definition),
    fixed,
    judgedTo: part.judgedTo(),
    room: state.bank.size,
    keys: state.nodes.keys,
    onsets: [...state.onsets],
  };
  const text = new TextEncoder().encode(JSON.stringify(header));
  const bank = state.bank.snapshot();
  const sections = [text, ...arraysOf(state)];
  const own = prefix + sections.reduce((sum, { length }) => sum + length, 0);
  const bytes = new Uint8Array(own + bank.length);
  let at = prefix;
  for (const section of sections) {
    bytes.set(section, at);
    at += section.length;
  }
  bytes.set(bank, own);
  const start = new DataView(bytes.buffer);
  start.setUint32(0, text.length, true);
  start.setUint32(4, checksum(bytes.subarray(0, own), prefix), true);
  return bytes;
}

/**
 * What a part goes on from; undefined when the bytes are of another version, another cut of the data, or damaged: then it learns anew.
 */
export function beginningOf(definition: SeriesDefinition, fixed: string, bytes: Uint8Array): PartBeginning | undefined {
  try {
    const start = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const arrays = prefix + start.getUint32(0, true);
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(prefix, arrays))) as Header;
    if (header.version !== version || header.cut !== cutOf(definition) || header.fixed !== fixed) return undefined;
    // A damaged figure must not ask for more room than such bytes can fill.
    if (!(header.room <= bytes.length / 1024)) return undefined;
    const state = newState(definition, header.room, header.keys);
    let at = arrays;
    for (const section of arraysOf(state)) {
      section.set(bytes.subarray(at, at + section.length));
      at += section.length;
    }
    if (start.getUint32(4, true) !== checksum(bytes.subarray(0, at), prefix)) return undefined;
    state.bank.restore(bytes.subarray(at));
    for (const [node, onset] of header.onsets) state.onsets.set(node, onset);
    return { judgedTo: header.judgedTo, state };
  } catch {
    return undefined;
  }
}
