import { expect, it } from 'vitest';
import type { ProcessorContext } from '../../core/context.ts';
import { reject, usage } from '../../core/kinds/index.ts';
import { accepted } from '../../core/outcome.ts';
import { newBlockBuilder } from '../../sql/native/builder.ts';
import type { Store } from '../../sql/store.ts';
import type { ResumePoint } from './ledger.ts';
import { UnitWriter } from './unit-writer.ts';

const fresh: ResumePoint = {
  storedTo: -1,
  planned: undefined,
  file: '',
  counts: { read: 0, stored: 0, rejected: 0, dropped: 0 },
  eventFrom: Number.POSITIVE_INFINITY,
  eventTo: 0,
};

/** Writes ten records in batches of four; tells what went out and by which clock each record was judged. */
async function write(resume: ResumePoint, now: number, recordBytes = 1): Promise<{ tokens: string[]; judgedAt: number[] }> {
  const tokens: string[] = [];
  const judgedAt: number[] = [];
  const store = { insertBlock: async (_: string, __: Uint8Array, token: string) => void tokens.push(token) } as unknown as Store;
  const writer = new UnitWriter({
    store,
    ledger: { resumePoint: async () => resume, plan: async () => undefined, stored: async () => undefined },
    kind: usage,
    process: (_, context) => {
      judgedAt.push(context.clock.now());
      return accepted;
    },
    context: {} as ProcessorContext,
    clock: { now: () => now },
    builders: { records: newBlockBuilder(usage, 4), rejects: newBlockBuilder(reject, 4) },
    tenant: 't',
    source: 's',
    partition: 'p',
    file: 'f',
    batchRecords: 4,
    resume,
  });
  const bytes = new Uint8Array(recordBytes);
  for (let position = 1; position <= 10; position++) if (!writer.accept(position, bytes, 0, recordBytes)) await writer.flush();
  await writer.finish();
  return { tokens, judgedAt };
}

it('cuts batches by position, so that the same records make the same tokens', async () => {
  expect((await write(fresh, 1000)).tokens).toEqual(['t/s/p/1-4/usage', 't/s/p/5-8/usage', 't/s/p/9-10/usage']);
});

it('reads a planned batch again as it was planned, judged by the time of the plan', async () => {
  const resume = { ...fresh, storedTo: 4, planned: { first: 5, last: 6, plannedAt: 77 } };
  const { tokens, judgedAt } = await write(resume, 1000);
  expect(tokens).toEqual(['t/s/p/5-6/usage', 't/s/p/7-10/usage']);
  expect(judgedAt).toEqual([77, 77, 1000, 1000, 1000, 1000]);
});

it('closes a batch of long records early, at the same place each time', async () => {
  const once = await write(fresh, 1000, 30_000_000);
  expect(once.tokens[0]).toBe('t/s/p/1-3/usage');
  expect(await write(fresh, 2000, 30_000_000)).toMatchObject({ tokens: once.tokens });
});
