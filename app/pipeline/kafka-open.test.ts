import { describe, expect, it } from 'vitest';
import type { Watermarks } from '../../ingest/kafka/consumer.ts';
import type { KafkaLedger, KafkaResume } from './kafka-ledger.ts';
import { type KafkaLoss, type OpeningOptions, openPartition, TooShort } from './kafka-open.ts';

const id = { topic: 't', partition: 0 };
const nothing: KafkaResume = { partition: 't/0', storedTo: -1, storedMark: '', planned: undefined, epoch: 1 };
const stored = { ...nothing, storedTo: 99, storedMark: 'm' };
const planned = { ...stored, planned: { first: 100, last: 149, plannedAt: 1, firstMark: 'a', lastMark: 'b' } };

interface World {
  readonly marks: Watermarks;
  readonly resume: KafkaResume;
  readonly committed?: number;
  readonly options?: Partial<OpeningOptions>;
  readonly found?: number;
}

async function open({ marks, resume, committed, options, found = 0 }: World) {
  const losses: KafkaLoss[] = [];
  const said: string[] = [];
  let current = resume;
  const ledger: KafkaLedger = {
    resume: async (_, after) => (after === undefined ? current : { ...nothing, partition: 't/0#1' }),
    chain: () => {
      throw new Error('nothing is written');
    },
    lost: async ({ first, last }, after) => void said.push(`lost ${first}-${last} after ${after}`),
    keepIds: async () => undefined,
    settle: async () => {
      said.push('settled');
      current = { ...current, storedTo: current.planned?.last ?? -1, storedMark: 'b', planned: undefined };
      return found;
    },
  };
  const opening = await openPartition(
    {
      consumer: { watermarks: async () => marks, committed: async () => committed },
      ledger,
      tenant: 'main',
      source: 's',
      recordsPerMessage: 1,
      startAt: 'earliest',
      certain: false,
      begun: -1,
      onLoss: (loss) => losses.push(loss),
      onNewTopic: (partition) => said.push(`anew ${partition}`),
      ...options,
    },
    id,
  );
  return { next: opening.next, checkAt: opening.checkAt, name: opening.resume.partition, storedTo: opening.resume.storedTo, losses, said };
}

const lossOf = (from: number, to: number, why: KafkaLoss['why'] = 'retention') => [{ ...id, from, to, why }];

describe('where a topic partition begins', () => {
  it('is what the group committed, else what startAt says, as long as the ledger has nothing', async () => {
    expect(await open({ marks: { low: 5, high: 50 }, resume: nothing })).toMatchObject({ next: 5, checkAt: -1, losses: [] });
    expect(await open({ marks: { low: 5, high: 50 }, resume: nothing, options: { startAt: 'latest' } })).toMatchObject({ next: 50 });
    expect(await open({ marks: { low: 5, high: 50 }, resume: nothing, committed: 20 })).toMatchObject({ next: 20, losses: [] });
    expect(await open({ marks: { low: 5, high: 50 }, resume: nothing, committed: 2 })).toMatchObject({
      next: 5,
      storedTo: 4,
      losses: lossOf(2, 4),
      said: ['lost 2-4 after -1'],
    });
    expect(await open({ marks: { low: 5, high: 50 }, resume: nothing, options: { begun: 0 } })).toMatchObject({ losses: lossOf(0, 4) });
  });

  it('is behind what is stored, once the last stored message has been seen again', async () => {
    expect(await open({ marks: { low: 0, high: 100 }, resume: stored })).toMatchObject({ next: 100, checkAt: 99, losses: [] });
    expect(await open({ marks: { low: 0, high: 200 }, resume: planned })).toMatchObject({ next: 100, checkAt: 99, losses: [], said: [] });
  });

  it('is the first message there is, when retention has passed what is stored: what lies between is lost, and said', async () => {
    expect(await open({ marks: { low: 100, high: 200 }, resume: stored })).toMatchObject({ next: 100, checkAt: -1, losses: [] });
    expect(await open({ marks: { low: 120, high: 200 }, resume: stored })).toMatchObject({
      next: 120,
      storedTo: 119,
      losses: lossOf(100, 119),
      said: ['lost 100-119 after 99'],
    });
  });

  it('is behind a planned range that is gone: what the tables hold of it is what it brought', async () => {
    const marks = { low: 130, high: 200 };
    expect(await open({ marks, resume: planned, found: 50 })).toMatchObject({ next: 150, checkAt: 149, losses: [], said: ['settled'] });
    expect(await open({ marks, resume: planned })).toMatchObject({ losses: lossOf(100, 149, 'planned'), said: ['settled'] });
  });

  it('is the beginning of another topic, when it has ended before what is stored for a while', async () => {
    const marks = { low: 0, high: 40 };
    await expect(open({ marks, resume: stored })).rejects.toThrow(TooShort);
    expect(await open({ marks, resume: stored, options: { certain: true } })).toMatchObject({
      name: 't/0#1',
      next: 0,
      checkAt: -1,
      said: ['anew t/0'],
    });
    // Neither what the group committed of the deleted topic nor startAt may pass over a message of the new one.
    expect(await open({ marks, resume: stored, committed: 20, options: { certain: true, startAt: 'latest' } })).toMatchObject({
      name: 't/0#1',
      next: 0,
    });
  });
});
