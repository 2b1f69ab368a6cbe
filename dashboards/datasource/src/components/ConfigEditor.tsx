/** Settings of the datasource: where Weir is, and its token. */
import type { DataSourcePluginOptionsEditorProps } from '@grafana/data';
import { InlineField, Input, SecretInput, Stack, Text } from '@grafana/ui';
import type { ChangeEvent } from 'react';
import type { WeirOptions, WeirSecrets } from '../types.ts';

const labelWidth = 14;
const inputWidth = 50;

export function ConfigEditor({ options, onOptionsChange }: DataSourcePluginOptionsEditorProps<WeirOptions, WeirSecrets>) {
  const { jsonData, secureJsonData, secureJsonFields } = options;
  const url = (event: ChangeEvent<HTMLInputElement>): void =>
    onOptionsChange({ ...options, jsonData: { ...jsonData, apiUrl: event.currentTarget.value.trim().replace(/\/+$/, '') } });
  const token = (event: ChangeEvent<HTMLInputElement>): void =>
    onOptionsChange({ ...options, secureJsonData: { ...secureJsonData, apiToken: event.currentTarget.value } });
  const reset = (): void =>
    onOptionsChange({
      ...options,
      secureJsonFields: { ...secureJsonFields, apiToken: false },
      secureJsonData: { ...secureJsonData, apiToken: '' },
    });
  return (
    <Stack direction="column" gap={1}>
      <InlineField label="URL" labelWidth={labelWidth} tooltip="Address of Weir's API as the Grafana server reaches it, without a path">
        <Input
          id="weir-url"
          aria-label="URL"
          width={inputWidth}
          value={jsonData.apiUrl ?? ''}
          placeholder="http://weir:8080"
          onChange={url}
        />
      </InlineField>
      <InlineField label="Token" labelWidth={labelWidth} tooltip="Of a reader of http.tokens in weir.yaml. It stays on the Grafana server.">
        <SecretInput
          id="weir-token"
          aria-label="Token"
          width={inputWidth}
          isConfigured={Boolean(secureJsonFields?.apiToken)}
          value={secureJsonData?.apiToken ?? ''}
          placeholder="16 characters or more"
          onChange={token}
          onReset={reset}
        />
      </InlineField>
      <Text color="secondary" variant="bodySmall">
        Everybody who may query this datasource can ask Weir in SQL as its read-only analyst, within the limits of that user.
      </Text>
    </Stack>
  );
}
