/** Editor of a query: its type, and what belongs to that type. */
import type { QueryEditorProps, SelectableValue } from '@grafana/data';
import { Combobox, InlineField, InlineSwitch, Input, MultiSelect, RadioButtonGroup, Stack } from '@grafana/ui';
import { useEffect, useState } from 'react';
import type { WeirDataSource } from '../datasource.ts';
import { type About, defaultQuery, type QueryType, type WeirOptions, type WeirQuery } from '../types.ts';
import { Filters } from './Filters.tsx';
import { SqlEditor } from './SqlEditor.tsx';

type Props = QueryEditorProps<WeirDataSource, WeirQuery, WeirOptions>;

const types: Array<SelectableValue<QueryType>> = [
  { label: 'KPI', value: 'kpi', description: 'A metric of usage with its expected band' },
  { label: 'Incidents', value: 'incidents' },
  { label: 'Reconciliation', value: 'reconciliation' },
  { label: 'SLO', value: 'slo' },
  { label: 'Accounting', value: 'accounting' },
  { label: 'SQL', value: 'sql' },
  { label: 'Values', value: 'values', description: 'For variables' },
];

/** Views of each type, the first is the default. */
export const views: Partial<Record<QueryType, Array<{ label: string; value: string }>>> = {
  incidents: [
    { label: 'Within the range', value: 'list' },
    { label: 'Open now', value: 'open' },
    { label: 'MTTD, MTTA, MTTR', value: 'performance' },
    { label: 'One: summary', value: 'summary' },
    { label: 'One: facts', value: 'facts' },
    { label: 'One: explanation', value: 'explanation' },
    { label: 'One: chart', value: 'chart' },
    { label: 'One: timeline', value: 'timeline' },
    { label: 'One: findings', value: 'findings' },
    { label: 'One: evidence', value: 'evidence' },
  ],
  reconciliation: [
    { label: 'Runs', value: 'runs' },
    { label: 'Causes', value: 'causes' },
    { label: 'Breaks', value: 'breaks' },
  ],
  slo: [
    { label: 'Objectives', value: 'objectives' },
    { label: 'Over time', value: 'history' },
  ],
  accounting: [
    { label: 'Sources', value: 'sources' },
    { label: 'Flow', value: 'flow' },
    { label: 'Rejects', value: 'rejects' },
    { label: 'Completeness', value: 'completeness' },
  ],
};

const oneIncident = ['summary', 'facts', 'explanation', 'chart', 'timeline', 'findings', 'evidence'];
const option = (value: string): { label: string; value: string } => ({ label: value, value });

export function QueryEditor({ query: stated, datasource, onChange, onRunQuery }: Props) {
  const query = { ...defaultQuery, ...stated };
  const [about, setAbout] = useState<About>();
  useEffect(() => {
    let here = true;
    datasource.describe().then(
      (found) => here && setAbout(found),
      () => undefined,
    );
    return () => {
      here = false;
    };
  }, [datasource]);
  const change = (part: Partial<WeirQuery>): void => {
    onChange({ ...query, ...part });
    onRunQuery();
  };
  const shown = views[query.type];
  const view = query.view && shown?.some(({ value }) => value === query.view) ? query.view : (shown?.[0]?.value ?? '');
  return (
    <Stack direction="column" gap={1}>
      <Stack wrap="wrap" gap={1}>
        <InlineField label="Type">
          <RadioButtonGroup
            size="sm"
            options={types}
            value={query.type}
            onChange={(type) => change({ type, view: views[type]?.[0]?.value })}
          />
        </InlineField>
        {shown && (
          <InlineField label="View">
            <Combobox width={24} options={shown} value={view} onChange={({ value }) => change({ view: value })} />
          </InlineField>
        )}
      </Stack>
      {query.type === 'kpi' && <Kpi query={query} about={about} change={change} datasource={datasource} />}
      {query.type === 'incidents' && oneIncident.includes(view) && (
        <Text label="Incident" value={query.incident} placeholder="$incident" onChange={(incident) => change({ incident })} />
      )}
      {query.type === 'incidents' && !oneIncident.includes(view) && (
        <Stack wrap="wrap" gap={1}>
          <Several
            label="State"
            value={query.states}
            options={['open', 'acknowledged', 'in_progress', 'resolved', 'closed']}
            onChange={(states) => change({ states })}
          />
          <Several
            label="Severity"
            value={query.severities}
            options={['1', '2', '3', '4', '5']}
            onChange={(severities) => change({ severities })}
          />
          <Several
            label="Category"
            value={query.categories}
            options={['revenue', 'service', 'data']}
            onChange={(categories) => change({ categories })}
          />
          <Several label="Detector" value={query.detectors} options={[]} onChange={(detectors) => change({ detectors })} />
        </Stack>
      )}
      {query.type === 'reconciliation' && (
        <Stack wrap="wrap" gap={1}>
          <Several label="Comparison" value={query.comparisons} options={[]} onChange={(comparisons) => change({ comparisons })} />
          <Several label="Control" value={query.controls} options={['S08', 'S09']} onChange={(controls) => change({ controls })} />
          {view === 'breaks' && (
            <Several
              label="Class"
              value={query.classes}
              options={['mismatch', 'a_only', 'b_only']}
              onChange={(classes) => change({ classes })}
            />
          )}
        </Stack>
      )}
      {query.type === 'slo' && (
        <Several label="Objective" value={query.objectives} options={[]} onChange={(objectives) => change({ objectives })} />
      )}
      {query.type === 'accounting' && (
        <Several label="Source" value={query.sources} options={[]} onChange={(sources) => change({ sources })} />
      )}
      {query.type === 'values' && (
        <InlineField label="Of" tooltip="A dimension, or a list of Weir">
          <Combobox
            width={24}
            createCustomValue
            options={[...(about?.lists ?? []), ...(about?.dimensions ?? [])].map(option)}
            value={query.of ?? null}
            onChange={({ value }) => change({ of: value })}
          />
        </InlineField>
      )}
      {query.type === 'sql' && <SqlEditor query={query} about={about} onChange={onChange} onRunQuery={onRunQuery} />}
    </Stack>
  );
}

