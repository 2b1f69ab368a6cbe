/** Every KPI that ships, by group. */
import { abr } from './abr.ts';
import { acd } from './acd.ts';
import { asr } from './asr.ts';
import { bearerSuccess } from './bearer-success.ts';
import { cpeOnline } from './cpe-online.ts';
import { cssr } from './cssr.ts';
import { dnsLatency } from './dns-latency.ts';
import { dnsSuccess } from './dns-success.ts';
import { dropRate } from './drop-rate.ts';
import { firstTimeRight } from './first-time-right.ts';
import { flapping } from './flapping.ts';
import { isa } from './isa.ts';
import { jitter } from './jitter.ts';
import type { KpiDefinition } from './kpi.ts';
import { latency } from './latency.ts';
import { loss } from './loss.ts';
import { mos } from './mos.ts';
import { mosLow } from './mos-low.ts';
import { ner } from './ner.ts';
import { ontOnline } from './ont-online.ts';
import { opticalPower } from './optical-power.ts';
import { opticalWeak } from './optical-weak.ts';
import { orderFallout } from './order-fallout.ts';
import { orderToActivate } from './order-to-activate.ts';
import { orderToActivateP90 } from './order-to-activate-p90.ts';
import { packetErrors } from './packet-errors.ts';
import { pdd } from './pdd.ts';
import { pddP95 } from './pdd-p95.ts';
import { pduSessionSuccess } from './pdu-session-success.ts';
import { ponOutage } from './pon-outage.ts';
import { rFactor } from './r-factor.ts';
import { reboots } from './reboots.ts';
import { recordCompleteness } from './record-completeness.ts';
import { recordDelay } from './record-delay.ts';
import { recordDuplicates } from './record-duplicates.ts';
import { recordRejects } from './record-rejects.ts';
import { recordTimeliness } from './record-timeliness.ts';
import { registrationSuccess } from './registration-success.ts';
import { repeatIncidents } from './repeat-incidents.ts';
import { retainability } from './retainability.ts';
import { roamingCallSuccess } from './roaming-call-success.ts';
import { roamingRegistration } from './roaming-registration.ts';
import { roamingSessionSuccess } from './roaming-session-success.ts';
import { seer } from './seer.ts';
import { ser } from './ser.ts';
import { smsDelivery } from './sms-delivery.ts';
import { smsDlr } from './sms-dlr.ts';
import { smsLatency } from './sms-latency.ts';
import { smsLatencyP95 } from './sms-latency-p95.ts';
import { snr } from './snr.ts';
import { throughputDown } from './throughput-down.ts';
import { throughputMeasured } from './throughput-measured.ts';
import { throughputUp } from './throughput-up.ts';
import { utilisation } from './utilisation.ts';
import { voiceJitter } from './voice-jitter.ts';
import { voiceLoss } from './voice-loss.ts';

export { type Rater, raters } from '../../../core/rater.ts';
export { kpiDimensions } from './dimensions.ts';
export * from './kpi.ts';
export { everyLeg } from './legs.ts';

export const kpis: readonly KpiDefinition[] = [
  asr,
  ner,
  abr,
  cssr,
  acd,
  dropRate,
  pdd,
  pddP95,
  seer,
  ser,
  isa,
  mos,
  mosLow,
  rFactor,
  voiceLoss,
  voiceJitter,
  smsDelivery,
  smsDlr,
  smsLatency,
  smsLatencyP95,
  registrationSuccess,
  pduSessionSuccess,
  bearerSuccess,
  retainability,
  throughputDown,
  throughputUp,
  throughputMeasured,
  latency,
  jitter,
  loss,
  dnsSuccess,
  dnsLatency,
  roamingRegistration,
  roamingSessionSuccess,
  roamingCallSuccess,
  ontOnline,
  cpeOnline,
  ponOutage,
  opticalPower,
  opticalWeak,
  flapping,
  reboots,
  snr,
  packetErrors,
  utilisation,
  recordTimeliness,
  recordDelay,
  recordRejects,
  recordDuplicates,
  recordCompleteness,
  orderToActivate,
  orderToActivateP90,
  firstTimeRight,
  orderFallout,
  repeatIncidents,
];

const byName = new Map(kpis.map((kpi) => [kpi.name, kpi]));

/**
 * The KPI of that name.
 * @example kpiNamed('asr')?.unit // 'ratio'
 */
export function kpiNamed(name: string): KpiDefinition | undefined {
  return byName.get(name);
}
