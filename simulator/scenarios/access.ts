/** Scenarios about the access network. */
import type { Scenario } from '../scenario.ts';
import { tally } from './tally.ts';

/** Every ONT behind one PON is gone, as after a cut fibre. */
export function ponOutage(pon: string, from: number, to: number): Scenario {
  const count = tally({ scenario: 'pon-outage', nature: 'fault', control: 'pon_outage', scope: { pon }, from, to });
  return {
    name: 'pon-outage',
    summary: `The fibre of ${pon} is cut: no ONT behind it answers.`,
    inject: {
      reading(reading) {
        if (reading.at < from || reading.at >= to) return reading;
        const behind = reading.device.startsWith(`${pon}/`);
        if (!behind && reading.device !== pon) return reading;
        count.record(0);
        return behind || reading.metric !== 'onts_online' ? undefined : { ...reading, value: 0 };
      },
    },
    truth: count.truth,
  };
}
