/** Help beside the query editor, with queries to begin with. */
import type { QueryEditorHelpProps } from '@grafana/data';
import { Button, Stack, Text } from '@grafana/ui';
import type { WeirQuery } from '../types.ts';
import { example } from './SqlEditor.tsx';

/** Queries that can be tried with one click. */
export const examples: Array<{ title: string; text: string; query: Omit<WeirQuery, 'refId'> }> = [
  {
    title: 'Records with what was to be expected',
    text: 'A drop lies below the band.',
    query: { type: 'kpi', metric: 'usage_records', dimensions: ['service'], band: true },
  },
  {
    title: 'Answer ratio of the largest partners, this week and last',
    text: 'ASR as in ITU-T E.411: answered of all attempts.',
    query: {
      type: 'kpi',
      metric: 'answer_ratio',
      dimensions: ['partner'],
      filters: [{ key: 'service', operator: '=|', values: ['voice'] }],
      compare: true,
      format: 'total',
      limit: 20,
    },
  },
  { title: 'What is open now', text: 'The most severe first, with money and customers.', query: { type: 'incidents', view: 'open' } },
  {
    title: 'Did everything arrive, once?',
    text: 'read = stored + rejected + dropped, for each source.',
    query: { type: 'accounting', view: 'sources' },
  },
  {
    title: 'SQL',
    text: 'Any question; the tables are described in the data model.',
    query: { type: 'sql', format: 'series', sql: example },
  },
];

export function QueryHelp({ onClickExample }: QueryEditorHelpProps<WeirQuery>) {
  return (
    <Stack direction="column" gap={2}>
      {examples.map(({ title, text, query }) => (
        <Stack key={title} direction="column" gap={0.5}>
          <Text element="h5">{title}</Text>
          <Text color="secondary">{text}</Text>
          <div>
            <Button size="sm" variant="secondary" onClick={() => onClickExample({ refId: 'A', ...query })}>
              Try it
            </Button>
          </div>
        </Stack>
      ))}
    </Stack>
  );
}
