/** Call records of the Acme PBX: eight columns divided by semicolons, no header, local times, durations in minutes and seconds. */
import type { Mapping } from '../../core/settings/mapping.ts';
import { csvFormat } from '../../ingest/decode/csv.ts';
import type { Preset, PresetOptions } from '../../ingest/decode/preset.ts';

const names = ['call', 'type', 'extension', 'number', 'start', 'length', 'result', 'trunk'];

function mappingOf(options: PresetOptions): Mapping {
  const outgoing = { from: 'type', equals: 'OUT' };
  return {
    format: 'csv',
    kind: 'usage',
    delimiter: ';',
    names,
    timeZone: options.timeZone ?? 'UTC',
    constants: { leg: options.leg ?? 'switch', service: 'voice', rat: 'sip' },
    columns: {
      session_id: 'call',
      direction: { when: outgoing, use: { text: 'mo' }, otherwise: { text: 'mt' } },
      subscriber_number: 'extension',
      other_party_number: 'number',
      start_time: { from: 'start', time: 'DD.MM.YYYY hh:mm:ss', required: true },
      duration_seconds: { from: 'length', unit: 'hh:mm:ss' },
      answered: { from: 'result', values: { ANSWERED: true }, otherwise: false },
      final_status: 'result',
      route: 'trunk',
    },
    filters: [{ when: { from: 'type', equals: 'INTERNAL' }, reason: 'internal_call' }],
  };
}

export const acmePbx: Preset = {
  name: 'acme-pbx',
  title: 'Acme PBX call records',
  kind: 'usage',
  positions: 'row',
  drops: 'internal calls (`internal_call`), blank lines',
  recognise: ({ lines }) => (/^[^;]*;(OUT|IN|INTERNAL);([^;]*;){5}[^;]*$/.test(lines[0] ?? '') ? 0.95 : 0),
  format: (options = {}) => csvFormat(mappingOf(options), 'acme-pbx'),
};
