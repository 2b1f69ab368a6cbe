/** What an answer of an endpoint means: taken, try again, never try again. Pure. */

/** What became of an attempt. */
export type Answer =
  | Judged
  /** Nobody asked it: no route leads there. */
  | { readonly outcome: 'skipped'; readonly status: 0 };

/** What an answer of the other side means. */
export type Judged =
  /** `note`: what is worth remembering although it was taken. */
  | { readonly outcome: 'delivered'; readonly status: number; readonly note?: string }
  /** `retryAfterSeconds`: what the endpoint asked for. `status` 0 = no answer came. */
  | { readonly outcome: 'retry'; readonly status: number; readonly error: string; readonly retryAfterSeconds?: number }
  | { readonly outcome: 'refused'; readonly status: number; readonly error: string }
  /** 410: the endpoint wants nothing more, ever. */
  | { readonly outcome: 'gone'; readonly status: number; readonly error: string };

/** How a target means its answers. */
export interface AnswerRules {
  /** Statuses below 500 that say "later". */
  readonly later: ReadonlySet<number>;
  /** Whether 410 means that the whole endpoint wants nothing more, and not only that a thing is gone. */
  readonly goneIsForEver: boolean;
}

/** Webhooks: request timeout, conflict with a request still in work, too early, too many requests come again. */
export const webhookRules: AnswerRules = { later: new Set([408, 409, 425, 429]), goneIsForEver: true };

/**
 * Systems that one logs in to. 401 and 403 come again too: a password that has expired is mended by a person, within days, and incidents must not be lost
 * meanwhile. 423: a record that somebody holds.
 */
export const loginRules: AnswerRules = { later: new Set([401, 403, 408, 409, 423, 425, 429]), goneIsForEver: false };

/**
 * Judges an HTTP answer by its status alone.
 * @param now ms since 1970 UTC, for a Retry-After that is a date
 * @example judgeAnswer(204, undefined, 0) // { outcome: 'delivered', status: 204 }
 * @example judgeAnswer(429, '7', 0) // { outcome: 'retry', status: 429, error: 'answered 429', retryAfterSeconds: 7 }
 * @example judgeAnswer(301, undefined, 0).outcome // 'refused'
 */
export function judgeAnswer(status: number, retryAfter: string | undefined, now: number, rules: AnswerRules = webhookRules): Judged {
  if (status >= 200 && status < 300) return { outcome: 'delivered', status };
  if (status === 410 && rules.goneIsForEver) return { outcome: 'gone', status, error: 'answered 410: the endpoint is gone' };
  if (status >= 300 && status < 400) return { outcome: 'refused', status, error: `answered ${status}: redirects are not followed` };
  if (status < 500 && !rules.later.has(status)) return { outcome: 'refused', status, error: `answered ${status}` };
  const seconds = retryAfterSeconds(retryAfter, now);
  return { outcome: 'retry', status, error: `answered ${status}`, ...(seconds !== undefined && { retryAfterSeconds: seconds }) };
}

const deltaSeconds = /^\d{1,9}$/;

/**
 * Seconds that a Retry-After header asks for (RFC 9110, 10.2.3): a number of seconds or an HTTP date; undefined when it is neither.
 * @example retryAfterSeconds('120', 0) // 120
 * @example retryAfterSeconds('Thu, 01 Jan 1970 00:01:00 GMT', 0) // 60
 * @example retryAfterSeconds('soon', 0) // undefined
 */
export function retryAfterSeconds(header: string | undefined, now: number): number | undefined {
  const text = header?.trim() ?? '';
  if (deltaSeconds.test(text)) return Number(text);
  if (text === '' || text.length > 40 || !text.endsWith('GMT')) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - now) / 1000));
}
