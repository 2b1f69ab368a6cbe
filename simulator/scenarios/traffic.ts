/** Scenarios about traffic: a partner that loses calls, a surge, and the innocent quiet of a holiday. */
import type { UsageEvent } from '../event.ts';
import type { Scenario, Truth } from '../scenario.ts';
import { type Plan, tally } from './tally.ts';

const within = (event: UsageEvent, plan: Plan): boolean => event.start >= plan.from && event.start < plan.to;

/** Thins or multiplies the events a scenario is about; every leg sees the same, so its truth counts events and not records. */
function changed(plan: Plan, summary: string, about: (event: UsageEvent) => boolean, factor: number): Scenario {
  const count = tally(plan);
  const whole = Math.floor(factor);
  const rest = (factor - whole) * 4294967296;
  return {
    name: plan.scenario,
    summary,
    inject: {
      traffic(event) {
        return within(event, plan) && about(event) ? whole + (event.lot < rest ? 1 : 0) : 1;
      },
      changed(event, times) {
        for (let i = 0; i < Math.abs(times - 1); i++) count.record(event.charge);
      },
    },
    truth: count.truth,
  };
}

const plan = (
  scenario: string,
  nature: Truth['nature'],
  control: string,
  scope: Record<string, string>,
  from: number,
  to: number,
): Plan => ({
  scenario,
  nature,
  control,
  scope,
  from,
  to,
});

/** A partner's traffic falls to a share of what is usual (usage volume). @param share that is left. */
export function partnerDrop(partner: string, from: number, to: number, share: number): Scenario {
  return changed(
    plan('partner-drop', 'fault', 'usage_volume', { partner }, from, to),
    `Traffic with ${partner} falls to ${Math.round(share * 100)} %.`,
    (event) => event.partner === partner,
    share,
  );
}

/** Messages arrive at a multiple of the usual rate, as from a campaign or a loop (usage volume). @param factor more than 1. */
export function messageSurge(partner: string, from: number, to: number, factor: number): Scenario {
  return changed(
    plan('message-surge', 'fault', 'usage_volume', { partner, service: 'sms' }, from, to),
    `Messages with ${partner} rise to ${factor} times the usual.`,
    (event) => event.service === 'sms' && event.partner === partner,
    factor,
  );
}

/** Innocent: people do less, everywhere and of everything, as on a holiday. @param share that is left. */
export function quietDay(from: number, to: number, share: number): Scenario {
  return changed(
    plan('quiet-day', 'innocent', '', {}, from, to),
    `A quiet day: ${Math.round(share * 100)} % of the usual.`,
    () => true,
    share,
  );
}
