/** Every error of the API in one shape: { error, message, hint }. What went wrong inside stays in the log. */
import { type ErrorCode, errorCodes, WeirError } from '../../core/errors.ts';

export interface ErrorAnswer {
  readonly status: number;
  readonly body: { readonly error: ErrorCode; readonly message: string; readonly hint: string };
  /** True when the cause belongs into the log. */
  readonly unexpected: boolean;
}

const statusOf: Readonly<Partial<Record<ErrorCode, number>>> = {
  body_unreadable: 400,
  body_too_large: 413,
  usage: 400,
  query_refused: 400,
  source_unknown: 404,
  format_unknown: 400,
  not_found: 404,
  unauthorised: 401,
  forbidden: 403,
  conflict: 409,
  busy: 429,
  clickhouse_unreachable: 503,
  clickhouse_failed: 503,
  not_running: 503,
};

/** Codes whose message may name statements and addresses of the inside. */
const inside = new Set<ErrorCode>(['clickhouse_unreachable', 'clickhouse_failed', 'internal']);

const say = (status: number, error: ErrorCode, message: string, hint: string, unexpected = false): ErrorAnswer => ({
  status,
  body: { error, message, hint },
  unexpected,
});

/**
 * What the client is told about an error.
 * @example answerOf(new WeirError('not_found', 'no such incident')).status // 404
 */
export function answerOf(error: unknown): ErrorAnswer {
  if (error instanceof WeirError) {
    const status = statusOf[error.code] ?? 500;
    if (inside.has(error.code)) return say(status, error.code, errorCodes[error.code], 'Try again; the log of the API says more.', true);
    return say(status, error.code, error.message, error.hint, status >= 500);
  }
  const { code = '', statusCode = 500, message = '' } = error as { code?: string; statusCode?: number; message?: string };
  if (code === 'FST_ERR_VALIDATION') return say(400, 'usage', message, 'The reference is at /docs.');
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return say(413, 'body_too_large', errorCodes.body_too_large, 'Send less at once.');
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE')
    return say(415, 'body_unreadable', 'This Content-Type is not taken here.', 'Send application/json.');
  if (statusCode >= 400 && statusCode < 500) return say(statusCode, 'body_unreadable', 'The request cannot be read.', 'Is it valid JSON?');
  return say(500, 'internal', errorCodes.internal, 'The log of the API says more.', true);
}
