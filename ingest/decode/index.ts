/** All formats: mappings of the settings, and the presets, one file each. A new format is a file here and a line in the list. */
import { kindNamed } from '../../core/kinds/index.ts';
import type { Mapping } from '../../core/settings/mapping.ts';
import { asteriskCdr } from './asterisk-cdr.ts';
import { asteriskCel } from './asterisk-cel.ts';
import { csvFormat } from './csv.ts';
import type { Format } from './format.ts';
import { freeswitchCsv } from './freeswitch-csv.ts';
import { freeswitchJson } from './freeswitch-json.ts';
import { jsonFormat } from './json.ts';
import type { Preset } from './preset.ts';
import { radiusDetail } from './radius-detail.ts';
import { telegrafJson } from './telegraf-json.ts';
import { telemetryJson } from './telemetry-json.ts';
import { weirCsv } from './weir-csv.ts';
import { weirJson } from './weir-json.ts';

export const presets: readonly Preset[] = [
  asteriskCdr,
  asteriskCel,
  freeswitchCsv,
  freeswitchJson,
  radiusDetail,
  telegrafJson,
  telemetryJson,
  weirCsv,
  weirJson,
];

/** @example presetNames().includes('asterisk-cdr') // true */
export function presetNames(): string[] {
  return presets.map(({ name }) => name);
}

/**
 * The preset of a name. `weir-csv:KIND` and `weir-json:KIND` bring records of that kind.
 * @example presetNamed('weir-csv:subscription')?.kind // 'subscription'
 */
export function presetNamed(name: string): Preset | undefined {
  const [base = '', kind] = name.split(':', 2);
  const preset = presets.find((one) => one.name === base);
  if (!preset || kind === undefined) return preset;
  if (!base.startsWith('weir-') || !kindNamed(kind)) return undefined;
  return { ...preset, name, kind, format: (options = {}) => preset.format({ ...options, kind }) };
}

/** @throws WeirError `config_invalid` naming the setting */
export function formatOfMapping(mapping: Mapping, path = 'mapping'): Format {
  return mapping.format === 'csv' ? csvFormat(mapping, 'csv', path) : jsonFormat(mapping, 'json', path);
}
