/** Posts the files of a simulated run to a Weir, as a system of the operator would. */
import { WeirError } from '../../core/errors.ts';
import { type SimulatedFile, textOf } from '../../simulator/index.ts';

/** How often a batch is posted again where the answer says that it may be taken later. */
const attempts = 20;

export interface Posting {
  /** Where Weir answers, e.g. http://127.0.0.1:8080 */
  readonly url: string;
  readonly token: string;
}

/**
 * Posts one file to the source of its feed; a batch that was posted before stores nothing twice. Fails with `usage` when Weir refuses it, and
 * with `not_running` when nobody answers.
 */
export async function postFile({ url, token }: Posting, file: SimulatedFile): Promise<void> {
  const place = `${url.replace(/\/$/, '')}/api/v1/ingest/${encodeURIComponent(file.feed)}`;
  const body = [...textOf(file)].join('');
  const headers = { 'idempotency-key': file.name, ...(token === '' ? {} : { authorization: `Bearer ${token}` }) };
  for (let attempt = 1; ; attempt++) {
    let answer: Response;
    try {
      answer = await fetch(place, { method: 'POST', headers, body });
    } catch (error) {
      throw new WeirError('not_running', `nobody answers at ${place}`, { place: url, hint: (error as Error).message });
    }
    if (answer.status === 202) {
      await answer.arrayBuffer();
      return;
    }
    const text = (await answer.text()).slice(0, 300);
    const again = answer.status === 429 || answer.status === 503;
    if (!again || attempt === attempts)
      throw new WeirError('usage', `${file.name} was not taken: ${answer.status} ${text}`, {
        place,
        hint: 'The sources have to be those that `weir simulate --settings weir.yaml` writes.',
      });
    const seconds = Math.min(10, Number(answer.headers.get('retry-after') ?? '1') || 1);
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  }
}
