/** FreeSWITCH mod_cdr_csv with its default template: thirteen to fifteen quoted columns without a header, local times. */
import type { Mapping } from '../../core/settings/mapping.ts';
import { csvFormat } from './csv.ts';
import type { Preset, PresetOptions } from './preset.ts';
import { q850 } from './q850.ts';

const names = [
  ...['caller_id_name', 'caller_id_number', 'destination_number', 'context', 'start_stamp', 'answer_stamp', 'end_stamp', 'duration'],
  ...['billsec', 'hangup_cause', 'uuid', 'bleg_uuid', 'accountcode', 'read_codec', 'write_codec'],
];

/** Calls that come in through the context `public` are for our subscriber; in any other they are from them. */
export function freeswitchCsvMapping(options: PresetOptions = {}): Mapping {
  const inbound = { from: 'context', equals: 'public' };
  return {
    format: 'csv',
    kind: 'usage',
    names,
    columnCount: [13, names.length],
    timeZone: options.timeZone ?? 'UTC',
    constants: { leg: options.leg ?? 'switch', service: 'voice', rat: 'sip' },
    columns: {
      direction: { when: inbound, use: { text: 'mt' }, otherwise: { text: 'mo' } },
      subscriber_number: { when: inbound, use: 'destination_number', otherwise: 'caller_id_number' },
      other_party_number: { when: inbound, use: 'caller_id_number', otherwise: 'destination_number' },
      start_time: { from: 'start_stamp', required: true },
      answer_time: 'answer_stamp',
      end_time: 'end_stamp',
      duration_seconds: { from: 'duration', unit: 's' },
      billable_seconds: { from: 'billsec', unit: 's' },
      answered: { when: { from: 'answer_stamp', empty: true }, use: { text: 'false' }, otherwise: { text: 'true' } },
      final_status: 'hangup_cause',
      cause: { from: 'hangup_cause', values: { ...q850 }, otherwise: 0 },
      session_id: 'uuid',
      charging_id: 'bleg_uuid',
    },
  };
}

export const freeswitchCsv: Preset = {
  name: 'freeswitch-csv',
  title: 'FreeSWITCH mod_cdr_csv, default template',
  kind: 'usage',
  positions: 'row',
  drops: 'blank lines',
  recognise: ({ lines }) => {
    const fields = (lines[0] ?? '').replaceAll('"', '').split(',');
    const cause = fields[9]?.trim() ?? '';
    return fields.length >= 13 && fields.length <= 15 && Object.hasOwn(q850, cause) && /^[0-9a-f-]{36}$/.test(fields[10] ?? '') ? 0.97 : 0;
  },
  format: (options) => csvFormat(freeswitchCsvMapping(options), 'freeswitch-csv'),
};
