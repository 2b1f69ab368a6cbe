/** What scenarios did up to an instant: the simulator goes through the time once more, by itself, so that it does not matter who watched when. */
import { type ServicePlan, startRun, type Truth, type World } from '../../simulator/index.ts';

const hour = 3_600_000;

/**
 * Truths of everything that began before an instant, counted up to it.
 * @param plan of its own: its scenarios count
 */
export function truthsTo(world: World, plan: ServicePlan, from: number, to: number): readonly Truth[] {
  const run = startRun(world, { from, scenarios: plan.scenarios, feeds: (feed) => feed === 'msc-1' || feed === 'olt-telemetry' });
  for (const _ of run.until(to, hour)) {
    // Only what the scenarios count is wanted.
  }
  return plan.scenarios.map(({ truth }) => truth()).filter((truth) => truth.from < to);
}
