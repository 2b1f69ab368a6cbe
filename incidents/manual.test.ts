import { describe, expect, it } from 'vitest';
import { reachOf, withComplaints } from './complaints.ts';
import { manualIncident, reported } from './manual.ts';
import { defaultIncidentSettings as settings } from './settings.ts';
import { incidentOf, minute, testEpoch } from './testing/finding.ts';

const at = (minutes: number): number => testEpoch + minutes * 60_000;
const complaints = (count: number, first: number) => ({ count, customers: count, first_at: minute(first), last_at: minute(first + 1) });

describe('an incident that a person opens', () => {
  it('says who saw it first, and began when they say, never in the future', () => {
    const entry = {
      title: 'No calls',
      summary: '',
      category: 'service',
      severity: 2 as const,
      scope: { service: 'voice' },
      customers: 9,
      seenBy: 'customer' as const,
    };
    const context = { tenant: 'demo', actor: 'ana', now: at(10), identity: 'ab'.repeat(12) };
    expect(manualIncident({ ...entry, reportedAt: at(5), beganAt: at(-5) }, settings, context)).toMatchObject({
      ...{
        incident_id: `inc_${'ab'.repeat(12)}`,
        sequence: 1,
        state: 'open',
        severity: 2,
        summary: 'No calls',
        team: 'service-operations',
      },
      ...{
        first_seen_by: 'customer',
        reported_at: minute(5),
        began_at: minute(-5),
        detected_at: minute(10),
        impact: { customers: { count: 9 } },
      },
    });
    expect(manualIncident({ ...entry, reportedAt: at(99), beganAt: at(99) }, settings, context)).toMatchObject({
      reported_at: minute(10),
      began_at: minute(10),
    });
  });
});

describe('a report', () => {
  it('counts when it is the earliest, and makes a customer the first when it was before the detection', () => {
    const late = reported(incidentOf(), 'customer', at(5), 'ana', at(20));
    expect(late).toMatchObject({ incident: { first_seen_by: 'weir', reported_at: minute(5) } });
    const incident = late.outcome === 'changed' ? late.incident : incidentOf();
    expect(reported(incident, 'partner', at(6), 'ana', at(20)).outcome).toBe('unchanged');
    expect(reported(incident, 'partner', at(-6), 'ana', at(20))).toMatchObject({
      incident: { first_seen_by: 'partner', reported_at: minute(-6) },
    });
    expect(reported(incident, 'customer', at(30), 'ana', at(20)).outcome).toBe('refused');
  });
});

describe('complaints', () => {
  it('are told when the first comes and when they have doubled', () => {
    const one = withComplaints(incidentOf(), complaints(1, 5), at(6));
    expect(one).toMatchObject({ transition: 'updated', complaints: { count: 1 }, first_seen_by: 'weir', reported_at: minute(5) });
    expect(withComplaints(one!, complaints(1, 5), at(7))).toBeUndefined();
    expect(withComplaints(one!, complaints(2, 5), at(7))).toMatchObject({ complaints: { count: 2 } });
    expect(withComplaints(incidentOf(), complaints(0, 5), at(6))).toBeUndefined();
  });

  it('before the detection say that a customer saw it first, also when they come in late', () => {
    const one = withComplaints(incidentOf(), complaints(4, 5), at(6));
    const late = withComplaints(one!, complaints(5, -10), at(7));
    expect(late).toMatchObject({ first_seen_by: 'customer', reported_at: minute(-10), complaints: { count: 5 } });
    expect(withComplaints(late!, complaints(6, -10), at(8))).toBeUndefined();
  });
});

describe('whom an incident concerns', () => {
  it('is its scope, narrowed by what explains most of it', () => {
    const wide = { scope: { service: 'voice' }, explanation: [{ dimensions: { partner: 'acme' }, share: 0.8, remaining: 0.2 }] };
    expect(reachOf(incidentOf(wide), at(30))).toEqual({ labels: { service: 'voice', partner: 'acme' }, from: at(-90), to: at(30) });
    const vague = { scope: { service: 'voice' }, explanation: [{ dimensions: { partner: 'acme' }, share: 0.4, remaining: 0.6 }] };
    expect(reachOf({ ...incidentOf(vague), resolved_at: minute(10) }, at(30))).toMatchObject({ labels: { service: 'voice' }, to: at(10) });
  });
});
