/** SQL with macros, in Grafana's code editor. Ctrl or Cmd and Enter runs it. */
import { CodeEditor, InlineField, RadioButtonGroup, Stack, Text } from '@grafana/ui';
import type { About, WeirQuery } from '../types.ts';

interface Props {
  query: WeirQuery;
  about: About | undefined;
  onChange: (query: WeirQuery) => void;
  onRunQuery: () => void;
}

export const example = `SELECT $__timeInterval(minute) AS time, service, sum(records) AS records
FROM usage_minute
WHERE $__timeFilter(minute) AND $__adhocFilters
GROUP BY time, service
ORDER BY time`;

export function SqlEditor({ query, about, onChange, onRunQuery }: Props) {
  const keep = (sql: string): void => {
    onChange({ ...query, sql });
    onRunQuery();
  };
  return (
    <Stack direction="column" gap={1}>
      <CodeEditor
        language="sql"
        height="200px"
        showMiniMap={false}
        showLineNumbers
        value={query.sql ?? example}
        onBlur={keep}
        onSave={keep}
      />
      <InlineField label="Format">
        <RadioButtonGroup<'table' | 'series'>
          size="sm"
          options={[
            { label: 'Table', value: 'table' },
            { label: 'Time series', value: 'series' },
          ]}
          value={query.format === 'series' ? 'series' : 'table'}
          onChange={(format) => {
            onChange({ ...query, format });
            onRunQuery();
          }}
        />
      </InlineField>
      <Text color="secondary" variant="bodySmall">
        {`Asked as the read-only analyst. Macros: ${(about?.macros ?? []).join(', ')}, $__conditionalAll(condition, $variable).`}
      </Text>
    </Stack>
  );
}
