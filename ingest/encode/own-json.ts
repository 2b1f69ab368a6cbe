/** A record as one line of JSON under the names of its own columns: what the formats `weir-json` and, for measurements, `json` read again. */
import type { ColumnType, Kind } from '../../core/column.ts';
import { fromMicro } from '../../core/money.ts';

type Write = (value: never) => unknown;

/** What is not known, zero or empty is left out: it reads as that again. */
const nothing = undefined;

const writers: { readonly [Type in ColumnType]: Write } = {
  code: (value: string) => value || nothing,
  text: (value: string) => value || nothing,
  transient: (value: string) => value || nothing,
  // Beyond what a JSON number holds.
  hash: (value: bigint) => (value === 0n ? nothing : String(value)),
  instant: (value: number) => (value > 0 ? new Date(value).toISOString() : nothing),
  uint8: (value: number) => value || nothing,
  uint16: (value: number) => value || nothing,
  uint32: (value: number) => value || nothing,
  uint64: (value: number) => value || nothing,
  int16: (value: number) => value || nothing,
  int32: (value: number) => value || nothing,
  float: (value: number) => value,
  measure: (value: number | null) => value ?? nothing,
  money: (value: number) => (value === 0 ? nothing : fromMicro(value)),
  flag: (value: boolean) => value || nothing,
  labels: (value: readonly (readonly [string, string])[] | null) => (value && value.length > 0 ? Object.fromEntries(value) : nothing),
  bytes: () => nothing,
};

/**
 * The writer of a kind, made once.
 * @example ownJson(usage)({ ...newRecord(usage), leg: 'switch', duration_seconds: 60 }) // '{"leg":"switch","duration_seconds":60,…}'
 */
export function ownJson(kind: Kind): (record: object) => string {
  const columns = Object.entries(kind.columns).map(([name, { type }]) => [name, writers[type] as (value: unknown) => unknown] as const);
  return (record) => {
    const out: Record<string, unknown> = {};
    for (const [name, write] of columns) {
      const value = write((record as Record<string, unknown>)[name]);
      if (value !== nothing) out[name] = value;
    }
    return JSON.stringify(out);
  };
}

/**
 * The format that reads it again.
 * @example formatOfOwnJson({ name: 'subscription' }) // 'weir-json:subscription'
 */
export function formatOfOwnJson({ name }: Pick<Kind, 'name'>): string {
  if (name === 'measurement') return 'json';
  return name === 'usage' ? 'weir-json' : `weir-json:${name}`;
}
