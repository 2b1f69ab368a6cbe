/** Snapshots of parts in the database: a restart and late data go on from them. */
import { readInstant, writeInstant } from '../../../core/row.ts';
import { beginningOf, type Part, type PartBeginning, snapshotPart } from '../../../detectors/series/index.ts';
import { type PartName, partKey } from './feed.ts';
import type { SeriesStore } from './port.ts';

/** A piece of a snapshot, before base64. */
const pieceBytes = 3 << 20;
/** Pieces that are read at once: a text of all of them could be longer than texts can be. */
const piecesAtOnce = 32;
const deadline = { timeoutMs: 120_000 };

/** Stores what the part has learned. */
export async function keepPart(store: SeriesStore, tenant: string, name: PartName, part: Part, instant: number): Promise<void> {
  const bytes = snapshotPart(part);
  const key = partKey(name);
  const pieces = Math.max(1, Math.ceil(bytes.length / pieceBytes));
  for (let chunk = 0; chunk < pieces; chunk++) {
    const piece = bytes.subarray(chunk * pieceBytes, (chunk + 1) * pieceBytes);
    const row = {
      tenant,
      part: key,
      judged_to: writeInstant(part.judgedTo()),
      chunk,
      chunks: pieces,
      series: part.state.nodes.size,
      taken_at: writeInstant(instant),
      body: Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength).toString('base64'),
    };
    await store.insert('series_snapshots', [row], `series/${tenant}/${key}/${part.judgedTo()}/${instant}/${chunk}`);
  }
}

/** The latest that was kept of a part and had judged no further than `before`; undefined when there is none that fits. */
export async function keptPart(store: SeriesStore, tenant: string, name: PartName, before: number): Promise<PartBeginning | undefined> {
  const part = partKey(name);
  const [latest] = await store.rows<{ judged_to: string; taken_at: string; pieces: number }>(
    'series-snapshot',
    { tenant, part, before: writeInstant(before) },
    deadline,
  );
  if (!latest) return undefined;
  const { judged_to, taken_at, pieces } = latest;
  const bytes = Buffer.allocUnsafe(pieces * pieceBytes);
  let length = 0;
  for (let first = 0; first < pieces; first += piecesAtOnce) {
    const params = { tenant, part, judged_to, taken_at, first, end: first + piecesAtOnce };
    const rows = await store.rows<{ body: string }>('series-snapshot-body', params, deadline);
    for (const { body } of rows) length += bytes.write(body, length, 'base64');
  }
  const beginning = beginningOf(name.definition, name.fixed, bytes.subarray(0, length));
  return beginning?.judgedTo === readInstant(judged_to) ? beginning : undefined;
}
