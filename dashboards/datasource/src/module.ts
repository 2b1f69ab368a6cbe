/** What Grafana loads. */
import { DataSourcePlugin } from '@grafana/data';
import { ConfigEditor } from './components/ConfigEditor.tsx';
import { QueryEditor } from './components/QueryEditor.tsx';
import { QueryHelp } from './components/QueryHelp.tsx';
import { WeirDataSource } from './datasource.ts';
import type { WeirOptions, WeirQuery, WeirSecrets } from './types.ts';

export const plugin = new DataSourcePlugin<WeirDataSource, WeirQuery, WeirOptions, WeirSecrets>(WeirDataSource)
  .setConfigEditor(ConfigEditor)
  .setQueryEditor(QueryEditor)
  .setQueryEditorHelp(QueryHelp);
