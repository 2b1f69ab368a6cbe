/**
 * An instant as ClickHouse reads a DateTime64(3, 'UTC').
 * @example sqlTime(1767225600123) // '2026-01-01 00:00:00.123'
 */
export function sqlTime(instant: number): string {
  return new Date(instant).toISOString().replace('T', ' ').slice(0, 23);
}
