/**
 * One posted batch. Its key (the header Idempotency-Key, else the SHA-256 of the unpacked body) is its partition in the ledger, so
 * that a repeated post stores nothing twice and gets the same answer.
 */
import { createHash } from 'node:crypto';
import { WeirError } from '../../core/errors.ts';
import { arrayFault } from '../../ingest/http/whole.ts';
import type { Pipeline, PipelineSource } from './pipeline.ts';

export interface BodyAnswer {
  /** Records of the body: accepted + rejected + dropped. */
  readonly read: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly dropped: number;
  /** True when the same body was taken before under the same key. */
  readonly replayed: boolean;
  /** The rejected records, the first thousand; all are stored as rejects. */
  readonly rejects: readonly { readonly position: number; readonly reason: string; readonly field: string; readonly detail: string }[];
}

/** The identity of a posted body. */
export const digestOf = (body: Buffer): string => createHash('sha256').update(body).digest('hex');

/**
 * @param digest of the body, by `digestOf`
 * @throws WeirError body_unreadable when the body as a whole is not the format, or when the key was used for another body
 */
export async function takeBody(
  pipeline: Pipeline,
  source: PipelineSource,
  body: Buffer,
  digest: string,
  idempotencyKey: string,
): Promise<BodyAnswer> {
  const partition = `http:${idempotencyKey || digest}`;
  const fault = source.format.positionUnit.startsWith('value') ? arrayFault(body) : '';
  if (fault) throw new WeirError('body_unreadable', fault, { hint: 'Nothing was stored. Post the whole body again.' });
  const before = await source.ledger.resumePoint(partition);
  if (before.file !== '' && before.file !== digest) {
    throw new WeirError('body_unreadable', 'the Idempotency-Key was used for another body', {
      hint: 'Use a new key for each body; leave it out to have one made from the body.',
    });
  }
  const result = await pipeline.run(source, { partition, file: '', digest, chunks: [body] });
  if (result.error) throw result.error;
  const { totals } = result;
  const replayed = before.storedTo >= 0;
  const rejects = replayed
    ? await pipeline.store.rows<{ position: string; reason: string; field: string; detail: string }>('rejects-of-partition', {
        tenant: pipeline.settings.tenant,
        source: source.name,
        partition,
      })
    : result.firstRejects;
  return {
    read: totals.read,
    accepted: totals.stored,
    rejected: totals.rejected,
    dropped: totals.dropped,
    replayed,
    rejects: rejects.map((reject) => ({ ...reject, position: Number(reject.position) })),
  };
}
