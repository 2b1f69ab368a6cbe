/**
 * Every error that a user can cause: a code, a message that names the place, and a hint. Anything else that is thrown is a bug.
 * All codes stand in this file.
 */
export const errorCodes = {
  config_unreadable: 'The settings file cannot be read or is not YAML.',
  config_invalid: 'A setting has a wrong name, type or value.',
  data_locked: 'Another Weir runs on the same data directory.',
  platform_unsupported: 'No ClickHouse library exists for this platform.',
  clickhouse_unreachable: 'ClickHouse does not answer.',
  clickhouse_failed: 'ClickHouse refused a statement.',
  migration_changed: 'A migration that was already applied has changed.',
  schema_newer: 'The database was made by a newer Weir.',
  source_unknown: 'No source of that name is configured.',
  format_unknown: 'The format of the file was not recognised.',
  file_unreadable: 'The file cannot be read.',
  file_truncated: 'The compressed file ends too early.',
  file_bomb: 'The compressed file unpacks to more than the limit.',
  file_changing: 'The file is still being written.',
  body_unreadable: 'The body of the request cannot be read as a whole.',
  body_too_large: 'The body of the request is larger than the limit.',
  busy: 'The pipeline is full.',
  kafka_unavailable: 'The Kafka library cannot be built or loaded here.',
  kafka_unreachable: 'Kafka does not answer.',
  source_unreachable: 'The server of a source does not answer.',
  source_refused: 'The server of a source refuses the user, the credentials or the request.',
  source_changed: 'What a source gives changed while it was fetched.',
  source_too_large: 'A source gives more than its limit allows.',
  host_key_other: 'The server shows another host key than the one that is pinned.',
  query_failed: 'The database of a source refuses its query.',
  spool_full: 'The data directory has no room for what is fetched.',
  unauthorised: 'A valid token is needed.',
  forbidden: 'The token does not allow this.',
  not_found: 'There is no such thing.',
  conflict: 'The state of the thing does not allow this.',
  query_refused: 'The query was refused.',
  target_unreachable: 'A target of incidents does not answer.',
  target_refused: 'A target of incidents refuses the login or the request.',
  not_running: 'No Weir runs on this data directory.',
  usage: 'The command was not understood.',
  internal: 'Something went wrong inside Weir.',
} as const;

export type ErrorCode = keyof typeof errorCodes;

/** An error for the user. `place` is a file, line, setting or URL. */
export class WeirError extends Error {
  readonly code: ErrorCode;
  readonly place: string;
  readonly hint: string;

  constructor(code: ErrorCode, message: string, options: { place?: string; hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = 'WeirError';
    this.code = code;
    this.place = options.place ?? '';
    this.hint = options.hint ?? '';
  }
}
