/** Our own CSV: the header names columns of the record kind. For exports that users write themselves. */
import type { Kind } from '../../core/column.ts';
import { kindNamed, kinds } from '../../core/kinds/index.ts';
import type { ColumnMapping, Mapping } from '../../core/settings/mapping.ts';
import { csvFormat } from './csv.ts';
import type { Preset, PresetOptions } from './preset.ts';
import { settingError } from './setting-error.ts';

/** The kind of the options, usage by default. */
export function kindOf(options: PresetOptions): Kind {
  const kind = kindNamed(options.kind ?? 'usage');
  if (!kind) throw settingError('kind', `"${options.kind}" is no record kind`, kinds.map(({ name }) => name).join(', '));
  return kind;
}

/** Every column of a kind from the source field of its own name. */
export function ownColumns(kind: Kind, options: PresetOptions): Record<string, ColumnMapping> {
  const columns: Record<string, ColumnMapping> = {};
  for (const [name, { type }] of Object.entries(kind.columns)) if (type !== 'labels') columns[name] = name;
  if (options.leg !== undefined && 'leg' in columns) columns['leg'] = { first: ['leg', { text: options.leg }] };
  return columns;
}

function mappingOf(options: PresetOptions): Mapping {
  const kind = kindOf(options);
  return { format: 'csv', kind: kind.name, header: true, timeZone: options.timeZone ?? 'UTC', columns: ownColumns(kind, options) };
}

/** The kind whose required columns a header names, with all its other names known too. */
export function kindOfNames(names: readonly string[]): Kind | undefined {
  const known = kinds.filter(
    (kind) => kind.required.every((name) => names.includes(name)) && names.every((name) => Object.hasOwn(kind.columns, name)),
  );
  return known.sort((a, b) => b.required.length - a.required.length)[0];
}

export const weirCsv: Preset = {
  name: 'weir-csv',
  title: 'CSV whose header names our own columns',
  kind: 'usage',
  positions: 'row',
  drops: 'the header; blank lines',
  recognise: ({ lines }) =>
    kindOfNames(
      (lines[0] ?? '')
        .replace(/^\uFEFF/, '')
        .replaceAll('"', '')
        .trim()
        .split(','),
    )
      ? 0.99
      : 0,
  format: (options = {}) => csvFormat(mappingOf(options), 'weir-csv', 'format', true),
};
