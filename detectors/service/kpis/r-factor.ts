import { codecs, ratingOf } from '../../../core/mos.ts';
import type { KpiDefinition, KpiFacts } from './kpi.ts';
import { voiceQuality } from './voice.ts';

/** Delay of packets and codec before the network adds its own, ms. */
const packetMs = 40;

/** R of the mean loss; delay of a jitter buffer of twice the mean jitter. */
function rating(facts: KpiFacts): number {
  const lossPercent = (facts['loss_sum'] ?? 0) / (facts['loss_calls'] ?? 0);
  const jitterMs = (facts['jitter_sum'] ?? 0) / Math.max(1, facts['jitter_calls'] ?? 0);
  return ratingOf({ codec: codecs.g711plc, lossPercent, delayMs: packetMs + 2 * jitterMs });
}

/** R of the E-model, from loss and jitter of the calls. */
export const rFactor: KpiDefinition = {
  ...voiceQuality,
  name: 'r_factor',
  title: 'Transmission rating (R)',
  standard: 'ITU-T G.107 (06/2015) clause 7, codec values of G.113 appendix I',
  meaning:
    'How well calls can be understood as far as their loss and jitter decide: 93.2 is the best that narrow band gives, 80 satisfies, below 70 many are dissatisfied. Delay of the network itself is not in call records, so the true figure is lower on long ways.',
  formula:
    'R = Ro − Is − Id − Ie,eff + A with the default values of G.107, G.711 with concealment (Ie 0, Bpl 25.1), Ie,eff = Ie + (95 − Ie) · Ppl ÷ (Ppl + Bpl) of the mean loss, and a delay of 40 ms and twice the mean jitter',
  unit: 'R',
  better: 'higher',
  rater: 'reliability',
  measure: { kind: 'computed', of: rating, denominator: 'loss_calls' },
  minimum: 20,
  volume: 'calls that state loss',
  limits: [
    { level: 'good', value: 80, source: 'ITU-T G.109: satisfied from 80' },
    { level: 'poor', value: 70, source: 'ITU-T G.109: some users dissatisfied below 80, many below 70' },
  ],
  runbook: ['Look at `voice_loss` and `voice_jitter` of the same cut: they say which of both it is.', 'As for MOS.'],
};
