/** Tables that can be asked for. */
import { useData } from '../core/use-data.ts';

export interface TableColumn {
  readonly name: string;
  readonly type: string;
  readonly comment: string;
}

export interface Table {
  readonly table: string;
  readonly comment: string;
  readonly columns: readonly TableColumn[];
}

export interface KnownTables {
  readonly tables: readonly Table[];
  readonly loading: boolean;
  readonly problem: string;
}

const none: readonly Table[] = [];

export function useTables(): KnownTables {
  const { data, error, loading } = useData<{ items: readonly Table[] }>('/sql/tables');
  return { tables: data?.items ?? none, loading: loading && !data, problem: error };
}
