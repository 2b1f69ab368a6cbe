/** Life-cycle events: new customers from order to first use, and those who leave. */
import { day, hour, isoText, minute, offsetText } from './instant.ts';
import { homeNumber } from './numbers.ts';
import { planShares, plans } from './plans.ts';
import { draws, exponential, integer, keyOf, uniform, weighted } from './random.ts';
import type { World } from './world.ts';

export interface LifecycleStep {
  readonly step: string;
  readonly at: number;
  readonly order: string;
  readonly result: 'ok' | 'failed';
  readonly error: string;
  readonly actor: string;
  readonly system: string;
  readonly plan: string;
  readonly segment: string;
  readonly durationSeconds: number;
  /** Of the new customer, behind those of the world. */
  readonly index: number;
  readonly number: string;
}

/** Orders of a day for each thousand subscribers. */
const ordersPerThousand = 6;
/** An order reaches its last step within this. */
const span = 2 * day;

/** Steps that happen in [from, to), in order of time. */
export function lifecycleSteps(world: World, from: number, to: number): LifecycleStep[] {
  const found: LifecycleStep[] = [];
  const perDay = Math.max(1, Math.round((world.subscribers * ordersPerThousand) / 1000));
  for (let dayNumber = Math.floor((from - span) / day); dayNumber * day < to; dayNumber++) {
    for (let order = 0; order < perDay; order++) {
      for (const step of orderSteps(world, dayNumber, order, perDay)) if (step.at >= from && step.at < to) found.push(step);
    }
  }
  return found.sort((a, b) => a.at - b.at || (a.order < b.order ? -1 : 1));
}

const chain = [
  { step: 'ordered', system: 'crm', actor: 'shop', mean: 0 },
  { step: 'paid', system: 'crm', actor: 'customer', mean: 6 * minute },
  { step: 'activated', system: 'provisioning', actor: 'system', mean: 4 * minute },
  { step: 'provisioned', system: 'hlr', actor: 'system', mean: 2 * minute },
  { step: 'first_usage', system: 'billing', actor: 'customer', mean: 3 * hour },
] as const;

/** Where billing reports too. */
const toCash = [...chain, { step: 'first_charge', system: 'billing', actor: 'system', mean: 2 * hour }] as const;

function orderSteps(world: World, dayNumber: number, order: number, perDay: number): LifecycleStep[] {
  const from = draws(keyOf(world.seed, 0x4c4643, dayNumber, order));
  const plan = plans[weighted(from, planShares)]!;
  const index = world.subscribers + ((dayNumber * perDay + order) % Math.max(4000, 200 * perDay));
  const number = homeNumber(index);
  const id = `O${dayNumber}-${order}`;
  const fails = uniform(from) < 0.03 ? 2 + integer(from, 2) : -1;
  const found: LifecycleStep[] = [];
  let at = dayNumber * day - world.offsetMinutes * minute + 8 * hour + integer(from, 12 * hour);
  for (const [place, { step, system, actor, mean }] of (world.backOffice ? toCash : chain).entries()) {
    const waited = Math.round(Math.min(day / 4, mean * exponential(from)));
    at += waited;
    const failed = place === fails;
    found.push({
      step,
      at,
      order: id,
      result: failed ? 'failed' : 'ok',
      error: failed ? 'HLR_TIMEOUT' : '',
      actor,
      system,
      plan: plan.name,
      segment: plan.segment,
      durationSeconds: waited / 1000,
      index,
      number,
    });
    if (failed) break;
  }
  return found;
}

/** One step as a line of JSON with the column names of the kind `lifecycle`. */
export function lifecycleLine(step: LifecycleStep, world: World): string {
  return JSON.stringify({
    step: step.step,
    event_time: isoText(step.at, world.offsetMinutes, offsetText(world.offsetMinutes)),
    order_id: step.order,
    result: step.result,
    error: step.error,
    actor: step.actor,
    system: step.system,
    plan: step.plan,
    segment: step.segment,
    duration_seconds: step.durationSeconds,
    subscription_number: `+${step.number}`,
  });
}
