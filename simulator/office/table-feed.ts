/** A feed of the back office: rows about an interval, as a file of their own. */
import type { TableRow } from '../tables.ts';

export interface TableShape {
  readonly feed: string;
  /** Record kind of the rows. */
  readonly kind: string;
  readonly columns: readonly string[];
  /** Files are closed no more often than this, ms. */
  readonly period: number;
}

export interface TableFeed extends TableShape {
  /** Rows about [from, to); asked for once. */
  readonly rows: (from: number, to: number) => readonly TableRow[];
}
