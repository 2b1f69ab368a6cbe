/** What detection over series asks of the database: what detection asks, and whole columns. */
import type { DetectionStore } from '../port.ts';

export interface SeriesStore extends DetectionStore {
  columns(
    query: string,
    params?: Readonly<Record<string, unknown>>,
    options?: { timeoutMs?: number },
  ): Promise<readonly (readonly unknown[])[]>;
}
