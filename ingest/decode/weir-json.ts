/** Our own JSON: the names of an object are columns of the record kind. For exports that users write themselves. */
import type { Mapping } from '../../core/settings/mapping.ts';
import { jsonFormat } from './json.ts';
import type { Preset, PresetOptions } from './preset.ts';
import { kindOf, kindOfNames, ownColumns } from './weir-csv.ts';

function mappingOf(options: PresetOptions): Mapping {
  const kind = kindOf(options);
  return { format: 'json', kind: kind.name, timeZone: options.timeZone ?? 'UTC', columns: ownColumns(kind, options) };
}

export const weirJson: Preset = {
  name: 'weir-json',
  title: 'JSON whose names are our own columns',
  kind: 'usage',
  positions: 'object',
  drops: 'nothing',
  recognise: ({ lines }) => (kindOfNames(namesOf(lines[0] ?? '')) ? 0.98 : 0),
  format: (options = {}) => jsonFormat(mappingOf(options), 'weir-json', 'format'),
};

/** The names of the object that a line holds; none when it holds none. */
export function namesOf(line: string): readonly string[] {
  try {
    const start = line.indexOf('{');
    const end = line.lastIndexOf('}');
    const value: unknown = JSON.parse(line.slice(start, end + 1));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
  } catch {
    return [];
  }
}
