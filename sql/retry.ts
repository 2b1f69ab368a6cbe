/** Which failures of ClickHouse pass by themselves, and how long to wait for them. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ClickHouseError } from '@clickhouse/client';
import { WeirError } from '../core/errors.ts';

/** ClickHouse codes of states that pass: too many queries, memory, parts, a replica or keeper that is away. */
const passing = new Set([
  '159',
  '164',
  '202',
  '203',
  '209',
  '210',
  '225',
  '236',
  '241',
  '242',
  '252',
  '279',
  '285',
  '319',
  '394',
  '425',
  '439',
  '473',
  '999',
]);

const connectionErrors = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_SOCKET',
]);

/** True when the server was not reached, or the connection broke: nothing is known about what it did. */
export function isConnectionError(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof ClickHouseError) return false;
  if (error instanceof WeirError) return error.code === 'clickhouse_unreachable';
  const code = 'code' in error ? String(error.code) : '';
  return connectionErrors.has(code) || /socket hang up|timeout|aborted|terminated/i.test(`${error.name} ${error.message}`);
}

/** True when the same statement may succeed later. */
export function isPassing(error: unknown): boolean {
  return error instanceof ClickHouseError ? passing.has(error.code) : isConnectionError(error);
}

/**
 * The error for the user. ClickHouse's own code stands in the message and as `cause.code`.
 * @param place what was asked: a table or the name of a query
 */
export function explain(error: unknown, place: string): WeirError {
  if (error instanceof WeirError) return error;
  if (error instanceof ClickHouseError) {
    const text = error.message.split('\n')[0]?.slice(0, 1_000) ?? '';
    return new WeirError(
      'clickhouse_failed',
      `ClickHouse code ${error.code}${error.type === undefined ? '' : ` (${error.type})`}: ${text}`,
      { place, cause: error },
    );
  }
  const text = error instanceof Error ? `${error.name === 'Error' ? '' : `${error.name}: `}${error.message}` : String(error);
  if (isConnectionError(error)) {
    return new WeirError('clickhouse_unreachable', `ClickHouse does not answer: ${text}`, {
      place,
      hint: 'Is it running, and is clickhouse.url right?',
      cause: error,
    });
  }
  return new WeirError('clickhouse_failed', text, { place, cause: error });
}

/** ClickHouse's code of a failed statement, e.g. '497'; empty when it did not answer. */
export function clickhouseCode(error: unknown): string {
  const cause = error instanceof WeirError ? error.cause : error;
  return cause instanceof ClickHouseError ? cause.code : '';
}

/**
 * Runs `attempt` until it succeeds, fails for good, or `deadlineMs` have passed since the first try. Waits 50 ms at first, twice as
 * long each time up to 3 s, spread by half so that several writers do not come back at once.
 * @param attempt gets the milliseconds left
 */
export async function retrying<T>(deadlineMs: number, place: string, attempt: (leftMs: number) => Promise<T>): Promise<T> {
  const end = Date.now() + deadlineMs;
  for (let wait = 50; ; wait = Math.min(wait * 2, 3_000)) {
    try {
      return await attempt(Math.max(1, end - Date.now()));
    } catch (error) {
      const pause = wait * (0.5 + Math.random());
      if (!isPassing(error) || Date.now() + pause >= end) throw explain(error, place);
      await sleep(pause);
    }
  }
}
