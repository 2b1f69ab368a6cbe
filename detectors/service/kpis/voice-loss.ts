import type { KpiDefinition } from './kpi.ts';
import { voiceQuality } from './voice.ts';

/** Packet loss of calls. */
export const voiceLoss: KpiDefinition = {
  ...voiceQuality,
  name: 'voice_loss',
  title: 'Packet loss of calls',
  standard: 'ITU-T Y.1541 class 0; G.113 for what it does to speech',
  meaning: 'Mean share of voice packets lost, as calls state it.',
  formula: 'Σ stated loss ÷ calls that state it',
  unit: 'percent',
  better: 'lower',
  rater: 'reliability',
  measure: { kind: 'mean', numerator: 'loss_sum', denominator: 'loss_calls' },
  minimum: 20,
  volume: 'calls that state loss',
  limits: [
    { level: 'good', value: 0.1, source: 'ITU-T Y.1541 class 0: 10⁻³' },
    { level: 'poor', value: 2, source: 'India, drive tests of 2025: at most 2 %' },
  ],
  runbook: [
    'One route or node: test the link (ping of 200 bytes, 50 a second, DSCP EF). All: the media gateways or a core link.',
    'Loss at the same hours each day: a full queue; give voice its own.',
  ],
};
