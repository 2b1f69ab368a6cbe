/** The format that a source's settings name: a preset, or a mapping of its own. Wrong settings are refused here, before anything starts. */
import { WeirError } from '../../core/errors.ts';
import type { SourceSettings } from '../../core/settings/index.ts';
import type { Format } from '../../ingest/decode/format.ts';
import { formatOfMapping, presetNamed, presetNames } from '../../ingest/decode/index.ts';
import { nearest } from '../settings/nearest.ts';

/** @throws WeirError config_invalid naming the setting */
export function formatOf(name: string, source: Pick<SourceSettings, 'format' | 'mapping' | 'leg' | 'timeZone'>): Format {
  const path = `sources.${name}`;
  if (source.mapping && source.format)
    throw new WeirError('config_invalid', `${path}: format and mapping exclude each other`, { place: path, hint: 'Keep one of the two.' });
  if (source.mapping) return formatOfMapping(source.mapping, `${path}.mapping`);
  if (!source.format) {
    throw new WeirError('config_invalid', `${path}: how to read it is missing`, {
      place: path,
      hint: `Add "format: PRESET" (${presetNames().join(', ')}) or a mapping.`,
    });
  }
  const preset = presetNamed(source.format);
  if (!preset) {
    const near = nearest(source.format, presetNames());
    throw new WeirError('config_invalid', `${path}.format: no preset "${source.format}"`, {
      place: `${path}.format`,
      hint: near ? `Did you mean "${near}"?` : `Presets: ${presetNames().join(', ')}`,
    });
  }
  return preset.format({ ...(source.leg ? { leg: source.leg } : {}), ...(source.timeZone ? { timeZone: source.timeZone } : {}) });
}
