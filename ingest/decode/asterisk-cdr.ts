/** Asterisk CDR as `cdr_csv` writes it (Master.csv): sixteen to twenty-one columns without a header, local times. */
import type { Mapping } from '../../core/settings/mapping.ts';
import { csvFormat } from './csv.ts';
import type { Preset, PresetOptions } from './preset.ts';

const names = [
  ...['accountcode', 'src', 'dst', 'dcontext', 'clid', 'channel', 'dstchannel', 'lastapp', 'lastdata', 'start', 'answer', 'end'],
  ...['duration', 'billsec', 'disposition', 'amaflags', 'uniqueid', 'userfield', 'peeraccount', 'linkedid', 'sequence'],
];
/** Contexts in which the usual dial plans receive calls from outside. */
const inbound = {
  from: 'dcontext',
  equals: ['from-trunk', 'from-pstn', 'from-did-direct', 'from-external', 'incoming', 'inbound', 'ext-did'],
};

/**
 * The mapping of Asterisk CDR. The subscriber is the caller, on calls from outside the called party. The cause follows from the
 * disposition, since the file has none. The route is the outgoing channel without its serial number.
 * @param order the columns of a file whose order was changed in cdr_custom; all 21 in stock order otherwise
 */
export function asteriskCdrMapping(options: PresetOptions = {}, order: readonly string[] = names): Mapping {
  return {
    format: 'csv',
    kind: 'usage',
    names: [...order],
    columnCount: order === names ? [16, names.length] : order.length,
    timeZone: options.timeZone ?? 'UTC',
    constants: { leg: options.leg ?? 'switch', service: 'voice', rat: 'sip' },
    columns: {
      direction: { when: inbound, use: { text: 'mt' }, otherwise: { text: 'mo' } },
      subscriber_number: { when: inbound, use: 'dst', otherwise: 'src' },
      other_party_number: { when: inbound, use: 'src', otherwise: 'dst' },
      start_time: { from: 'start', required: true },
      answer_time: 'answer',
      end_time: 'end',
      duration_seconds: { from: 'duration', unit: 's' },
      billable_seconds: { from: 'billsec', unit: 's' },
      answered: { from: 'disposition', values: { ANSWERED: true }, otherwise: false },
      final_status: 'disposition',
      cause: { from: 'disposition', values: { ANSWERED: 16, BUSY: 17, 'NO ANSWER': 19, CONGESTION: 34 }, otherwise: 0 },
      ...(order.includes('linkedid')
        ? { session_id: { first: order.includes('uniqueid') ? ['linkedid', 'uniqueid'] : ['linkedid'] } }
        : {}),
      ...(order.includes('uniqueid') ? { charging_id: 'uniqueid' } : {}),
      ...(order.includes('sequence') ? { local_sequence: 'sequence' } : {}),
      trunk_in: { from: 'channel', beforeLast: '-' },
      route: { from: 'dstchannel', beforeLast: '-' },
    },
  };
}

export const asteriskCdr: Preset = {
  name: 'asterisk-cdr',
  title: 'Asterisk CDR, CSV (Master.csv)',
  kind: 'usage',
  positions: 'row',
  drops: 'blank lines',
  recognise: ({ lines }) => {
    const first = lines.slice(0, 5).filter((line) => line.length < 4000 && line !== '');
    return first.length > 0 && first.every((line) => isRow(line)) ? 0.95 : 0;
  },
  format: (options) => csvFormat(asteriskCdrMapping(options), 'asterisk-cdr'),
};

/** A disposition behind two or three stock-format times is written by nothing else. */
function isRow(line: string): boolean {
  const commas = line.split(',').length;
  if (commas < 16 || !line.includes(' ')) return false;
  const dispositions = ['ANSWERED', 'NO ANSWER', 'BUSY', 'FAILED', 'CONGESTION'];
  const flags = ['DOCUMENTATION', 'BILLING', 'OMIT', 'IGNORE'];
  return (
    dispositions.some((word) => line.includes(`"${word}"`) || line.includes(`,${word},`)) &&
    (flags.some((flag) => line.includes(flag)) || /,"?[123]"?,/.test(line))
  );
}
