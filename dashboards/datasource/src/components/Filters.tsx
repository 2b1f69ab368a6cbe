/** Filters of a KPI: dimension, operator, values. */
import { Button, Combobox, MultiSelect, Stack } from '@grafana/ui';
import { useState } from 'react';
import type { WeirDataSource } from '../datasource.ts';
import type { QueryFilter } from '../types.ts';

interface Props {
  filters: QueryFilter[];
  dimensions: string[];
  datasource: WeirDataSource;
  onChange: (filters: QueryFilter[]) => void;
}

const operators = [
  { label: 'is', value: '=|' },
  { label: 'is not', value: '!=|' },
  { label: 'matches', value: '=~' },
  { label: 'does not match', value: '!~' },
];
const option = (value: string): { label: string; value: string } => ({ label: value, value });

export function Filters({ filters, dimensions, datasource, onChange }: Props) {
  const [known, setKnown] = useState<Record<string, string[]>>({});
  const set = (index: number, part: Partial<QueryFilter>): void =>
    onChange(filters.map((filter, at) => (at === index ? { ...filter, ...part } : filter)));
  const open = (key: string): void => {
    if (key === '' || known[key]) return;
    datasource.getTagValues({ key, filters: [] }).then(
      (values) => setKnown((before) => ({ ...before, [key]: values.map(({ text }) => text) })),
      () => undefined,
    );
  };
  return (
    <Stack direction="column" gap={0.5}>
      {filters.map(({ key, operator, values }, index) => (
        // A filter has no identity but its place.
        // biome-ignore lint/suspicious/noArrayIndexKey: rows are edited in place
        <Stack key={index} gap={0.5}>
          <Combobox
            aria-label="Dimension"
            width={18}
            options={dimensions.map(option)}
            value={key || null}
            placeholder="where"
            onChange={({ value }) => set(index, { key: value, values: [] })}
          />
          <Combobox
            aria-label="Operator"
            width={18}
            options={operators}
            value={operator}
            onChange={({ value }) => set(index, { operator: value })}
          />
          <MultiSelect
            aria-label="Values"
            width={40}
            allowCustomValue
            options={[...new Set([...(known[key] ?? []), ...values])].map(option)}
            value={values}
            onOpenMenu={() => open(key)}
            onChange={(chosen) => set(index, { values: chosen.map((each) => String(each.value)) })}
          />
          <Button
            aria-label="Remove filter"
            icon="times"
            variant="secondary"
            onClick={() => onChange(filters.filter((_, at) => at !== index))}
          />
        </Stack>
      ))}
      <div>
        <Button size="sm" icon="plus" variant="secondary" onClick={() => onChange([...filters, { key: '', operator: '=|', values: [] }])}>
          Filter
        </Button>
      </div>
    </Stack>
  );
}
