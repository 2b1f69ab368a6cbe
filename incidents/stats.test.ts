import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type HistoryStep, type IncidentHistory, spreadOf, statsOf, timeInStates } from './stats.ts';

const step = (sequence: number, transition: string, state: string, seconds: number, line = 1): HistoryStep => ({
  sequence,
  transition,
  state,
  at: seconds * 1000,
  line,
});
const history = (severity: number, ...steps: HistoryStep[]): IncidentHistory => ({
  incident_id: 'i',
  severity,
  beganAt: -60_000,
  detectedAt: 0,
  steps,
});

const worked = history(
  2,
  step(1, 'opened', 'open', 0),
  step(2, 'acknowledged', 'acknowledged', 10),
  step(3, 'held', 'in_progress', 30),
  step(4, 'commented', 'in_progress', 35),
  step(5, 'in_progress', 'in_progress', 50),
  step(6, 'resolved', 'resolved', 100),
  step(7, 'reopened', 'open', 110),
  step(8, 'resolved', 'resolved', 150),
  step(9, 'closed', 'closed', 160),
);

describe('figures of incidents', () => {
  it('knows how long each state lasted, holds apart', () => {
    expect(timeInStates([step(1, 'opened', 'open', 0)], 5_000)).toEqual({ open: 5 });
    expect(timeInStates(worked.steps, 999_000)).toEqual({ open: 50, acknowledged: 20, held: 20, in_progress: 50, resolved: 20 });
  });

  it('gives MTTD, MTTA and MTTR by severity, and what the first line solved', () => {
    const passedOn = history(3, step(1, 'opened', 'open', 0), step(2, 'escalated', 'open', 5, 2), step(3, 'resolved', 'resolved', 20, 2));
    const merged = history(3, step(1, 'opened', 'open', 0), step(2, 'merged', 'closed', 9));
    const [all, two, three] = statsOf([worked, passedOn, merged], 200_000);
    expect(all).toMatchObject({ severity: 0, incidents: 3, resolved: 2, first_line_share: 0.5, escalated: 1, reopened: 1 });
    expect(two).toMatchObject({ severity: 2, detect: { median: 60 }, acknowledge: { median: 10 }, resolve: { median: 150, count: 1 } });
    expect(three).toMatchObject({ severity: 3, acknowledge: { count: 0, median: null }, resolve: { median: 20, count: 1 } });
  });

  it('has percentiles by nearest rank, whatever the order', () => {
    expect(spreadOf([1, 2, 3, 4, 100])).toEqual({ count: 5, median: 3, p90: 100 });
    fc.assert(
      fc.property(fc.array(fc.nat(1000), { minLength: 1 }), (values) => {
        const { median, p90 } = spreadOf(values);
        expect(spreadOf([...values].reverse())).toEqual(spreadOf(values));
        expect(values).toContain(median);
        expect(p90!).toBeGreaterThanOrEqual(median!);
        expect(values.filter((value) => value <= p90!).length).toBeGreaterThanOrEqual(0.9 * values.length);
      }),
    );
  });
});
