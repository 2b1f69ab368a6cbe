/** Variables by the query editor: any query whose answer has a column `value`, and `text` beside it. */
import { DataSourceVariableSupport } from '@grafana/data';
import type { WeirDataSource } from './datasource.ts';
import type { WeirOptions, WeirQuery } from './types.ts';

export class WeirVariables extends DataSourceVariableSupport<WeirDataSource, WeirQuery, WeirOptions> {
  constructor(private readonly datasource: WeirDataSource) {
    super();
  }

  override getDefaultQuery(): Partial<WeirQuery> {
    void this.datasource;
    return { type: 'values', of: 'partner' };
  }
}
