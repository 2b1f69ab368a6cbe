/**
 * How long incidents take: MTTD, MTTA and MTTR by severity, time in each state, and the share that the first line solved. Pure.
 *
 * MTTD: from the first affected moment to the detection. MTTA: from opening to the first acknowledgement, or the beginning of work. MTTR: from opening to
 * the resolution that lasted. Means of skewed times say little: median and 90th percentile.
 */

/** One transition of an incident. */
export interface HistoryStep {
  readonly sequence: number;
  readonly transition: string;
  readonly state: string;
  /** ms since 1970 UTC. */
  readonly at: number;
  /** Line of support that has it: 1 first, 2 second, 3 experts. */
  readonly line: number;
}

export interface IncidentHistory {
  readonly incident_id: string;
  readonly severity: number;
  readonly beganAt: number;
  readonly detectedAt: number;
  /** In order, at least the opening. */
  readonly steps: readonly HistoryStep[];
}

/** Seconds; null = of none. */
export interface Spread {
  readonly count: number;
  readonly median: number | null;
  readonly p90: number | null;
}

export interface SeverityStats {
  /** 1 to 5; 0 = all. */
  readonly severity: number;
  readonly incidents: number;
  readonly detect: Spread;
  readonly acknowledge: Spread;
  readonly resolve: Spread;
  /** By state, `held` apart: seconds that one incident spent in it, of those that were in it. */
  readonly states: Readonly<Record<string, Spread>>;
  readonly reopened: number;
  readonly escalated: number;
  readonly resolved: number;
  /** Share of the resolved that never left the first line; null = none was resolved. */
  readonly first_line_share: number | null;
}

const taken: ReadonlySet<string> = new Set(['acknowledged', 'in_progress', 'held']);

/**
 * Seconds that an incident spent in each state; `held` is work that waits. The last state counts until `now`, closed does not count.
 * @example timeInStates([{ sequence: 1, transition: 'opened', state: 'open', at: 0, line: 1 }], 5_000) // { open: 5 }
 */
export function timeInStates(steps: readonly HistoryStep[], now: number): Readonly<Record<string, number>> {
  const seconds: Record<string, number> = {};
  let label = '';
  for (const [index, { transition, state, at }] of steps.entries()) {
    if (transition === 'held') label = 'held';
    // A note or a new assignee does not end a hold.
    else if (!(label === 'held' && state === 'in_progress' && transition !== 'in_progress')) label = state;
    if (label === 'closed') continue;
    const until = steps[index + 1]?.at ?? now;
    seconds[label] = (seconds[label] ?? 0) + Math.max(0, until - at) / 1000;
  }
  return seconds;
}

/** Figures of all incidents first, then of each severity that there is. @param now until when what is not over counts, ms */
export function statsOf(histories: readonly IncidentHistory[], now: number): SeverityStats[] {
  const severities = [...new Set(histories.map(({ severity }) => severity))].sort((a, b) => a - b);
  return [
    of(0, histories, now),
    ...severities.map((each) =>
      of(
        each,
        histories.filter(({ severity }) => severity === each),
        now,
      ),
    ),
  ];
}

function of(severity: number, histories: readonly IncidentHistory[], now: number): SeverityStats {
  const detect: number[] = [];
  const acknowledge: number[] = [];
  const resolve: number[] = [];
  const states = new Map<string, number[]>();
  let [reopened, escalated, resolved, first] = [0, 0, 0, 0];
  for (const { beganAt, detectedAt, steps } of histories) {
    const openedAt = steps[0]!.at;
    detect.push(Math.max(0, detectedAt - beganAt) / 1000);
    const acknowledged = steps.find(({ transition }) => taken.has(transition));
    if (acknowledged) acknowledge.push(Math.max(0, acknowledged.at - openedAt) / 1000);
    const end = resolvedAt(steps);
    if (end !== undefined) {
      resolve.push(Math.max(0, end - openedAt) / 1000);
      resolved++;
      if (steps.every(({ line }) => line <= 1)) first++;
    }
    if (steps.some(({ transition }) => transition === 'reopened')) reopened++;
    if (steps.some(({ transition }) => transition === 'escalated')) escalated++;
    for (const [state, seconds] of Object.entries(timeInStates(steps, now))) states.set(state, [...(states.get(state) ?? []), seconds]);
  }
  return {
    severity,
    incidents: histories.length,
    detect: spreadOf(detect),
    acknowledge: spreadOf(acknowledge),
    resolve: spreadOf(resolve),
    states: Object.fromEntries([...states].map(([state, seconds]) => [state, spreadOf(seconds)])),
    reopened,
    escalated,
    resolved,
    first_line_share: resolved === 0 ? null : first / resolved,
  };
}

/** When it was resolved for good; undefined while it is not. What became part of another incident was not resolved. */
function resolvedAt(steps: readonly HistoryStep[]): number | undefined {
  let at: number | undefined;
  for (const step of steps) {
    if (step.transition === 'merged') return undefined;
    if (step.state === 'resolved' || step.state === 'closed') at ??= step.at;
    else at = undefined;
  }
  return at;
}

/**
 * Median and 90th percentile, the nearest rank.
 * @example spreadOf([1, 2, 3, 4, 100]) // { count: 5, median: 3, p90: 100 }
 */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const rank = (share: number): number | null => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
  return { count: sorted.length, median: rank(0.5), p90: rank(0.9) };
}