interface KpiProps {
  query: WeirQuery;
  about: About | undefined;
  datasource: WeirDataSource;
  change: (part: Partial<WeirQuery>) => void;
}

function Kpi({ query, about, datasource, change }: KpiProps) {
  const metrics = (about?.metrics ?? []).map(({ name, title, description }) => ({ label: title, value: name, description }));
  return (
    <>
      <Stack wrap="wrap" gap={1}>
        <InlineField label="Metric">
          <Combobox
            width={32}
            createCustomValue
            options={metrics}
            value={query.metric ?? null}
            onChange={({ value }) => change({ metric: value })}
          />
        </InlineField>
        <InlineField label="By" tooltip="Up to three dimensions; one series for each set of their values">
          <MultiSelect
            width={40}
            options={(about?.dimensions ?? []).map(option)}
            value={query.dimensions ?? []}
            onChange={(chosen) => change({ dimensions: chosen.slice(0, 3).map(({ value }) => String(value)) })}
          />
        </InlineField>
        {(query.dimensions ?? []).length > 0 && (
          <InlineField label="Largest" tooltip="How many, those with the most records first">
            <Input
              width={8}
              type="number"
              min={1}
              max={200}
              defaultValue={query.limit ?? 12}
              onBlur={(event) => change({ limit: Number(event.currentTarget.value) || 12 })}
            />
          </InlineField>
        )}
        <InlineField label="Format">
          <RadioButtonGroup<'series' | 'total'>
            size="sm"
            options={[
              { label: 'Series', value: 'series' },
              { label: 'Total', value: 'total' },
            ]}
            value={query.format === 'total' ? 'total' : 'series'}
            onChange={(format) => change({ format })}
          />
        </InlineField>
        <InlineField label="Band" tooltip="What was to be expected from the four weeks before">
          <InlineSwitch value={query.band ?? false} onChange={(event) => change({ band: event.currentTarget.checked })} />
        </InlineField>
        <InlineField label="Last week">
          <InlineSwitch value={query.compare ?? false} onChange={(event) => change({ compare: event.currentTarget.checked })} />
        </InlineField>
      </Stack>
      <Filters
        filters={query.filters ?? []}
        dimensions={about?.dimensions ?? []}
        datasource={datasource}
        onChange={(filters) => change({ filters })}
      />
    </>
  );
}

interface SeveralProps {
  label: string;
  value: string[] | undefined;
  options: string[];
  onChange: (value: string[]) => void;
}

function Several({ label, value = [], options, onChange }: SeveralProps) {
  const known = [...new Set([...options, ...value])].map(option);
  return (
    <InlineField label={label}>
      <MultiSelect
        width={28}
        allowCustomValue
        aria-label={label}
        placeholder="any"
        options={known}
        value={value}
        onChange={(chosen) => onChange(chosen.map((each) => String(each.value)))}
      />
    </InlineField>
  );
}

interface TextProps {
  label: string;
  value: string | undefined;
  placeholder: string;
  onChange: (value: string) => void;
}

function Text({ label, value, placeholder, onChange }: TextProps) {
  return (
    <InlineField label={label}>
      <Input
        width={32}
        aria-label={label}
        defaultValue={value ?? ''}
        placeholder={placeholder}
        onBlur={(event) => onChange(event.currentTarget.value.trim())}
      />
    </InlineField>
  );
}
