/** What goes wrong with a database, for a person. Messages of databases name users and columns, never passwords. */
import { WeirError } from '../../core/errors.ts';

const away = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EPIPE',
  'PROTOCOL_CONNECTION_LOST',
  'EAI_AGAIN',
]);
/** SQLSTATE of PostgreSQL and error names of MySQL for who is not let in. */
const refused = new Set([
  '28P01',
  '28000',
  '3D000',
  '42501',
  'ER_ACCESS_DENIED_ERROR',
  'ER_DBACCESS_DENIED_ERROR',
  'ER_TABLEACCESS_DENIED_ERROR',
  'ER_BAD_DB_ERROR',
]);

/** @param place of the database, as it is shown */
export function sqlFailure(place: string, error: unknown): WeirError {
  if (error instanceof WeirError) return error;
  const { code = '', message } = error as Error & { code?: string };
  const first = (message || code || String(error)).split('\n', 1)[0] as string;
  if (away.has(code) || /terminated unexpectedly|timeout expired|Connection lost|shutting down|starting up/i.test(first))
    return new WeirError('source_unreachable', `${place}: ${code || first}`, {
      place,
      hint: 'Is the database up, the port right, and does no firewall stand between?',
    });
  if (refused.has(code) || /certificate|SSL|TLS/.test(first))
    return new WeirError('source_refused', `${place}: ${first}`, {
      place,
      hint: /certificate|SSL|TLS/.test(first)
        ? 'Set "tls: on" for a certificate that nobody vouches for, "off" only on the same machine.'
        : 'Are user, password and database right, and may the user read what the query names?',
    });
  return new WeirError('query_failed', `${place}: ${first}`, {
    place,
    hint: /timeout|canceling|exceeded/i.test(first)
      ? 'It took longer than timeoutSeconds.'
      : 'Run the query by hand as the same user; it must be one SELECT.',
  });
}
