import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { WeirError } from '../../core/errors.ts';
import type { Remote, RemoteFile } from './remote.ts';
import { fetchInto, spoolId, sweep } from './spool.ts';
import { inOrder } from './window.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'weir-spool-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const fileOf = (content: Uint8Array, modifiedAt = 0): RemoteFile => ({
  url: 'sftp://a:22/x',
  path: '/x',
  name: 'x',
  bytes: content.length,
  modifiedAt,
  version: '',
});

/** A place whose line breaks after so many bytes of each read. */
function place(content: Uint8Array, breaksAfter = Number.POSITIVE_INFINITY): Remote & { sent: number } {
  const remote = {
    place: 'sftp://a:22',
    sent: 0,
    list: async () => ({ files: [], aheadMs: undefined }),
    async *read(_file: RemoteFile, from: number) {
      let left = breaksAfter;
      for (let at = from; at < content.length; at += 7) {
        const chunk = content.subarray(at, Math.min(at + 7, content.length));
        left -= chunk.length;
        if (left < 0) throw new WeirError('source_unreachable', 'broken');
        remote.sent += chunk.length;
        yield chunk;
      }
    },
    unchanged: async () => true,
    putAway: async () => undefined,
    close: async () => undefined,
  };
  return remote;
}

it('however often the line breaks, the file is whole in the end, and its digest right', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), fc.integer({ min: 60, max: 300 }), async (content, breaksAfter) => {
      const file = fileOf(content, content.length);
      rmSync(directory, { recursive: true, force: true });
      // The comparison of what is there costs as much as is there, so a line that breaks too soon gets better in the end.
      for (let tries = 0; ; tries++) {
        const done = await fetchInto(directory, place(content, breaksAfter * (tries + 1)), file).catch(() => undefined);
        if (!done) continue;
        expect(done.sha256).toBe(createHash('sha256').update(content).digest('hex'));
        expect(readFileSync(done.path)).toEqual(Buffer.from(content));
        return;
      }
    }),
    { numRuns: 30 },
  );
});

it('what lies there of another content is begun anew; what is whole is not fetched again', async () => {
  const content = randomBytes(200);
  const file = fileOf(content);
  writeFileSync(join(directory, `${spoolId(file)}.part`), randomBytes(100));
  const remote = place(content);
  const first = await fetchInto(directory, remote, file);
  expect(readFileSync(first.path)).toEqual(content);
  const sent = remote.sent;
  expect((await fetchInto(directory, remote, file)).sha256).toBe(first.sha256);
  expect(remote.sent).toBe(sent);
});

it('what changed meanwhile is thrown away', async () => {
  const content = randomBytes(50);
  const file = fileOf(content);
  await expect(fetchInto(directory, { ...place(content), unchanged: async () => false }, file)).rejects.toMatchObject({
    code: 'source_changed',
  });
  await expect(fetchInto(directory, place(content.subarray(0, 40)), file)).rejects.toMatchObject({ code: 'source_changed' });
  await expect(fetchInto(directory, place(randomBytes(60)), file)).rejects.toMatchObject({ code: 'source_changed' });
  expect(readdirSync(directory)).toEqual([]);
});

it('sweeps away what belongs to no listed file', async () => {
  const kept = fileOf(randomBytes(3));
  for (const name of [`${spoolId(kept)}.part`, spoolId(kept), 'old', 'old.part']) writeFileSync(join(directory, name), '');
  await sweep(directory, [kept]);
  expect(readdirSync(directory).sort()).toEqual([spoolId(kept), `${spoolId(kept)}.part`]);
});

it('pieces come in order, whatever the order of the answers, and never more at once than allowed', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat(100),
      fc.nat(100),
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 5 }),
      async (a, b, pieceBytes, depth) => {
        const [from, to] = a < b ? [a, b] : [b, a];
        let open = 0;
        const got: number[] = [];
        for await (const piece of inOrder({ from, to, pieceBytes, depth }, async (at, into) => {
          open++;
          expect(open).toBeLessThanOrEqual(depth);
          await new Promise((resolve) => setTimeout(resolve, at % 3));
          open--;
          for (let i = 0; i < into.length; i++) into[i] = at + i;
        }))
          got.push(...piece);
        expect(got).toEqual(Array.from({ length: to - from }, (_, i) => from + i));
      },
    ),
    { numRuns: 50 },
  );
});
