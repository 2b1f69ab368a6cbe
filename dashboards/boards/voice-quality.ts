/** Calls: do they get through, how long do they take, how do they end. */
import { type Board, to, variable } from './kit/board.ts';
import { colours, series, stat, table } from './kit/panel.ts';
import { kpi, sql, total, where } from './kit/query.ts';

const voice = [where('leg', 'switch'), where('service', 'voice'), where('partner', '$partner')];
const rollup =
  "FROM usage_minute WHERE leg = 'switch' AND service = 'voice' AND $__timeFilter(minute) AND $__conditionalAll(partner IN (${partner:singlequote}), $partner)";

export const voiceQuality: Board = {
  uid: 'weir-voice',
  title: 'Weir: voice quality',
  description: 'Attempts, answer ratio, call duration, post-dial delay and release causes, by partner and route.',
  variables: [variable('partner', 'partner', 'Partner')],
  rows: [
    {
      height: 4,
      panels: [
        [
          6,
          stat({
            title: 'ASR',
            description:
              'Answer-seizure ratio = answered / attempts (ITU-T E.411). Below 40 % a route rarely earns its money; compare with the same route a week ago.',
            unit: 'percentunit',
            decimals: 1,
            min: 0,
            max: 1,
            queries: [total('answer_ratio', { where: voice })],
            thresholds: [colours.bad, [0.4, colours.warning], [0.55, colours.well]],
          }),
        ],
        [
          6,
          stat({
            title: 'NER',
            description:
              'Network effectiveness ratio = (attempts - failures of the network) / attempts (ITU-T E.425): what the user does, e.g. busy or no answer, counts as success. Below 95 % the network or a route is at fault.',
            unit: 'percentunit',
            decimals: 1,
            min: 0,
            max: 1,
            noValue: 'no calls',
            queries: [total('ner', { where: [where('leg', 'switch'), where('partner', '$partner')] })],
            thresholds: [colours.bad, [0.9, colours.warning], [0.95, colours.well]],
          }),
        ],
        [
          6,
          stat({
            title: 'ACD',
            description:
              'Average call duration = seconds of answered calls / answered calls (ITU-T E.437: length of conversation). Falls when calls drop, before anyone complains.',
            unit: 's',
            decimals: 0,
            queries: [total('call_seconds', { where: voice })],
            thresholds: [colours.bad, [30, colours.warning], [60, colours.well]],
          }),
        ],
        [
          6,
          stat({
            title: 'Post-dial delay',
            description:
              'Mean set-up or post-dial delay of the calls that state one (ITU-T E.721: 3 s local, 5 s toll on average). Long delays are routes that hunt.',
            unit: 'ms',
            decimals: 0,
            queries: [total('setup_delay_ms', { where: voice })],
            thresholds: [colours.well, [5000, colours.warning], [8000, colours.bad]],
          }),
        ],
      ],
    },
    {
      height: 9,
      panels: [
        [
          12,
          series({
            title: 'Attempts',
            description: 'Call attempts by bucket with what was to be expected. Grey: four weeks before, p = 0.001.',
            unit: 'short',
            min: 0,
            queries: [kpi('usage_records', { where: voice, band: true, stepSeconds: 900 })],
          }),
        ],
        [
          12,
          series({
            title: 'ASR, with what was to be expected',
            description: 'Answered / attempts (ITU-T E.411). The band is wide where calls are few.',
            unit: 'percentunit',
            decimals: 1,
            min: 0,
            max: 1,
            queries: [kpi('answer_ratio', { where: voice, band: true, stepSeconds: 3600 })],
          }),
        ],
      ],
    },
    {
      height: 9,
      panels: [
        [
          8,
          series({
            title: 'ASR by partner',
            description: 'Answered / attempts of the largest partners. One line that falls alone is that partner; all lines are us.',
            unit: 'percentunit',
            decimals: 1,
            min: 0,
            max: 1,
            queries: [kpi('answer_ratio', { by: ['partner'], where: voice, limit: 8, stepSeconds: 3600 })],
            links: [['Partner', to('weir-kpi', { metric: 'answer_ratio', dimension: 'route' })]],
          }),
        ],
        [
          8,
          series({
            title: 'Average call duration',
            description: 'Seconds of answered calls / answered calls, with what was to be expected.',
            unit: 's',
            decimals: 0,
            min: 0,
            queries: [kpi('call_seconds', { where: voice, band: true, stepSeconds: 3600 })],
          }),
        ],
        [
          8,
          series({
            title: 'Post-dial delay, with what was to be expected',
            description: 'Mean delay of calls that state one, with what was to be expected (ITU-T E.721).',
            unit: 'ms',
            decimals: 0,
            min: 0,
            queries: [kpi('setup_delay_ms', { where: voice, band: true, stepSeconds: 3600 })],
          }),
        ],
      ],
    },
    {
      height: 9,
      panels: [
        [
          12,
          series({
            title: 'How calls end',
            description:
              'Attempts by class of the release cause (ITU-T Q.850, RFC 3398 for SIP; mapping by partner in the table causes). Network and congestion are ours to fix.',
            unit: 'short',
            stacked: true,
            min: 0,
            queries: [kpi('usage_records', { by: ['cause_class'], where: voice, stepSeconds: 900 })],
          }),
        ],
        [
          12,
          table({
            title: 'Partners and routes',
            description: 'Attempts, ASR, ACD and post-dial delay of each route in the range, most attempts first.',
            unit: 'none',
            queries: [
              sql(
                `SELECT partner, route, sum(records) AS attempts, sum(answered) / sum(records) AS asr, if(sum(answered) = 0, NULL, sum(duration_seconds) / sum(answered)) AS acd, if(sum(setup_delay_records) = 0, NULL, sum(setup_delay_ms) / sum(setup_delay_records)) AS delay ${rollup} GROUP BY partner, route ORDER BY attempts DESC LIMIT 100`,
              ),
            ],
            columns: [
              { name: 'asr', title: 'ASR', unit: 'percentunit', thresholds: [colours.bad, [0.4, colours.warning], [0.55, colours.well]] },
              { name: 'acd', title: 'ACD', unit: 's' },
              {
                name: 'delay',
                title: 'post-dial delay',
                unit: 'ms',
                thresholds: [colours.well, [5000, colours.warning], [8000, colours.bad]],
              },
            ],
          }),
        ],
      ],
    },
    {
      title: 'Media and messages',
      height: 9,
      panels: [
        [
          6,
          series({
            title: 'Mean opinion score',
            description:
              'MOS that records state (ITU-T P.800, or from the R-factor by the E-model, ITU-T G.107). Below 3.6 many users are dissatisfied.',
            unit: 'metric',
            decimals: 2,
            min: 1,
            max: 4.5,
            noValue: 'no records state it',
            queries: [kpi('mos', { where: [where('partner', '$partner')], band: true, stepSeconds: 3600 })],
            thresholds: [colours.bad, [3.1, colours.warning], [3.6, colours.well]],
          }),
        ],
        [
          6,
          series({
            title: 'Jitter',
            description: 'Mean jitter of the media that records state (RFC 3550). Above 30 ms buffers begin to lose what comes late.',
            unit: 'metric',
            decimals: 1,
            min: 0,
            noValue: 'no records state it',
            queries: [kpi('voice_jitter', { where: [where('partner', '$partner')], band: true, stepSeconds: 3600 })],
            thresholds: [colours.well, [20, colours.warning], [30, colours.bad]],
          }),
        ],
        [
          6,
          series({
            title: 'Packet loss',
            description: 'Mean packet loss of the media that records state (RFC 3550). Above 1 % speech is heard to break.',
            unit: 'metric',
            decimals: 2,
            min: 0,
            noValue: 'no records state it',
            queries: [kpi('voice_loss', { where: [where('partner', '$partner')], band: true, stepSeconds: 3600 })],
            thresholds: [colours.well, [0.5, colours.warning], [1, colours.bad]],
          }),
        ],
        [
          6,
          series({
            title: 'Messages delivered',
            description:
              'Delivered or accepted messages / messages (ETSI TS 102 250-2, SMS completion), of three hours where at least 50 were sent. A drop on one partner is its SMSC or its link.',
            unit: 'percentunit',
            decimals: 1,
            min: 0,
            max: 1,
            queries: [kpi('sms_delivery', { where: [where('partner', '$partner')], band: true, stepSeconds: 10_800 })],
            thresholds: [colours.bad, [0.9, colours.warning], [0.95, colours.well]],
          }),
        ],
      ],
    },
  ],
};
