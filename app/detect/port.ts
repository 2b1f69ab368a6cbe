/** What detection asks of the database: a part of `Store`, so that tests can stand in for it. */
export interface DetectionStore {
  rows<T>(query: string, params?: Record<string, unknown>, options?: { timeoutMs?: number }): Promise<T[]>;
  insert(table: string, rows: readonly object[], token: string): Promise<void>;
}

/** What detection says to the log: a constant message and fields. */
export interface DetectionLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
