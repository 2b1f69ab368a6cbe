/** FreeSWITCH mod_json_cdr: one object per call leg, in a file of its own, posted, or one per line. */
import type { Mapping } from '../../core/settings/mapping.ts';
import { jsonFormat } from './json.ts';
import type { Preset, PresetOptions } from './preset.ts';
import { q850 } from './q850.ts';

/** Times are epochs in microseconds, so no time zone is needed. A leg that FreeSWITCH calls inbound comes from the caller: mo. */
export function freeswitchJsonMapping(options: PresetOptions = {}): Mapping {
  const called = { from: 'variables.direction', equals: 'outbound' };
  return {
    format: 'json',
    kind: 'usage',
    timeZone: options.timeZone ?? 'UTC',
    constants: { leg: options.leg ?? 'switch', service: 'voice', rat: 'sip' },
    columns: {
      node: 'switchname',
      direction: { when: called, use: { text: 'mt' }, otherwise: { text: 'mo' } },
      subscriber_number: { when: called, use: callee, otherwise: callerNumber },
      other_party_number: { when: called, use: callerNumber, otherwise: callee },
      start_time: { from: 'variables.start_uepoch', time: 'epochUs', required: true },
      answer_time: { from: 'variables.answer_uepoch', time: 'epochUs' },
      end_time: { from: 'variables.end_uepoch', time: 'epochUs' },
      duration_seconds: { from: 'variables.mduration', unit: 'ms' },
      billable_seconds: { from: 'variables.billmsec', unit: 'ms' },
      setup_delay_ms: { from: 'variables.answermsec', unit: 'ms' },
      post_dial_delay_ms: { from: 'variables.progressmsec', unit: 'ms' },
      answered: { from: 'variables.answer_uepoch', values: { '': false, '0': false }, otherwise: true },
      final_status: 'variables.hangup_cause',
      cause: { from: 'variables.hangup_cause', values: { ...q850 }, otherwise: 0 },
      sip_code: 'variables.sip_term_status',
      release_side: {
        from: 'variables.sip_hangup_disposition',
        values: {
          recv_bye: 'caller',
          recv_cancel: 'caller',
          send_bye: 'callee',
          send_cancel: 'network',
          send_refuse: 'network',
          recv_refuse: 'callee',
        },
        otherwise: '',
      },
      session_id: { first: ['variables.call_uuid', 'variables.uuid'] },
      charging_id: 'variables.uuid',
      route: 'variables.sip_gateway_name',
      trunk_in: { from: 'variables.sip_network_ip', percent: true },
      mos: 'variables.rtp_audio_in_mos',
    },
  };
}

const callerNumber = { from: 'variables.sip_from_user', percent: true };
const callee = { from: 'variables.sip_to_user', percent: true };

export const freeswitchJson: Preset = {
  name: 'freeswitch-json',
  title: 'FreeSWITCH mod_json_cdr',
  kind: 'usage',
  positions: 'object',
  drops: 'nothing',
  recognise: ({ text }) => {
    if (!text.trimStart().startsWith('{')) return 0;
    if (text.includes('"core-uuid"') && (text.includes('"channel_data"') || text.includes('"variables"'))) return 0.99;
    return text.includes('"variables"') && text.includes('"start_uepoch"') ? 0.95 : 0;
  },
  format: (options) => jsonFormat(freeswitchJsonMapping(options), 'freeswitch-json'),
};
