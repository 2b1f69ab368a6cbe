/** The accounting of all sources as numbers. */
import type { Store } from '../../sql/store.ts';

export interface SourceAccounting {
  readonly read: number;
  readonly stored: number;
  readonly rejected: number;
  readonly dropped: number;
  readonly in_flight: number;
  readonly in_tables: number;
  readonly balanced: boolean;
  readonly proved: boolean;
}

/** What a source says of which nothing came yet. */
export const nothingRead: SourceAccounting = {
  read: 0,
  stored: 0,
  rejected: 0,
  dropped: 0,
  in_flight: 0,
  in_tables: 0,
  balanced: true,
  proved: true,
};

type Row = { readonly [Name in keyof SourceAccounting]: string | number | boolean } & { readonly source: string };

/** By source, in ascending order. Counts the record tables: ask for it through `shared`. */
export async function readAccounting(store: Store, tenant: string): Promise<ReadonlyMap<string, SourceAccounting>> {
  const rows = await store.rows<Row>('api-accounting', { tenant }, { timeoutMs: 10_000 });
  return new Map(
    rows.map((row) => [
      row.source,
      {
        read: Number(row.read),
        stored: Number(row.stored),
        rejected: Number(row.rejected),
        dropped: Number(row.dropped),
        in_flight: Number(row.in_flight),
        in_tables: Number(row.in_tables),
        balanced: Boolean(Number(row.balanced)),
        proved: Boolean(Number(row.proved)),
      },
    ]),
  );
}
